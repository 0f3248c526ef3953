// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What one process of the platform does on a cluster (specs/kubernetes.md §12).
enum Role: String, CaseIterable, Sendable {
    /// Takes wishes and shows how apps are; reads the cluster only.
    case api
    /// Works on apps until each is as it is wanted.
    case reconciler
    /// Runs nginx, and feeds it from the cluster.
    case router

    /// The roles of a list with commas.
    static func list(_ text: String) throws -> Set<Role> {
        Set(
            try text.split(separator: ",").map { name in
                guard let role = Role(rawValue: String(name)) else {
                    let all = allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--roles: there is no role '\(name)'; the roles are \(all)")
                }
                return role
            }
        )
    }
}
