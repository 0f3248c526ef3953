// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import Testing

@Suite struct JSONListReaderTests {
    /// What a reader finds in a text that comes in chunks of some size.
    private func read(
        _ text: String,
        chunk size: Int,
        itemLimit: Int = 2 << 20
    ) throws -> (items: [JSONValue], reader: JSONListReader) {
        var reader = JSONListReader(itemLimit: itemLimit)
        var items: [JSONValue] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.append(Array(bytes[start..<min(start + size, bytes.count)]))
            while let item = try reader.next() { items.append(item) }
        }
        try reader.finish()
        return (items, reader)
    }

    private static let list = """
        {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"x"},"items":[
        {"a":"]},{\\"\\\\"}, [1,{"b":[]}],"s\u{e4}" ,-1.5e3,true,null,{}]}

        """

    @Test func `every size of chunks gives the same items`() throws {
        let wanted: [JSONValue] = [
            ["a": "]},{\"\\"], [1, ["b": []]], "s\u{e4}", .number("-1.5e3"), true, .null, [:],
        ]
        for size in 1...Self.list.utf8.count {
            let (items, reader) = try read(Self.list, chunk: size)
            #expect(items == wanted, "chunks of \(size)")
            #expect(reader.kind == "PodList")
            #expect(reader.apiVersion == "v1")
            #expect(reader.metadata?["resourceVersion"] == "7")
        }
    }

    @Test(arguments: [
        "{\"items\":[1],\"metadata\":{\"resourceVersion\":\"7\"},\"kind\":\"L\"}",
        "{\"x\":[{}],\"kind\":\"L\",\"items\":[ 1 ],\"y\":2,\"metadata\":{\"resourceVersion\":\"7\"}}",
        " { \"metadata\" : { \"resourceVersion\" : \"7\" } , \"items\" : [ 1 ] , \"kind\" : \"L\" } ",
    ])
    func `keys may come in any order`(text: String) throws {
        for size in 1...8 {
            let (items, reader) = try read(text, chunk: size)
            #expect(items == [1])
            #expect(reader.metadata?["resourceVersion"] == "7")
            #expect(reader.kind == "L")
        }
    }

    @Test(arguments: ["{}", "{\"items\":[]}", "{\"items\":null}", "{\"items\":[ ] }"])
    func `a list without items has none`(text: String) throws {
        #expect(try read(text, chunk: 3).items.isEmpty)
    }

    @Test(arguments: [
        "", "[]", "{", "{\"items\":[", "{\"items\":[1", "{\"items\":[1]", "{\"items\":[1,]}", "{\"items\":[1 2]}",
        "{\"items\":[1}", "{\"items\":[{]}]}", "{\"items\":[tru]}", "{\"items\":{}}", "{\"items\":1}",
        "{\"items\":[],\"items\":[]}", "{\"kind\"}", "{\"kind\":}", "{kind:1}", "{\"a\":1,}", "{} x", "{}{}",
        "{\"items\":[\"\u{1}\"]}",
    ])
    func `what is no list is refused`(text: String) {
        for size in 1...4 {
            #expect(throws: JSONError.self, "\(text)") { _ = try read(text, chunk: size) }
        }
    }

    @Test func `an item may have as many bytes as the limit and no more`() throws {
        let item = "\"\(String(repeating: "x", count: 98))\""
        for size in [1, 7, 1_000] {
            #expect(try read("{\"items\":[\(item),\(item)]}", chunk: size, itemLimit: 100).items.count == 2)
            #expect(throws: JSONError.self) { _ = try read("{\"items\":[\(item)]}", chunk: size, itemLimit: 99) }
            #expect(throws: JSONError.self) { _ = try read("{\"items\":[\(item)", chunk: size, itemLimit: 50) }
        }
    }

    @Test func `an error names the byte of the whole text`() {
        for size in 1...20 {
            let error = #expect(throws: JSONError.self) { _ = try read("{\"items\":[1,22,nix]}", chunk: size) }
            #expect(error?.offset == 16)
        }
    }
}
