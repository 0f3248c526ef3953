// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// Where Debian's packages come from on this machine: its own apt sources, as far as they serve the suite, so that a
/// bootstrap gets them the way the machine does.
struct AptSources: Hashable, Sendable {
    /// The Debian release that the platform's images are made of.
    static let suite = "bookworm"

    /// One-line entries (sources.list(5)).
    private(set) var lines: [String] = []
    /// deb822 stanzas, each with its line ends.
    private(set) var stanzas: [String] = []

    /// Whether the main suite is served; otherwise Debian's own mirror has to be used.
    private(set) var servesSuite = false

    /// The machine's sources.
    static func ofThisMachine(_ folder: String = "/etc/apt") throws -> AptSources {
        var sources = AptSources()
        if let list = try StateFile.read(folder + "/sources.list") {
            sources.add(list: String(decoding: list, as: UTF8.self))
        }
        for name in (try? Directory.names(in: folder + "/sources.list.d")) ?? [] {
            let path = folder + "/sources.list.d/" + name
            if name.hasSuffix(".list"), let text = try StateFile.read(path) {
                sources.add(list: String(decoding: text, as: UTF8.self))
            } else if name.hasSuffix(".sources"), let text = try StateFile.read(path) {
                sources.add(deb822: String(decoding: text, as: UTF8.self))
            }
        }
        return sources
    }

    /// Takes the entries of a one-line file that serve the suite: `deb [options] uri suite component…`.
    mutating func add(list: String) {
        for line in list.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.first == "deb" else { continue }
            var rest = words.dropFirst()
            if rest.first?.hasPrefix("[") == true {
                guard let end = rest.firstIndex(where: { $0.hasSuffix("]") }) else { continue }
                rest = rest[(end + 1)...]
            }
            guard let suite = rest.dropFirst().first, accepts(suite) else { continue }
            lines.append(words.joined(separator: " "))
        }
    }

    /// Takes the stanzas that serve the suite, with its suites only.
    mutating func add(deb822 text: String) {
        var stanza: [Substring] = []
        let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false) + [""]
        for line in lines {
            if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
                add(stanza: stanza)
                stanza = []
            } else if !line.hasPrefix("#") {
                stanza.append(line)
            }
        }
    }

    private mutating func add(stanza: [Substring]) {
        func value(_ field: String) -> String? {
            stanza.first { $0.lowercased().hasPrefix(field + ":") }.map { String($0.dropFirst(field.count + 1)) }
        }
        let words = { (text: String?) in (text ?? "").split(whereSeparator: { $0 == " " || $0 == "\t" }) }
        guard words(value("types")).contains("deb"), value("enabled").map({ $0.contains("no") }) != true else { return }
        let suites = words(value("suites")).filter { accepts($0) }
        guard !suites.isEmpty else { return }
        let kept = stanza.map { line -> String in
            let name = line.lowercased()
            if name.hasPrefix("suites:") { return "Suites: " + suites.joined(separator: " ") }
            if name.hasPrefix("types:") { return "Types: deb" }
            return String(line)
        }
        stanzas.append(kept.joined(separator: "\n") + "\n")
    }

    private mutating func accepts(_ suite: Substring) -> Bool {
        if suite == Self.suite { servesSuite = true }
        return [Self.suite, Self.suite + "-updates", Self.suite + "-security"].contains(String(suite))
    }
}
