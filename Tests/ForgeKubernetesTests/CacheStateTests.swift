// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting
import Testing

@testable import ForgeKubernetes

/// What lists, watches and our own writes make of a cache, in every order in which they can come.
@Suite struct CacheStateTests {
    private let key = ObjectKey(namespace: "apps", name: "shop")

    /// A ServiceAccount in a version of its own: `mark` is what makes a difference to somebody.
    private func object(
        _ version: String,
        uid: String = "u1",
        app: String = "shop",
        mark: String = "",
        isTerminating: Bool = false
    ) throws -> CachedObject {
        var metadata: [String: JSONValue] = [
            "name": "shop", "namespace": "apps", "uid": .string(uid), "resourceVersion": .string(version),
            "labels": .object([KubernetesLabel.app: .string(app), KubernetesLabel.task: .string(mark)]),
        ]
        if isTerminating { metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        let value: JSONValue = .object(["kind": "ServiceAccount", "metadata": .object(metadata)])
        return try #require(CachedObject(value, after: nil, at: Timestamp(number: 0)))
    }

    private func synced(_ objects: CachedObject...) -> CacheState {
        var state = CacheState()
        state.beginList()
        for object in objects { _ = state.note(changed: object) }
        _ = state.endList()
        return state
    }

    @Test func `nothing is known before the list is complete`() throws {
        var state = CacheState()
        state.beginList()
        _ = state.note(changed: try object("1"))
        #expect(state.sync == .unsynced && state.objects.isEmpty)
        #expect(state.endList() == [Sample.app])
        #expect(state.sync == .synced && state.objects.count == 1 && state.objects(of: Sample.app).count == 1)
    }

    @Test func `what a new list does not tell is gone, and its app hears of it`() throws {
        var state = synced(try object("1"))
        state.lose(.failed("cut"))
        #expect(state.sync == .failed("cut") && state.objects.count == 1)
        state.beginList()
        #expect(state.endList() == [Sample.app])
        #expect(state.objects.isEmpty && state.apps.isEmpty)
    }

    @Test func `an event that changes nothing but the version wakes nobody`() throws {
        var state = synced(try object("1"))
        #expect(state.note(changed: try object("2")).isEmpty)
        #expect(state.objects[key]?.resourceVersion == "2")
        #expect(state.note(changed: try object("3", mark: "x")) == [Sample.app])
    }

    @Test func `an object that changes hands matters to both apps`() throws {
        var state = synced(try object("1"))
        let other = Sample.name("blog")
        #expect(state.note(changed: try object("2", app: "blog")) == [Sample.app, other])
        #expect(state.objects(of: Sample.app).isEmpty && state.objects(of: other).count == 1)
    }

    @Test func `a late event of before our write does not undo it`() throws {
        var state = synced(try object("1"))
        state.beginWrite(key)
        _ = state.endWrite(key, try object("5", mark: "written"))
        #expect(state.note(changed: try object("3", mark: "late")).isEmpty)
        #expect(state.objects[key]?.content.task == "written")
        _ = state.note(changed: try object("5", mark: "written"))
        #expect(state.note(changed: try object("6", mark: "newer")) == [Sample.app])
        #expect(state.objects[key]?.content.task == "newer")
    }

    @Test func `a response that comes after newer events does not undo them`() throws {
        var state = synced(try object("1"))
        state.beginWrite(key)
        _ = state.note(changed: try object("5", mark: "written"))
        _ = state.note(changed: try object("6", mark: "newer"))
        #expect(state.endWrite(key, try object("5", mark: "written")).isEmpty)
        #expect(state.objects[key]?.content.task == "newer")
        // Nothing is awaited any more.
        #expect(state.note(changed: try object("7", mark: "newest")) == [Sample.app])
    }

    @Test func `a write that changes nothing awaits nothing`() throws {
        var state = synced(try object("1"))
        state.beginWrite(key)
        _ = state.endWrite(key, try object("1"))
        #expect(state.note(changed: try object("2", mark: "x")) == [Sample.app])
    }

    @Test func `a failed write leaves everything as it was`() throws {
        var state = synced(try object("1"))
        state.beginWrite(key)
        #expect(state.endWrite(key, nil).isEmpty)
        #expect(state.note(changed: try object("2", mark: "x")) == [Sample.app])
    }

    @Test func `two writes one after the other await the second`() throws {
        var state = synced(try object("1"))
        state.beginWrite(key)
        _ = state.endWrite(key, try object("5", mark: "first"))
        state.beginWrite(key)
        _ = state.endWrite(key, try object("7", mark: "second"))
        _ = state.note(changed: try object("5", mark: "first"))
        #expect(state.objects[key]?.content.task == "second")
        _ = state.note(changed: try object("7", mark: "second"))
        _ = state.note(changed: try object("8", mark: "newer"))
        #expect(state.objects[key]?.content.task == "newer")
    }

    @Test func `a list ends the waiting for a write, whether it knows of it or not`() throws {
        for listed in [try object("1", mark: "old"), try object("9", mark: "newer")] {
            var state = synced(try object("1"))
            state.beginWrite(key)
            _ = state.endWrite(key, try object("5", mark: "written"))
            state.beginList()
            _ = state.note(changed: listed)
            _ = state.endList()
            #expect(state.objects[key] == listed)
            #expect(state.note(changed: try object("10", mark: "after")) == [Sample.app])
        }
    }

    @Test func `a write during a list is told again by the watch`() throws {
        var state = synced()
        state.beginList()
        state.beginWrite(key)
        _ = state.endWrite(key, try object("5", mark: "written"))
        #expect(state.objects[key] != nil)
        _ = state.endList()
        #expect(state.objects[key] == nil)
        #expect(state.note(changed: try object("5", mark: "written")) == [Sample.app])
    }

    @Test func `late events do not bring back what we deleted, and a new one of the name counts`() throws {
        let old = try object("1")
        var state = synced(old)
        #expect(state.endDelete(key, uid: "u1") == [Sample.app])
        #expect(state.note(changed: try object("2", mark: "late")).isEmpty)
        #expect(state.objects.isEmpty)
        _ = state.note(changed: try object("4", uid: "u2"))
        #expect(state.note(gone: old).isEmpty)
        #expect(state.objects[key]?.uid == "u2")
    }

    @Test func `what we deleted and is still going is there`() throws {
        var state = synced(try object("1"))
        _ = state.endDelete(key, uid: "u1")
        _ = state.note(changed: try object("2", isTerminating: true))
        #expect(state.objects[key]?.isTerminating == true)
        #expect(state.note(gone: try object("3", isTerminating: true)) == [Sample.app])
        #expect(state.objects.isEmpty)
    }

    @Test func `deleting what somebody has made anew meanwhile says nothing of the new one`() throws {
        var state = synced(try object("1", uid: "u2"))
        #expect(state.endDelete(key, uid: "u1").isEmpty)
        #expect(state.objects.count == 1)
    }
}
