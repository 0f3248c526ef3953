// SPDX-License-Identifier: Apache-2.0

/// The machine's apt settings that say how it reaches the outside: proxies, certificates, retries.
enum AptOptions {
    /// Settings below these are passed on; the others are about this machine's own packages.
    private static let prefixes = ["Acquire::http::", "Acquire::https::", "Acquire::Retries", "Acquire::ForceIPv"]

    /// The lines of `apt-config dump` that matter, ready for apt.conf(5).
    static func connection(dump: String) -> [String] {
        dump.split(whereSeparator: \.isNewline).map(String.init).filter { line in
            prefixes.contains { line.hasPrefix($0) } && !line.hasSuffix(" \"\";")
        }
    }

    /// Where the machine keeps user names and passwords of mirrors (apt_auth.conf(5)).
    static func credentials(folder: String = "/etc/apt") -> [String] {
        var lines: [String] = []
        if ProgramSearch.isFile(folder + "/auth.conf") { lines.append("Dir::Etc::netrc \"\(folder)/auth.conf\";") }
        lines.append("Dir::Etc::netrcparts \"\(folder)/auth.conf.d\";")
        return lines
    }
}
