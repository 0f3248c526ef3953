// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

/// Reads a Procfile by specs/procfile.md, which follows the Procfile buildpack's format of Heroku (its SPEC.md), so
/// that this and the image agree on what is in the file.
struct ProcfileParser {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    private var firstLines: [ProcessType: Int] = [:]
    private var procfile = Procfile()

    private static let limits = {
        var limits = YAMLLimits()
        limits.inputBytes = 256 << 10
        return limits
    }()

    init(file: String) { self.file = file }

    /// The process types of a whole file; what is in a wrong line is left out.
    mutating func parse(_ bytes: [UInt8]) -> Procfile {
        do throws(YAMLError) {
            try YAMLInput(bytes: bytes).check(limits: Self.limits)
        } catch {
            report(.error, line: error.line, error.message)
            return procfile
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where diagnostics.count < 100 {
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            readLine(text, number: index + 1)
        }
        if procfile.types.isEmpty, diagnostics.isEmpty {
            report(.warning, line: 1, "the file names no process")
        }
        if procfile.types.count > ManifestRules.processes {
            let count = procfile.types.count
            report(
                .error,
                line: 1,
                "the file names \(count) processes; at most \(ManifestRules.processes) are allowed"
            )
        }
        return procfile
    }

    private mutating func readLine(_ line: String, number: Int) {
        let content = line.drop { $0 == " " || $0 == "\t" }
        guard !content.isEmpty, content.first != "#" else { return }
        guard !line.unicodeScalars.contains("\r") else {
            report(.error, line: number, "a carriage return inside the line", hint: "end lines with LF or CRLF")
            return
        }
        if ["<<<<<<<", "=======", ">>>>>>>"].contains(String(line.prefix(7))) {
            report(.error, line: number, "a merge conflict that is not resolved")
            return
        }
        guard let colon = content.firstIndex(of: ":") else {
            report(
                .error,
                line: number,
                "\(YAMLError.quote(String(content))) has no ':'",
                hint: "write '<type>: <command>'"
            )
            return
        }
        guard let type = readKey(String(content[..<colon]), line: number) else { return }
        if content.startIndex != line.startIndex {
            report(
                .warning,
                line: number,
                "spaces before \(YAMLError.quote(type.text))",
                hint: "remove them",
                path: type.text
            )
        }
        let command = content[content.index(after: colon)...]
        guard command.contains(where: { !$0.isWhitespace }) else {
            report(.error, line: number, "'\(type)' has no command", path: type.text)
            return
        }
        guard command.utf8.count <= ManifestRules.textBytes else {
            let limit = ManifestRules.textBytes
            report(.error, line: number, "the command of '\(type)' has more than \(limit) bytes", path: type.text)
            return
        }
        add(type, line: number)
    }

    /// The process type that a key stands for, with a warning where the buildpack corrects it too.
    private mutating func readKey(_ key: String, line: Int) -> ProcessType? {
        let corrected = String(key.map { $0 == "_" ? "-" : $0.isASCII ? Character($0.lowercased()) : $0 })
        guard let type = try? ProcessType(corrected) else {
            report(
                .error,
                line: line,
                "\(YAMLError.quote(key)) is not a process type",
                hint: "use at most 30 lower-case letters, digits and '-', with a letter or digit at both ends"
            )
            return nil
        }
        if corrected != key {
            report(
                .warning,
                line: line,
                "\(YAMLError.quote(key)) becomes '\(type)'",
                hint: "write it so",
                path: type.text
            )
        }
        return type
    }

    private mutating func add(_ type: ProcessType, line: Int) {
        if let first = firstLines[type] {
            report(
                .warning,
                line: line,
                "'\(type)' replaces the one in line \(first)",
                hint: "remove one",
                path: type.text
            )
        } else {
            procfile.types.append(type)
        }
        firstLines[type] = line
    }

    private mutating func report(
        _ severity: Diagnostic.Severity,
        line: Int,
        _ message: String,
        hint: String? = nil,
        path: String? = nil
    ) {
        diagnostics.append(Diagnostic(severity, file: file, line: line, path: path, message: message, hint: hint))
    }
}
