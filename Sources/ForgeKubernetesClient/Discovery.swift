// SPDX-License-Identifier: Apache-2.0

/// What an API server serves: its release, and of the groups that were asked for every kind in every version.
package struct Discovery: Hashable, Sendable {
    /// The server's release.
    package let server: KubernetesVersion
    /// The kinds that are served.
    package let resources: Set<APIResource>

    /// Describes a server.
    package init(server: KubernetesVersion, resources: Set<APIResource>) {
        self.server = server
        self.resources = resources
    }

    /// The kind in the first of `versions` that the server knows.
    /// - Parameters:
    ///   - group: empty for the core group.
    ///   - versions: the ones that the caller can write, the preferred one first: `["v1", "v1beta1"]`.
    package func resource(group: String, kind: String, versions: [String]) -> APIResource? {
        versions.lazy.compactMap { version in
            resources.first { $0.group == group && $0.kind == kind && $0.version == version }
        }.first
    }
}
