// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What is known of the objects of one kind, as a value: what a list, a watch and our own writes say becomes one state.
///
/// A write's response is newer than what the watch has told so far. It goes in at once, and what the watch tells of that
/// object is skipped until it tells of the write itself; resourceVersions are only compared for equality, for nothing
/// says that they grow. A new list settles everything: where it is older than a write, the watch goes on from before it.
struct CacheState: Sendable {
    /// How much can be said.
    enum Sync: Hashable, Sendable {
        /// Nothing was listed yet.
        case unsynced
        /// What is here is what is there, but for the moment that an event takes to come.
        case synced
        /// The rights do not allow to read the kind; the server's sentence.
        case forbidden(String)
        /// It was lost; why.
        case failed(String)
    }

    /// Our writes of one object.
    private struct Writes {
        /// How many wait for their response.
        var open = 0
        /// The resourceVersions that the watch told meanwhile.
        var seen: Set<String> = []
        /// The write that the watch has not told yet.
        var awaited: String?

        var isIdle: Bool { open == 0 && awaited == nil }
    }

    private(set) var sync = Sync.unsynced
    private(set) var objects: [ObjectKey: CachedObject] = [:]
    private var byApp: [AppName: Set<ObjectKey>] = [:]
    private var writes: [ObjectKey: Writes] = [:]
    /// The uids of objects that we deleted and the watch has not told gone.
    private var deleted: [ObjectKey: String] = [:]
    /// What a list that is being read has told so far.
    private var listed: [ObjectKey: CachedObject]?

    /// Every app that has objects here, in no order.
    var apps: [AppName] { Array(byApp.keys) }

    /// An app's objects, in no order.
    func objects(of app: AppName) -> [CachedObject] {
        (byApp[app] ?? []).compactMap { objects[$0] }
    }

    // MARK: Lists and watches

    /// Begins to read a list; what is here stays until it has been read.
    mutating func beginList() { listed = [:] }

    /// Ends the list: what it did not tell is gone. Returns the apps whose objects differ from before.
    mutating func endList() -> Set<AppName> {
        guard let listed else { return [] }
        self.listed = nil
        sync = .synced
        for key in writes.keys {
            writes[key]?.awaited = nil
            if writes[key]?.isIdle == true { writes[key] = nil }
        }
        deleted = [:]
        var changed: Set<AppName> = []
        for key in objects.keys where listed[key] == nil { changed.formUnion(replace(key, by: nil)) }
        for (key, object) in listed { changed.formUnion(replace(key, by: object)) }
        return changed
    }

    /// Notes that nothing is known any more. What is here is kept to see what changed when it is known again.
    mutating func lose(_ reason: Sync) {
        listed = nil
        sync = reason
    }

    /// Takes in an object that the list or the watch tells. Returns the apps that it matters to.
    mutating func note(changed object: CachedObject) -> Set<AppName> {
        let key = object.key
        guard listed == nil else {
            listed?[key] = object
            return []
        }
        if deleted[key] == object.uid, !object.isTerminating { return [] }
        if var entry = writes[key] {
            if entry.open > 0 { entry.seen.insert(object.resourceVersion) }
            let isSkipped = entry.awaited.map { $0 != object.resourceVersion } ?? false
            if !isSkipped { entry.awaited = nil }
            writes[key] = entry.isIdle ? nil : entry
            if isSkipped { return [] }
        }
        return replace(key, by: object)
    }

    /// Takes out an object that the watch tells gone. Returns the apps that it matters to.
    mutating func note(gone object: CachedObject) -> Set<AppName> {
        let key = object.key
        if deleted[key] == object.uid { deleted[key] = nil }
        // An older one of the same name says nothing of the one that is here.
        guard objects[key]?.uid == object.uid else { return [] }
        writes[key]?.awaited = nil
        if writes[key]?.isIdle == true { writes[key] = nil }
        return replace(key, by: nil)
    }

    // MARK: Our own writes

    /// Says that a write of an object is about to be sent: from here on, what the watch tells of it is remembered.
    mutating func beginWrite(_ key: ObjectKey) { writes[key, default: Writes()].open += 1 }

    /// Ends a write. Returns the apps that it matters to.
    /// - Parameter object: the response; nil when nothing was written, or nobody can tell.
    mutating func endWrite(_ key: ObjectKey, _ object: CachedObject?) -> Set<AppName> {
        var entry = writes[key] ?? Writes()
        entry.open = max(0, entry.open - 1)
        defer {
            if entry.open == 0 { entry.seen = [] }
            writes[key] = entry.isIdle ? nil : entry
        }
        guard let object, !entry.seen.contains(object.resourceVersion),
            objects[key]?.resourceVersion != object.resourceVersion
        else { return [] }
        // Without a list there is no watch that will tell it.
        if sync == .synced, listed == nil { entry.awaited = object.resourceVersion }
        return replace(key, by: object)
    }

    /// Notes that the server has taken our delete of an object. Returns the apps that it matters to.
    mutating func endDelete(_ key: ObjectKey, uid: String) -> Set<AppName> {
        guard let object = objects[key], object.uid == uid else { return [] }
        deleted[key] = uid
        writes[key]?.awaited = nil
        return replace(key, by: nil)
    }

    // MARK: The objects

    private mutating func replace(_ key: ObjectKey, by new: CachedObject?) -> Set<AppName> {
        let old = objects[key]
        objects[key] = new
        if old?.app != new?.app {
            if let app = old?.app {
                byApp[app]?.remove(key)
                if byApp[app]?.isEmpty == true { byApp[app] = nil }
            }
            if let app = new?.app { byApp[app, default: []].insert(key) }
        }
        // A resourceVersion alone matters to nobody but writes.
        guard old?.content != new?.content else { return [] }
        return Set([old?.app, new?.app].compactMap { $0 })
    }
}
