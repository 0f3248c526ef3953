// SPDX-License-Identifier: Apache-2.0

/// The release of an API server, as far as behaviour depends on it.
package struct KubernetesVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1.
    package let major: Int
    /// 20 in v1.20.2.
    package let minor: Int

    /// A release.
    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// `1.20`.
    package var description: String { "\(major).\(minor)" }

    /// Older releases come first.
    package static func < (left: KubernetesVersion, right: KubernetesVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
