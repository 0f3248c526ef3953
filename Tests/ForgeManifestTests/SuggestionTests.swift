// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeManifest

@Suite struct SuggestionTests {
    private static let keys = [
        "version", "name", "build", "env", "release", "processes", "instances", "path", "command",
    ]

    @Test(arguments: [
        ("instance", "instances"), ("instnaces", "instances"), ("Instances", "instances"), ("in_stances", "instances"),
        ("evn", "env"), ("envs", "env"), ("biuld", "build"), ("replicas", "instances"), ("cmd", "command"),
        ("pth", "path"), ("x", nil), ("telemetry", nil), ("", nil), ("pfad", nil),
    ])
    func `the key that was meant`(word: String, key: String?) {
        #expect(Suggestion.nearest(to: word, among: Self.keys) == key)
    }
}
