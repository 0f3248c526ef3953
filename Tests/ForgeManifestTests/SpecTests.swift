// SPDX-License-Identifier: Apache-2.0

import ForgeManifest
import Foundation
import Testing

/// Runs every example of the specifications, so that they cannot say what the parser does not do.
@Suite struct SpecTests {
    struct Example: CustomTestStringConvertible {
        let place: String
        let language: String
        let isValid: Bool
        let text: String
        var expected = ""

        var testDescription: String { place }
    }

    struct WrongFence: Error {
        let place: String
    }

    static func examples(of page: String) throws -> [Example] {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../specs/\(page)").standardized
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var examples: [Example] = []
        var index = lines.startIndex
        while let open = lines[index...].firstIndex(where: { $0.hasPrefix("```") }) {
            let place = "\(page):\(open + 1)"
            guard let close = lines[(open + 1)...].firstIndex(of: "```") else { throw WrongFence(place: place) }
            let body = lines[(open + 1)..<close].map { $0 + "\n" }.joined()
            let tag = lines[open].dropFirst(3).split(separator: " ")
            if tag == ["text"], open > 0, lines[open - 1] == "```", !examples.isEmpty {
                examples[examples.count - 1].expected = body
            } else if tag.count == 2, ["valid", "invalid"].contains(tag[1]) {
                let isValid = tag[1] == "valid"
                examples.append(Example(place: place, language: String(tag[0]), isValid: isValid, text: body))
            } else {
                throw WrongFence(place: place)
            }
            index = close + 1
        }
        return examples
    }

    @Test(arguments: try examples(of: "forge-yaml.md"))
    func `an example of forge-yaml.md`(example: Example) {
        #expect(example.language == "yaml")
        check(ManifestParser.parse(yaml: example.text), example)
    }

    @Test(arguments: try examples(of: "procfile.md"))
    func `an example of procfile.md`(example: Example) {
        #expect(example.language == "procfile")
        check(ManifestParser.parse(yaml: "version: 1\nname: shop\n", procfile: example.text), example)
    }

    @Test func `both pages have examples of both kinds`() throws {
        for page in ["forge-yaml.md", "procfile.md"] {
            #expect(Set(try Self.examples(of: page).map(\.isValid)) == [true, false])
        }
    }

    private func check(_ parsed: ParsedManifest, _ example: Example) {
        #expect(parsed.diagnostics.map { "\($0)\n" }.joined() == example.expected)
        #expect((parsed.manifest != nil) == example.isValid)
    }
}
