// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import FoundationEssentials
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["ab", "shop", "a-b", "a1", String(repeating: "a", count: 32)])
    func `app names`(text: String) throws { #expect(try AppName(text).text == text) }

    @Test(arguments: ["", "a", "-a", "a-", "1a", "A", "a_b", "a.b", "ä", String(repeating: "a", count: 33), "a\0b"])
    func `what is not an app name is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try AppName(text) }
    }

    @Test(arguments: [("1", 1000), ("250m", 250), ("0.5", 500), ("0.25", 250), ("1.001", 1001), ("1000m", 1000)])
    func `cpu quantities`(text: String, millicores: Int) throws { #expect(try CPU(text).millicores == millicores) }

    @Test(arguments: ["", "0", "-1", "1.0001", "m", ".5", "1.", "1e3", "9999999999999999999", "0x1", "1 "])
    func `what is not a cpu quantity is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try CPU(text) }
    }

    @Test(arguments: [("512Mi", 512 << 20), ("1Gi", 1 << 30), ("512M", 512_000_000), ("1024", 1024)])
    func `memory quantities`(text: String, bytes: Int) throws { #expect(try Memory(text).bytes == bytes) }

    @Test(arguments: ["", "Mi", "-1Mi", "1.5Gi", "9999999999Ti", "1 Gi", "1gi"])
    func `what is not a memory quantity is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try Memory(text) }
    }

    @Test(arguments: ["10s", "5m", "1h", "500ms"])
    func `durations keep their spelling`(text: String) throws { #expect(try TimeSpan(text).text == text) }

    @Test func `equal durations have one spelling`() throws { #expect(try TimeSpan("60s").text == "1m") }

    @Test func `dictionaries by a value are JSON objects`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode([try ProcessType("web"): 1, try ProcessType("worker"): 2])
        #expect(String(decoding: data, as: UTF8.self) == #"{"web":1,"worker":2}"#)
        let worker = try ProcessType("worker")
        #expect(try JSONDecoder().decode([ProcessType: Int].self, from: data) == [.web: 1, worker: 2])
    }

    @Test func `a digest is lower-case sha256`() throws {
        let hex = String(repeating: "0af9", count: 16)
        #expect(try Digest("sha256:" + hex).hex == hex)
        for text in ["sha256:" + hex.uppercased(), "sha512:" + hex, hex, "sha256:" + hex + "0"] {
            #expect(throws: InvalidValue.self) { try Digest(text) }
        }
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "axc", 1), ("", "abc", 3),
        ("deplyo", "deploy", 1), ("stat", "status", 2), ("pu", "up", 1),
    ])
    func `how far words are apart`(left: String, right: String, distance: Int) {
        #expect(left.editDistance(to: right) == distance)
        #expect(right.editDistance(to: left) == distance)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00Z"), (-1, "1969-12-31T23:59Z"), (951_825_599_999, "2000-02-29T11:59Z"),
        (1_795_442_551_000, "2026-11-23T14:02Z"),
    ])
    func `minutes in UTC`(milliseconds: Int, text: String) {
        #expect(Timestamp(number: milliseconds).utcMinute == text)
    }

    @Test func `a manifest that was stored before there was a drift policy is repaired`() throws {
        let json = #"{"name":"shop","build":{"path":".","env":{}},"env":{},"processes":{}}"#
        #expect(try JSONDecoder().decode(AppManifest.self, from: Data(json.utf8)).drift == .repair)
    }
}
