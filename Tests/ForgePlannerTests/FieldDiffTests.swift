// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

@Suite struct FieldDiffTests {
    /// Names the items of `ports` by their name.
    struct KeyedDialect: Dialect {
        let cluster = "keyed"
        func encode(_ unit: Unit) -> [NativeObject] { [] }
        func listKey(kind: String, path: [String]) -> String? { path == ["ports"] ? "name" : nil }
        func unenforced(_ units: [Unit]) -> [String] { [] }
    }

    private func port(_ name: String, _ number: String) -> FieldValue {
        .map(["name": .text(name), "port": .text(number)])
    }

    @Test func `items of a keyed list are matched by their key, in any order`() {
        let diff = FieldDiff(
            kind: "any",
            from: .map(["ports": .list([port("http", "80"), port("admin", "90")])]),
            to: .map(["ports": .list([port("admin", "90"), port("http", "81")])]),
            dialect: KeyedDialect()
        )
        #expect(diff.changes == [FieldChange(path: "ports[name=http].port", from: "80", to: "81")])
        #expect(diff.unchanged == 1)
    }

    @Test func `items of other lists are matched by their position`() {
        let diff = FieldDiff(
            kind: "any",
            from: .map(["args": .list([.text("a"), .text("b")])]),
            to: .map(["args": .list([.text("a"), .text("c"), .text("d")])]),
            dialect: KeyedDialect()
        )
        #expect(diff.changes.map(\.path) == ["args[1]", "args[2]"])
    }

    @Test func `empty equals absent`() {
        let diff = FieldDiff(
            kind: "any",
            from: .map([:]),
            to: .map(["env": .map([:]), "args": .list([])]),
            dialect: KeyedDialect()
        )
        #expect(diff.changes.isEmpty)
    }

    @Test func `a value that the build will tell is a change`() {
        let diff = FieldDiff(
            kind: "any",
            from: .map(["image": .text("x")]),
            to: .map(["image": .afterBuild]),
            dialect: KeyedDialect()
        )
        #expect(diff.changes == [FieldChange(path: "image", from: "x", to: "(known after build)")])
    }
}
