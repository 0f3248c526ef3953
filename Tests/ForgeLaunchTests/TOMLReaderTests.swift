// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeLaunch

@Suite struct TOMLReaderTests {
    @Test func readsWhatLaunchFilesHave() throws {
        let text = #"""
            # a comment
            buildpack-default-process-type = "web" # and one behind
            "quoted key" = 'C:\literal'
            a.b."c d" = 1_000
            empty = []
            inline = { x = true, y.z = -5 }

            [[processes]]
            type = "web"
            command = ["bash", "-c",
              "say \"hi\" \\ \t \u00e9 \U0001F600", # comment
            ]
            [processes.extra]
            n = +0
            [[processes]]
            type = "worker"
            text = """
            one
            two \
               three ""quoted"" """""
            raw = '''
            it's'''
            [[processes.slices]]
            paths = ["*"]
            [other]
            done = false
            """#
        let table = TOMLValue.table(try TOMLReader.read(Array(text.utf8)))
        #expect(table["buildpack-default-process-type"]?.string == "web")
        #expect(table["quoted key"]?.string == #"C:\literal"#)
        #expect(table["a"]?["b"]?["c d"] == .integer(1000))
        #expect(table["empty"]?.strings == [])
        #expect(table["inline"] == .table(["x": .bool(true), "y": .table(["z": .integer(-5)])]))
        let processes = try #require(table["processes"]?.array)
        #expect(processes.count == 2)
        #expect(processes[0]["command"]?.strings == ["bash", "-c", "say \"hi\" \\ \t é 😀"])
        #expect(processes[0]["extra"]?["n"] == .integer(0))
        #expect(processes[1]["text"]?.string == "one\ntwo three \"\"quoted\"\" \"\"")
        #expect(processes[1]["raw"]?.string == "it's")
        #expect(processes[1]["slices"]?.array?[0]["paths"]?.strings == ["*"])
        #expect(table["other"]?["done"]?.bool == false)
    }

    @Test(arguments: [
        ("a = 1\na = 2", 2), ("[t]\n[t]", 2), ("a = ", 1), ("a = \"x\ny\"", 1), ("a = 1 b = 2", 1), ("\n\n= 1", 3),
        ("a = 1.5", 1), ("a = 2026-01-01", 1), ("a = 01", 1), ("a = \"\\q\"", 1), ("a = [1", 1), ("a = {x = 1", 1),
        ("a = 1\n[a]", 2), ("a = 1\n[a.b]", 2), ("a = [1]\n[[a]]", 2), ("a = {}\n[a.b]", 2), ("[[a]]\n[a]", 2),
        ("a = \"\\ud800\"", 1), ("a = '''x", 1), ("[a", 1), ("a = \"\u{1}\"", 1), ("a.b = 1\na = 2", 2),
    ])
    func refuses(text: String, line: Int) {
        let error = #expect(throws: TOMLError.self) { try TOMLReader.read(Array(text.utf8)) }
        #expect(error?.line == line)
    }

    @Test func refusesDepthAndBytesThatAreNoText() {
        let deep = "a = " + String(repeating: "[", count: 10_000)
        #expect(throws: TOMLError.self) { try TOMLReader.read(Array(deep.utf8)) }
        let long = Array(repeating: "a", count: 10_000).joined(separator: ".")
        #expect(throws: TOMLError.self) { try TOMLReader.read(Array((long + " = 1").utf8)) }
        #expect(throws: TOMLError.self) { try TOMLReader.read([0xFF]) }
    }
}
