// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

extension KubernetesClient {
    /// The groups of Kubernetes' own that a platform writes to; asking for all of a cluster's groups takes a request each.
    package static let usualGroups: Set<String> = [
        "", "apps", "authorization.k8s.io", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io",
        "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io",
    ]

    /// Asks the server for its release and for the kinds that it serves in some groups.
    package func discover(groups: Set<String> = usualGroups) async throws -> Discovery {
        let version = try await version()
        let served = try await groupVersions().filter { groups.contains($0.group) }
        let resources = try await withThrowingTaskGroup(of: [APIResource].self) { tasks in
            for groupVersion in served {
                tasks.addTask { try await self.resources(of: groupVersion) }
            }
            return try await tasks.reduce(into: Set<APIResource>()) { $0.formUnion($1) }
        }
        return Discovery(server: version, resources: resources)
    }

    /// A group in one of its versions.
    private struct GroupVersion {
        let group: String
        let version: String

        var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
    }

    /// Both numbers are text, and providers write `20+`.
    private func version() async throws -> KubernetesVersion {
        let call = KubernetesCall(path: "/version", purpose: "ask for the server's version")
        let document = try await object(call)
        let numbers = ["major", "minor"].map {
            document[$0]?.string.flatMap { Int($0.prefix(while: \.isNumber)) }
        }
        guard let major = numbers[0], let minor = numbers[1] else { throw unintelligible(call, "it names no version") }
        return KubernetesVersion(major: major, minor: minor)
    }

    private func groupVersions() async throws -> [GroupVersion] {
        let call = KubernetesCall(path: "/apis", purpose: "ask for the groups of the API")
        let document = try await object(call)
        guard let groups = document["groups"]?.array else { throw unintelligible(call, "it names no groups") }
        return [GroupVersion(group: "", version: "v1")]
            + groups.flatMap { group in
                (group["versions"]?.array ?? []).compactMap { version in
                    guard let name = group["name"]?.string, let version = version["version"]?.string else {
                        return nil
                    }
                    return GroupVersion(group: name, version: version)
                }
            }
    }

    private func resources(of groupVersion: GroupVersion) async throws -> [APIResource] {
        let call = KubernetesCall(path: groupVersion.path, purpose: "ask for the kinds of \(groupVersion.path)")
        let document = try await object(call)
        guard let list = document["resources"]?.array else { throw unintelligible(call, "it names no kinds") }
        return list.compactMap { item in
            // A name with a slash is a part of another kind's objects: deployments/scale.
            guard let name = item["name"]?.string, !name.contains("/"), let kind = item["kind"]?.string
            else { return nil }
            return APIResource(
                group: groupVersion.group,
                version: groupVersion.version,
                kind: kind,
                plural: name,
                isNamespaced: item["namespaced"]?.bool ?? false
            )
        }
    }

    /// An answer that is JSON and not what was asked for.
    func unintelligible(_ call: KubernetesCall, _ reason: String) -> KubernetesError {
        KubernetesError(
            .unintelligible,
            "cannot \(call.purpose): \(reason); check the server's URL (context \(access.context))"
        )
    }
}
