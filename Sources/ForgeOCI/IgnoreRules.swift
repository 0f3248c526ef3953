// SPDX-License-Identifier: Apache-2.0

/// The ignore files that apply to one directory: those of its parents, then its own.
///
/// Within a kind of file the last matching pattern of the deepest directory decides (gitignore(5)). A later kind is
/// asked first: patterns given in the manifest win over .forgeignore, that wins over .gitignore.
struct IgnoreRules: Sendable {
    /// The kinds of ignore files, the weakest first.
    static let fileNames = [".gitignore", ".forgeignore"]

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private struct Rules: Sendable {
        let depth: Int
        let patterns: [IgnorePattern]
    }

    private var kinds: [[Rules]]

    /// Starts at the root with patterns that win over every file.
    init(overriding lines: [String]) {
        let patterns = lines.compactMap { IgnorePattern(line: $0.utf8) }
        kinds = Self.fileNames.map { _ in [] } + [[Rules(depth: 0, patterns: patterns)]]
    }

    /// Adds the file `name` that lies in the directory of `depth` components.
    mutating func add(file name: String, bytes: [UInt8], depth: Int) {
        guard let kind = Self.fileNames.firstIndex(of: name) else { return }
        // By bytes: to a String, CR LF is one character. git, too, skips a byte order mark.
        let text = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(Self.byteOrderMark.count) : bytes[...]
        let patterns = text.split(separator: UInt8(ascii: "\n")).compactMap { IgnorePattern(line: $0) }
        if !patterns.isEmpty { kinds[kind].append(Rules(depth: depth, patterns: patterns)) }
    }

    /// Whether a path is left out; its parents are not.
    func ignores(_ path: [String], isDirectory: Bool) -> Bool {
        let components = path.map { Array($0.utf8) }
        for rules in kinds.reversed() {
            for rule in rules.reversed() {
                let below = components[rule.depth...]
                if let last = rule.patterns.last(where: { $0.matches(below, isDirectory: isDirectory) }) {
                    return !last.negated
                }
            }
        }
        return false
    }
}
