// SPDX-License-Identifier: Apache-2.0

/// One line of a .gitignore file (gitignore(5), pattern format).
struct IgnorePattern: Hashable, Sendable {
    /// Whether a match takes something back in.
    let negated: Bool
    /// Whether only directories match.
    let directoryOnly: Bool
    /// The pattern's parts between slashes; `**` stands for any number of directories.
    private let segments: [[UInt8]]

    /// Reads a line; `nil` for blank lines, comments and patterns that can match nothing.
    init?(line: some Sequence<UInt8>) {
        var text = Array(line)
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        Self.trimTrailingSpaces(&text)
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        negated = first == UInt8(ascii: "!")
        if negated { text.removeFirst() }
        directoryOnly = text.last == UInt8(ascii: "/")
        if directoryOnly { text.removeLast() }
        // A slash at the start or within ties the pattern to the file's directory; without one it matches at any depth.
        let anchored = text.contains(UInt8(ascii: "/"))
        if text.first == UInt8(ascii: "/") { text.removeFirst() }
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        segments = anchored ? parts : [Self.anyDirectories] + parts
    }

    private static let anyDirectories = Array("**".utf8)

    /// Whether a path below the pattern's directory matches.
    func matches(_ path: ArraySlice<[UInt8]>, isDirectory: Bool) -> Bool {
        guard isDirectory || !directoryOnly else { return false }
        return matches(segments[...], path)
    }

    private func matches(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == Self.anyDirectories {
            // At the end it means everything inside, so at least one component.
            if pattern.count == 1 { return !path.isEmpty }
            return path.indices.contains { matches(pattern.dropFirst(), path[$0...]) }
        }
        guard let name = path.first, Glob.matches(first, name) else { return false }
        return matches(pattern.dropFirst(), path.dropFirst())
    }

    private static func trimTrailingSpaces(_ text: inout [UInt8]) {
        while text.last == UInt8(ascii: " ") {
            let escapes = text.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            if !escapes.isMultiple(of: 2) { return }
            text.removeLast()
        }
    }
}
