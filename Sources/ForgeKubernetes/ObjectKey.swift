// SPDX-License-Identifier: Apache-2.0

/// Where an object is among those of its kind.
struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// The namespace; nil for kinds that are in none.
    let namespace: String?
    /// The name.
    let name: String

    /// As messages name it, behind the kind: `shop-web in forge-apps`.
    var description: String { namespace.map { "\(name) in \($0)" } ?? name }
}
