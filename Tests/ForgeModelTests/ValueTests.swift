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
}
