// SPDX-License-Identifier: Apache-2.0

/// How this machine reaches the outside, as far as builds need to know it (specs/supervisor.md §4).
package struct Surroundings: Hashable, Sendable {
    /// Debian's bundle, made by its package ca-certificates.
    static let debianBundle = "/etc/ssl/certs/ca-certificates.crt"
    /// Variables that hold a CA bundle's path, the most general one first.
    static let bundleVariables = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE"]
    /// Variables that builds get as they are.
    static let passedVariables = [
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
        "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "NPM_CONFIG_REGISTRY", "GOPROXY",
    ]
    /// pip's settings that have the same meaning in a build, and the variables that set them.
    static let pipSettings = [
        "index-url": "PIP_INDEX_URL", "extra-index-url": "PIP_EXTRA_INDEX_URL", "trusted-host": "PIP_TRUSTED_HOST",
        "proxy": "PIP_PROXY",
    ]

    /// The certificates that builds trust.
    package let caBundle: String
    /// What builds get into their environment.
    package let buildEnvironment: [String: String]

    /// Looks at the environment of the start and at pip's own files, the environment first.
    package static func observe(environment: [String: String]) -> Surroundings {
        let named = bundleVariables.compactMap { environment[$0] }
        let bundle = named.first { $0.hasPrefix("/") && isReadable($0) } ?? debianBundle
        var build: [String: String] = [:]
        for file in pipFiles(environment) {
            guard let bytes = try? StateFile.read(file) else { continue }
            for (key, value) in pipConfiguration(String(decoding: bytes, as: UTF8.self)) {
                if let variable = pipSettings[key] { build[variable] = value }
            }
        }
        for name in passedVariables {
            if let value = environment[name], !value.isEmpty { build[name] = value }
        }
        return Surroundings(caBundle: bundle, buildEnvironment: build)
    }

    /// Later files win (pip's documentation, Configuration §Location).
    private static func pipFiles(_ environment: [String: String]) -> [String] {
        var files = ["/etc/pip.conf"]
        if let home = environment["HOME"] {
            files.append(home + "/.pip/pip.conf")
            files.append((environment["XDG_CONFIG_HOME"] ?? home + "/.config") + "/pip/pip.conf")
        }
        if let named = environment["PIP_CONFIG_FILE"] { files.append(named) }
        return files
    }

    /// The settings of the sections `[global]` and `[install]`, values over several lines joined by a space.
    static func pipConfiguration(_ text: String) -> [String: String] {
        var settings: [String: String] = [:]
        var applies = false
        var key: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmingSpaces()
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("[") {
                applies = content == "[global]" || content == "[install]"
                key = nil
            } else if let first = line.first, first == " " || first == "\t", let key, applies {
                settings[key] = [settings[key], content].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
            } else if applies, let equals = content.firstIndex(of: "=") {
                let name = content[..<equals].trimmingSpaces()
                settings[name] = content[content.index(after: equals)...].trimmingSpaces()
                key = name
            }
        }
        return settings
    }

    private static func isReadable(_ path: String) -> Bool { ProgramSearch.isFile(path) }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    func trimmingSpaces() -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...last])
    }
}
