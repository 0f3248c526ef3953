// SPDX-License-Identifier: Apache-2.0

/// What forge.yaml may say, in numbers and characters that no other type owns (specs/forge-yaml.md §3). Its reader and
/// the API, which gets manifests from any program, both ask here.
package enum ManifestRules {
    /// How many containers a process type may have.
    package static let instances = 0...100
    /// The ports of processes; lower ones need privileges.
    package static let ports = 1024...65535
    /// The most process types.
    package static let processes = 50
    /// The most variables of a block.
    package static let variables = 1000
    /// The most bytes of a command or of a variable's value. Linux refuses an argument or variable of 128 KiB (execve(2),
    /// MAX_ARG_STRLEN); half of that leaves room.
    package static let textBytes = 64 << 10
    /// The most bytes of a block of variables, names and values together.
    package static let variablesBytes = 512 << 10
    /// The most bytes of `build.path` and of a healthcheck's path.
    package static let pathBytes = 1024
    /// The least processor time with which a process starts at all.
    package static let leastCPU = CPU(millicores: 10)
    /// The least memory with which a process starts at all.
    package static let leastMemory = Memory(bytes: 16 << 20)

    /// Whether an operating system can pass a text to a program.
    package static func isText(_ text: String) -> Bool {
        !text.utf8.contains(0) && text.utf8.count <= textBytes
    }

    /// Whether a shell line says something that a shell can be given.
    package static func isCommand(_ line: String) -> Bool {
        line.contains { !$0.isWhitespace } && isText(line)
    }

    /// Whether the platform or the buildpacks lifecycle sets a variable itself.
    package static func isReserved(variable name: String) -> Bool { name == "PORT" || name.hasPrefix("CNB_") }

    /// Whether a healthcheck's path goes on a request line as it is: a path with an optional query in the characters of
    /// RFC 3986 §3.3 and §3.4.
    package static func isRequestPath(_ text: String) -> Bool {
        let allowed = Set("-._~!$&'()*+,;=:@/?%".utf8)
        return text.hasPrefix("/") && text.utf8.count <= pathBytes
            && text.utf8.allSatisfy { byte in
                allowed.contains(byte) || (48...57).contains(byte) || (65...90).contains(byte)
                    || (97...122).contains(byte)
            }
    }
}
