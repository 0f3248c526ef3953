// SPDX-License-Identifier: Apache-2.0

/// What an exec.d program wrote to its file descriptor 3: variables to set (buildpack specification, exec.d).
package enum ExecDOutput {
    /// The most bytes that are read.
    package static let limit = 1 << 20

    /// The variables. Throws ``LaunchError`` for anything but a flat TOML table of strings.
    package static func variables(_ output: [UInt8], of program: String) throws(LaunchError) -> [String: String] {
        let document: [String: TOMLValue]
        do {
            document = try TOMLReader.read(output)
        } catch {
            throw .failed("'\(program)' wrote no valid TOML to its file descriptor 3: \(error)")
        }
        var variables: [String: String] = [:]
        for (name, value) in document {
            guard let text = value.string, !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !text.utf8.contains(0)
            else { throw .failed("'\(program)' gave '\(name)' a value that is not a string") }
            variables[name] = text
        }
        return variables
    }
}
