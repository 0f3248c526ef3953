// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesClient
import ForgeModel
import Synchronization

/// What is known of the objects of one kind in one namespace; one `Reflector` feeds it, and everyone reads it.
final class ResourceCache: Sendable {
    /// The kind.
    let resource: APIResource
    /// The namespace; nil for kinds that are in none.
    let namespace: String?
    private let state = Mutex(CacheState())
    private let onChange: @Sendable (Set<AppName>) -> Void

    /// - Parameter onChange: called with the apps that a change matters to, maybe none, after every change and every loss.
    init(_ resource: APIResource, namespace: String?, onChange: @escaping @Sendable (Set<AppName>) -> Void) {
        self.resource = resource
        self.namespace = namespace
        self.onChange = onChange
    }

    /// How much can be said.
    var sync: CacheState.Sync { state.withLock { $0.sync } }
    /// All objects, in no order.
    var objects: [CachedObject] { state.withLock { Array($0.objects.values) } }
    /// An app's objects, in no order.
    func objects(of app: AppName) -> [CachedObject] { state.withLock { $0.objects(of: app) } }
    /// Every app that has objects here.
    var apps: [AppName] { state.withLock { $0.apps } }
    /// One object.
    func object(named name: String) -> CachedObject? { state.withLock { $0.objects[key(name)] } }

    /// Why nothing can be said of this kind, as one line; nil when it can.
    var unknown: String? {
        let place = namespace.map { " in \($0)" } ?? ""
        switch sync {
        case .synced: return nil
        case .unsynced: return "\(resource.plural)\(place) have not been listed yet"
        case .forbidden(let reason): return "\(resource.plural)\(place) may not be read: \(reason)"
        case .failed(let reason): return "\(resource.plural)\(place) cannot be seen: \(reason)"
        }
    }

    // MARK: Feeding

    /// Begins to read a list.
    func beginList() { state.withLock { $0.beginList() } }
    /// Ends the list: what it did not tell is gone.
    func endList() { onChange(state.withLock { $0.endList() }) }
    /// Notes that nothing is known any more.
    func lose(_ reason: CacheState.Sync) {
        state.withLock { $0.lose(reason) }
        onChange([])
    }

    /// Takes in what the list or the watch tells.
    func note(changed object: JSONValue) {
        guard let object = kept(of: object) else { return }
        tell(state.withLock { $0.note(changed: object) })
    }

    /// Takes out what the watch tells gone.
    func note(gone object: JSONValue) {
        guard let object = kept(of: object) else { return }
        tell(state.withLock { $0.note(gone: object) })
    }

    // MARK: Our own writes

    /// Sends a write of one object and takes in its response.
    /// - Returns: what is kept of the response.
    @discardableResult
    func write(_ name: String, _ send: () async throws -> JSONValue) async throws -> CachedObject? {
        state.withLock { $0.beginWrite(key(name)) }
        do {
            let object = kept(of: try await send())
            tell(state.withLock { $0.endWrite(key(name), object) })
            return object
        } catch {
            tell(state.withLock { $0.endWrite(key(name), nil) })
            throw error
        }
    }

    /// Notes that the server has taken our delete of an object.
    func noteDelete(of object: CachedObject) {
        tell(state.withLock { $0.endDelete(object.key, uid: object.uid) })
    }

    /// What is kept of an object; nil when it is no object at all.
    func kept(of object: JSONValue) -> CachedObject? {
        let previous = object["metadata", "name"]?.string.flatMap { self.object(named: $0) }
        return CachedObject(object, after: previous, at: .now)
    }

    private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    private func tell(_ apps: Set<AppName>) {
        if !apps.isEmpty { onChange(apps) }
    }
}
