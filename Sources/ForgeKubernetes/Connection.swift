// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel

/// A cluster that has been discovered: what it serves, and a cache for each kind and namespace that is watched.
struct Connection: Sendable {
    /// From this release on, servers stream the first list by default (KEP-3157, beta in 1.32).
    private static let streams = KubernetesVersion(major: 1, minor: 32)

    let discovery: Discovery
    let versions: KubernetesVersions
    let caches: [ResourceCache]
    /// Kinds that are needed and that this cluster does not serve.
    let missing: [WatchedKind]

    /// - Parameter onChange: called with the apps that a change matters to.
    init(
        _ discovery: Discovery,
        kinds: [WatchedKind],
        naming: KubernetesNaming,
        onChange: @escaping @Sendable (Set<AppName>) -> Void
    ) {
        self.discovery = discovery
        versions = KubernetesVersions(
            groupVersions: Set(discovery.resources.map(\.apiVersion)),
            minor: discovery.server.minor
        )
        missing = kinds.filter { $0.resource(in: discovery) == nil }
        caches = kinds.flatMap { kind -> [ResourceCache] in
            guard let resource = kind.resource(in: discovery) else { return [] }
            return kind.namespaces(naming).map { ResourceCache(resource, namespace: $0, onChange: onChange) }
        }
    }

    /// What keeps the caches at what the cluster has, one for each.
    func reflectors(_ source: any ObjectSource, _ naming: KubernetesNaming) -> [Reflector] {
        caches.map { cache in
            Reflector(
                cache: cache,
                source: source,
                labels: naming.selector,
                isStreamed: discovery.server >= Self.streams
            )
        }
    }

    /// The cache of a kind in a namespace; nil when it is not watched there.
    func cache(_ kind: WatchedKind, _ namespace: String?) -> ResourceCache? {
        caches.first { $0.resource.kind == kind.rawValue && $0.namespace == namespace }
    }

    /// Every cache of a kind.
    func caches(_ kind: WatchedKind) -> [ResourceCache] { caches.filter { $0.resource.kind == kind.rawValue } }

    /// The kind in which an object is written; throws when the cluster does not serve it.
    func resource(of object: KubernetesObject) throws -> APIResource {
        let found = discovery.resources.first { $0.kind == object.kind && $0.apiVersion == object.apiVersion }
        guard let found else {
            throw ClusterError(.invalid, "the cluster does not serve \(object.kind) in \(object.apiVersion)")
        }
        return found
    }

    /// Throws when not all of some kinds can be seen: unknown is never empty.
    func require(_ kinds: [WatchedKind]) throws {
        let unserved = missing.filter(kinds.contains).map { "the cluster serves no \($0.rawValue) that is known here" }
        let unseen = caches.filter { cache in kinds.contains { $0.rawValue == cache.resource.kind } }
            .compactMap(\.unknown)
        guard let first = (unserved + unseen).first else { return }
        let others = unserved.count + unseen.count - 1
        throw ClusterError(.unreachable, others == 0 ? first : "\(first) (and \(others) more kinds)")
    }
}
