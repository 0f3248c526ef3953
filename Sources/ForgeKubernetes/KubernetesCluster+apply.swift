// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeJSON
import ForgeKubernetesClient
import ForgeKubernetesObjects
import ForgeModel
import Logging

extension KubernetesCluster {
    /// How often a write is tried again because somebody else wrote the object meanwhile, and left our fields alone.
    private static let patience = 10

    /// Makes an object as it should be; sends nothing when it is.
    ///
    /// Every write is bound to the uid and version that it was decided for. When somebody else has written meanwhile, it is
    /// sent again only if our fields are still what they were: else what was decided no longer holds, and the engine has
    /// to look again.
    /// - Parameter app: whose object it is; nil for what all share.
    func ensure(_ object: KubernetesObject, of app: AppName?) async throws {
        let connection = try connection()
        let place = Place(
            object,
            try connection.resource(of: object),
            WatchedKind(object.kind).flatMap { connection.cache($0, object.namespace) }
        )
        var decided: CachedObject?
        for _ in 0..<Self.patience {
            guard let live = try await live(place, isFresh: decided != nil) else {
                return try await create(object, at: place)
            }
            try requireOurs(live, place, app)
            if isAsWanted(live, object) { return }
            guard decided == nil || decided?.content.owned == live.content.owned else { break }
            decided = live
            do {
                return try await apply(object, to: live, at: place)
            } catch let error as KubernetesError where error.code == .conflict {
                continue
            } catch let error as KubernetesError where error.isImmutable {
                try await replace(object, live, at: place, error)
            } catch let error as KubernetesError {
                throw ClusterError(error)
            }
        }
        throw ClusterError(.conflict, "\(place) was changed by somebody else while it was written")
    }

    /// An object with what is needed to reach it.
    struct Place: CustomStringConvertible {
        let resource: APIResource
        let cache: ResourceCache?
        let namespace: String?
        let name: String

        init(_ object: KubernetesObject, _ resource: APIResource, _ cache: ResourceCache?) {
            self.resource = resource
            self.cache = cache
            namespace = object.namespace
            name = object.name
        }

        /// As messages name it: `Deployment/shop-web in forge-apps`.
        var description: String { "\(resource.kind)/\(ObjectKey(namespace: namespace, name: name))" }

        /// Sends a write and takes in its response, where the kind is watched.
        func write(_ send: () async throws -> JSONValue) async throws -> CachedObject? {
            guard let cache else { return CachedObject(try await send(), after: nil, at: .now) }
            return try await cache.write(name, send)
        }
    }

    // MARK: Looking

    /// The object as it is: from the cache where it is there, and else from the server, for what another platform or a
    /// person made is in no cache.
    /// - Parameter isFresh: whether the cache is known to be behind.
    private func live(_ place: Place, isFresh: Bool) async throws -> CachedObject? {
        if !isFresh, let cached = place.cache?.object(named: place.name) { return cached }
        return try await ClusterError.translating {
            let found = try await client.get(place.resource, namespace: place.namespace, name: place.name)
            return found.flatMap { place.cache?.kept(of: $0) ?? CachedObject($0, after: nil, at: .now) }
        }
    }

    private func isAsWanted(_ live: CachedObject, _ object: KubernetesObject) -> Bool {
        let wanted = object.fields
        return live.fields == wanted || acceptances.wanted(live) == wanted
    }

    /// Throws unless the object is this app's, or for a shared one this platform's, and stays.
    private func requireOurs(_ live: CachedObject, _ place: Place, _ app: AppName?) throws {
        let whose = app.map { "\($0)'s" } ?? "this platform's"
        guard live.content.instance == settings.naming.instance, live.app == app else {
            var labels = "\(KubernetesLabel.instance)=\(settings.naming.instance)"
            if let app { labels += " \(KubernetesLabel.app)=\(app)" }
            throw ClusterError(
                .refused,
                "\(place) exists and is not \(whose); remove it, or hand it over with the labels \(labels)"
            )
        }
        guard !live.isTerminating else {
            throw ClusterError(.conflict, "\(place) is being removed; it is made again when it is gone")
        }
    }

    // MARK: Writing

    /// Creates an object that is not there. Without force: where somebody else was quicker, the fields are theirs.
    private func create(_ object: KubernetesObject, at place: Place) async throws {
        try await ClusterError.translating {
            let live = try await place.write {
                try await client.apply(object.body, resource: place.resource, namespace: place.namespace, force: false)
            }
            accept(live, object, place)
        }
    }

    private func apply(_ object: KubernetesObject, to live: CachedObject, at place: Place) async throws {
        let body = object.body.bound(to: live)
        let applied = try await place.write {
            try await client.apply(body, resource: place.resource, namespace: place.namespace, force: true)
        }
        accept(applied, object, place)
    }

    /// Notes where the server made something else of an object than what was written.
    private func accept(_ live: CachedObject?, _ object: KubernetesObject, _ place: Place) {
        guard let live, !live.content.owned.isEmpty, live.fields != object.fields else { return }
        acceptances.accept(live.uid, wanted: object.fields, as: live.content.owned)
        logger.notice("the server made something else of an object", metadata: ["object": "\(place)"])
    }

    /// Deletes an object of which something changes that cannot, once it is sure that it can be created anew. It always
    /// throws: the next call creates it.
    private func replace(
        _ object: KubernetesObject,
        _ live: CachedObject,
        at place: Place,
        _ cause: KubernetesError
    ) async throws -> Never {
        try await ClusterError.translating {
            let probe = object.body.renamed("\(place.name.prefix(50))-probe-\(UInt32.random(in: 0 ... .max))")
            try await client.create(probe, resource: place.resource, namespace: place.namespace, dryRun: true)
        }
        try await delete(live, place.resource, place.cache)
        throw ClusterError(
            .conflict,
            "\(place) is made anew, for \(cause.fields.joined(separator: ", ")) cannot be changed"
        )
    }

    /// Deletes exactly the object that was seen, with what belongs to it; one that is gone is fine.
    func delete(_ live: CachedObject, _ resource: APIResource, _ cache: ResourceCache?) async throws {
        try await ClusterError.translating {
            try await client.delete(resource, namespace: live.key.namespace, name: live.key.name, uid: live.uid)
        }
        cache?.noteDelete(of: live)
    }
}

extension KubernetesError {
    /// What Kubernetes never changes of objects of our kinds; anything else that is not valid is a mistake, and deleting
    /// the old object for a mistake would leave nothing.
    private static let immutable = ["spec.selector", "spec.clusterIP", "spec.clusterIPs"]

    /// Whether the write would have changed what cannot be changed.
    fileprivate var isImmutable: Bool {
        code == .invalid && !fields.isEmpty
            && fields.allSatisfy { field in
                Self.immutable.contains { field == $0 || field.hasPrefix("\($0).") || field.hasPrefix("\($0)[") }
            }
    }
}

extension JSONValue {
    /// An object that is only written over the one that was seen.
    fileprivate func bound(to live: CachedObject) -> JSONValue {
        editingMetadata {
            $0["uid"] = .string(live.uid)
            $0["resourceVersion"] = .string(live.resourceVersion)
        }
    }

    /// An object under another name.
    fileprivate func renamed(_ name: String) -> JSONValue { editingMetadata { $0["name"] = .string(name) } }

    private func editingMetadata(_ edit: (inout [String: JSONValue]) -> Void) -> JSONValue {
        guard var fields = object else { return self }
        var metadata = fields["metadata"]?.object ?? [:]
        edit(&metadata)
        fields["metadata"] = .object(metadata)
        return .object(fields)
    }
}
