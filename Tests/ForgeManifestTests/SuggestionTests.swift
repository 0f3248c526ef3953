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

    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "axc", 1), ("", "abc", 3),
    ])
    func `how far words are apart`(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }
}
