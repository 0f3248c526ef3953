// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient
import ForgeKubernetesObjects
package import ForgeModel

/// Routes as Ingresses of the configured class; whoever serves that class routes.
///
/// Where that is the platform's own router, its feed sees the Ingress as soon as it is applied.
package struct KubernetesRouter: Router {
    private let cluster: KubernetesCluster

    /// Uses the caches of a cluster.
    package init(cluster: KubernetesCluster) { self.cluster = cluster }

    /// The hosts of the app's Ingresses.
    package func routes(_ app: AppName) async throws -> [Route] {
        try await translating {
            try ingresses().objects(of: app)
                .flatMap { $0.routes(ofClass: cluster.settings.naming.ingressClass) }
                .sorted { $0.host < $1.host }
        }
    }

    /// Applies the Ingress of a host, unless somebody else has the host.
    package func add(_ route: Route) async throws {
        try await translating {
            let ingresses = try ingresses()
            for object in cluster.spelling.objects(of: .route(route)) {
                if let present = ingresses.object(named: object.name), let owner = present.app, owner != route.app {
                    throw RouterError("the host \(route.host) belongs to the app \(owner); choose another one")
                }
                if ingresses.object(named: object.name) == nil { try await requireFree(route.host, ingresses) }
                try await cluster.ensure(object, of: route.app)
            }
        }
    }

    /// Deletes the Ingress of exactly this route.
    package func remove(_ route: Route) async throws {
        try await translating {
            let ingresses = try ingresses()
            let ingressClass = cluster.settings.naming.ingressClass
            for live in ingresses.objects(of: route.app) where live.routes(ofClass: ingressClass).contains(route) {
                try await cluster.delete(live, ingresses.resource, ingresses)
            }
        }
    }

    // MARK: Looking

    private func ingresses() throws -> ResourceCache {
        let connection = try cluster.connection()
        try connection.require([.ingress])
        guard let cache = connection.cache(.ingress, cluster.settings.naming.appsNamespace) else {
            throw RouterError("Ingresses are not watched")
        }
        return cache
    }

    /// Throws when an Ingress that is not in the cache has the host: another platform's, or one that somebody made by
    /// hand, in any namespace that may be read.
    private func requireFree(_ host: Host, _ ingresses: ResourceCache) async throws {
        do {
            try await requireFree(host, ingresses.resource, in: nil)
        } catch let error as KubernetesError where error.code == .forbidden {
            try await requireFree(host, ingresses.resource, in: ingresses.namespace)
        }
    }

    private func requireFree(_ host: Host, _ resource: APIResource, in namespace: String?) async throws {
        for try await event in cluster.client.list(resource, namespace: namespace) {
            guard case .item(let item) = event, let other = CachedObject(item, after: nil, at: .now),
                case .ingress(_, let hosts) = other.content.facts, hosts.contains(host.text)
            else { continue }
            let owner = other.app.map { ", the app \($0)'s" } ?? ""
            throw RouterError(
                "the host \(host) belongs to Ingress/\(other.key)\(owner); remove that or choose another host"
            )
        }
    }

    /// The port knows one kind of fault.
    private func translating<Value>(_ calls: () async throws -> Value) async throws -> Value {
        do {
            return try await calls()
        } catch let error as ClusterError {
            throw RouterError(error.message)
        } catch let error as KubernetesError {
            throw RouterError(error.message)
        }
    }
}
