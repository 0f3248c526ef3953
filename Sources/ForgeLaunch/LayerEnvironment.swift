// SPDX-License-Identifier: Apache-2.0

/// An environment that layers change, by the rules of the buildpack specification (Environment Variable Modification
/// Rules). Values are bytes, since the content of a variable's file goes in unchanged.
package struct LayerEnvironment: Hashable, Sendable {
    /// One file of an `env` directory.
    package struct File: Hashable, Sendable {
        /// The file's name: the variable, and how it is changed.
        package var name: String
        /// The file's content.
        package var content: [UInt8]

        /// Holds a file.
        package init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// What a file without a suffix does.
    package enum PlainRule: Hashable, Sendable {
        /// It replaces the variable, as in layers.
        case override
        /// It gives a value only where there is none, as in the builder's `/cnb/build-config/env`.
        case `default`
    }

    /// The variables.
    package private(set) var variables: [String: [UInt8]]

    /// Starts with variables.
    package init(_ variables: [String: [UInt8]]) { self.variables = variables }

    /// The value of a variable.
    package subscript(name: String) -> [UInt8]? {
        get { variables[name] }
        set { variables[name] = newValue }
    }

    /// `NAME=value` for each variable, sorted by name, as execve takes it.
    package var entries: [[UInt8]] {
        variables.sorted { $0.key < $1.key }.map { Array($0.key.utf8) + [UInt8(ascii: "=")] + $0.value }
    }

    /// Removes what belongs to the launcher alone, so that the process sees its own environment only.
    package mutating func removeLauncherVariables() {
        for name in [
            "CNB_LAYERS_DIR", "CNB_APP_DIR", "CNB_PROCESS_TYPE", "CNB_PLATFORM_API", "CNB_DEPRECATION_MODE",
        ] {
            variables[name] = nil
        }
        guard let path = variables["PATH"] else { return }
        let own = [Array("/cnb/process".utf8), Array("/cnb/lifecycle".utf8)]
        let rest = path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).filter { part in
            !own.contains { part.elementsEqual($0) }
        }
        variables["PATH"] = Array(rest.joined(separator: [UInt8(ascii: ":")]))
    }

    /// Puts a directory in front of a list such as PATH.
    package mutating func prepend(path: String, to name: String) {
        prepend(Array(path.utf8), to: name, delimiter: [UInt8(ascii: ":")])
    }

    /// Puts bytes in front of a variable; the delimiter stands between them and a value that is there.
    package mutating func prepend(_ bytes: [UInt8], to name: String, delimiter: [UInt8]) {
        let old = variables[name] ?? []
        variables[name] = old.isEmpty ? bytes : bytes + delimiter + old
    }

    /// Applies the files of one directory, in the order of their names.
    package mutating func apply(_ files: [File], plain: PlainRule = .override) {
        let delimiters = Dictionary(
            files.compactMap { file in Self.variable(file.name, suffix: "delim").map { ($0, file.content) } },
            uniquingKeysWith: { first, _ in first }
        )
        for file in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            let parts = file.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0]
            let delimiter = delimiters[name] ?? []
            switch parts.count == 2 ? parts[1] : plain == .override ? "override" : "default" {
            case "override": variables[name] = file.content
            case "default" where (variables[name] ?? []).isEmpty: variables[name] = file.content
            case "prepend": prepend(file.content, to: name, delimiter: delimiter)
            case "append":
                let old = variables[name] ?? []
                variables[name] = old.isEmpty ? file.content : old + delimiter + file.content
            default: break
            }
        }
    }

    private static func variable(_ name: String, suffix: String) -> String? {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && parts[1] == suffix ? String(parts[0]) : nil
    }
}
