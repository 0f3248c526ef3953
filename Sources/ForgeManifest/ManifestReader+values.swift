// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

extension YAMLNode {
    /// Whether this says "nothing", with or without the word.
    var isNull: Bool {
        if case .scalar(let scalar) = self { scalar.isNull } else { false }
    }

    /// How a message names what stands here instead of what was expected; `null` and texts by their words.
    var shown: String {
        switch self {
        case .scalar(let scalar) where scalar.text.isEmpty && scalar.style == .plain: "nothing"
        case .scalar(let scalar): YAMLError.quote(scalar.text)
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// The readers of one value each: they report what is wrong and then return nil.
extension ManifestReader {
    /// The path of a key in a block.
    static func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? YAMLError.shown(key) : "\(path).\(YAMLError.shown(key))"
    }

    /// A node that must be a mapping; the path of the whole file is empty.
    mutating func mapping(_ node: YAMLNode, path: String) -> YAMLMapping? {
        guard plainTag(node, path: path) else { return nil }
        guard case .mapping(let mapping) = node else {
            let subject = path.isEmpty ? "the file" : path
            let found = if case .scalar(let scalar) = node, !scalar.isNull { "text" } else { node.shown }
            report(
                node.start,
                path.isEmpty ? nil : path,
                "\(subject) must be a mapping ('key: value'), not \(found)"
            )
            return nil
        }
        return mapping
    }

    /// A mapping with its keys checked, if it has a schema; an absent or empty one is nil.
    mutating func block(_ node: YAMLNode?, _ schema: ManifestBlock?, path: String) -> YAMLMapping? {
        guard let node, !node.isNull else { return nil }
        guard let mapping = mapping(node, path: path) else { return nil }
        if let schema {
            checkKeys(of: mapping, schema, path: path)
        }
        return mapping
    }

    /// Refuses the keys that the schema does not have, each with its reason.
    mutating func checkKeys(of mapping: YAMLMapping, _ block: ManifestBlock, path: String) {
        for entry in mapping.entries where !isFull && !block.keys.contains(entry.key.text) {
            let key = entry.key.text
            let place = Self.join(path, key)
            if block.isComing(key) {
                report(entry.key.start, place, "'\(place)' is not supported yet", hint: "remove it")
                continue
            }
            let location = path.isEmpty ? "" : " in \(path)"
            let hint =
                Suggestion.hint(for: key, among: block.keys)
                ?? (block == .top && ManifestBlock.process.keys.contains(key) ? "it belongs in processes.<type>" : nil)
            report(entry.key.start, place, "unknown key \(YAMLError.quote(key))\(location)", hint: hint)
        }
    }

    /// The text of a scalar as it is written; null is no text.
    mutating func text(_ node: YAMLNode, path: String) -> String? {
        guard plainTag(node, path: path) else { return nil }
        guard case .scalar(let scalar) = node, !scalar.isNull else {
            report(node.start, path, "\(path) must be text, not \(node.shown)")
            return nil
        }
        return scalar.text
    }

    /// Text that some type of the model checks.
    mutating func value<Value>(
        _ node: YAMLNode,
        path: String,
        make: (String) throws -> Value
    ) -> Value? {
        guard let text = text(node, path: path) else { return nil }
        do {
            return try make(text)
        } catch let error as InvalidValue {
            let shown = InvalidValue(kind: error.kind, text: YAMLError.shown(text), rule: error.rule)
            report(node.start, path, "\(path): \(shown)")
        } catch {
            report(node.start, path, "\(path): \(error)")
        }
        return nil
    }

    /// A whole number in decimal digits, written without quotes.
    ///
    /// - Parameter reason: why there is nothing below the range, if the range does not say it.
    mutating func number(
        _ node: YAMLNode,
        path: String,
        in range: ClosedRange<Int>,
        below reason: String? = nil
    ) -> Int? {
        guard plainTag(node, path: path) else { return nil }
        let bounds = range.upperBound == .max ? "" : " from \(range.lowerBound) to \(range.upperBound)"
        let rule = "\(path) must be a whole number\(bounds)"
        guard case .scalar(let scalar) = node else {
            report(node.start, path, "\(rule), not \(node.shown)")
            return nil
        }
        let digits = scalar.text.utf8
        let isNumber =
            digits.allSatisfy { (48...57).contains($0) } && (digits.count == 1 || digits.first != 48)
            && (1...9).contains(digits.count)
        guard isNumber, let number = Int(scalar.text), range.contains(number) else {
            let isBelow = isNumber && (Int(scalar.text) ?? .max) < range.lowerBound
            report(node.start, path, "\(rule), not \(node.shown)", hint: isBelow ? reason : nil)
            return nil
        }
        guard scalar.style == .plain else {
            report(node.start, path, "\(rule), not text", hint: "remove the quotes")
            return nil
        }
        return number
    }

    private mutating func plainTag(_ node: YAMLNode, path: String) -> Bool {
        guard let tag = node.tag else { return true }
        let core = "tag:yaml.org,2002:"
        let shown = YAMLError.quote(tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag)
        report(node.start, path.isEmpty ? nil : path, "the tag \(shown) is not supported", hint: "remove it")
        return false
    }

    /// A shell line: the `command` of a process or of the release.
    mutating func readCommand(_ mapping: YAMLMapping, path: String) -> String? {
        guard let node = mapping.entry("command")?.value else { return nil }
        let path = Self.join(path, "command")
        guard let command = text(node, path: path) else { return nil }
        guard command.contains(where: { !$0.isWhitespace }) else {
            report(node.start, path, "\(path) is empty", hint: "give it a shell line, or remove it")
            return nil
        }
        guard checkText(command, at: node.start, path: path) else { return nil }
        return command
    }

    /// `repair` or `report` (specs/forge-yaml.md §3.8).
    mutating func readDrift(_ node: YAMLNode) -> DriftPolicy? {
        guard let text = text(node, path: "drift") else { return nil }
        guard let policy = DriftPolicy(rawValue: text) else {
            let words = DriftPolicy.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            report(node.start, "drift", "drift must be \(words), not \(node.shown)")
            return nil
        }
        return policy
    }

    /// Whether an operating system can pass the text to a program.
    mutating func checkText(_ text: String, at mark: YAMLMark, path: String) -> Bool {
        guard !text.utf8.contains(0) else {
            report(mark, path, "\(path) contains a NUL character, which no program can be given")
            return false
        }
        guard text.utf8.count <= ManifestRules.textBytes else {
            report(mark, path, "\(path) has \(text.utf8.count) bytes; at most \(ManifestRules.textBytes) are allowed")
            return false
        }
        return true
    }
}
