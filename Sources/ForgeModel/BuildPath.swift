// SPDX-License-Identifier: Apache-2.0

/// The rule for `build.path` (specs/forge-yaml.md §3.3).
package enum BuildPath {
    /// The path without `.` parts, doubled and closing slashes; `.` for the folder itself.
    ///
    /// `..` is refused even where it would stay inside: a symbolic link before it could lead elsewhere.
    package static func normalise(_ path: String) throws -> String {
        func refused(_ rule: String) -> InvalidValue { InvalidValue(kind: "build path", text: path, rule: rule) }
        guard !path.isEmpty else { throw refused("write '.' for the folder of the manifest") }
        guard !path.hasPrefix("/") else { throw refused("use a path relative to the manifest") }
        guard path.utf8.count <= ManifestRules.pathBytes else {
            throw refused("use at most \(ManifestRules.pathBytes) bytes")
        }
        guard path.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw refused("control characters are not allowed")
        }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { throw refused("'..' is not allowed; move the manifest up instead") }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
