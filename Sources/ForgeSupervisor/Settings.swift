// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What a platform keeps from its first start on (specs/supervisor.md §4).
package struct Settings: Hashable, Sendable, Codable {
    /// Where the API listens, on loopback.
    package var apiPort: Int
    /// Where the router listens, on loopback.
    package var httpPort: Int
    /// Where the registry listens, on loopback.
    package var registryPort: Int
    /// The domain below which apps get their hosts.
    package var baseDomain: String
    /// The certificates that builds trust: one PEM file.
    package var caBundle: String
    /// What builds get into their environment, so that they reach packages the way this machine does.
    package var buildEnvironment: [String: String]

    /// Holds settings.
    package init(
        apiPort: Int,
        httpPort: Int,
        registryPort: Int,
        baseDomain: String,
        caBundle: String,
        buildEnvironment: [String: String]
    ) {
        self.apiPort = apiPort
        self.httpPort = httpPort
        self.registryPort = registryPort
        self.baseDomain = baseDomain
        self.caBundle = caBundle
        self.buildEnvironment = buildEnvironment
    }

    /// What flags say; they win over what is kept, and are kept.
    package struct Flags: Hashable, Sendable {
        /// `--api-port`.
        package var apiPort: Int?
        /// `--http-port`.
        package var httpPort: Int?
        /// `--registry-port`.
        package var registryPort: Int?
        /// `--base-domain`.
        package var baseDomain: String?
        /// `--ca-bundle`.
        package var caBundle: String?

        /// Holds flags.
        package init(
            apiPort: Int? = nil,
            httpPort: Int? = nil,
            registryPort: Int? = nil,
            baseDomain: String? = nil,
            caBundle: String? = nil
        ) {
            self.apiPort = apiPort
            self.httpPort = httpPort
            self.registryPort = registryPort
            self.baseDomain = baseDomain
            self.caBundle = caBundle
        }
    }

    /// Reads the settings of a platform that was started before; throws `unavailable` when there is none.
    package static func load(_ folder: StateFolder) throws -> Settings {
        guard let settings = try StateFile.load(Settings.self, from: folder.settings) else {
            throw SupervisorError(.unavailable, "there is no platform in '\(folder.path)' yet: forge up starts one")
        }
        return try settings.checked()
    }

    /// The kept settings, or new ones from the machine's surroundings, with the flags on top; keeps the result.
    static func settle(_ folder: StateFolder, flags: Flags, surroundings: Surroundings) throws -> Settings {
        var settings: Settings
        if let kept = try StateFile.load(Settings.self, from: folder.settings) {
            settings = kept
        } else {
            settings = Settings(
                apiPort: 7777,
                httpPort: 8080,
                registryPort: try flags.registryPort ?? (try LoopbackPort.anyFree()),
                baseDomain: "localhost",
                caBundle: surroundings.caBundle,
                buildEnvironment: surroundings.buildEnvironment
            )
        }
        let kept = settings
        settings.apiPort = flags.apiPort ?? settings.apiPort
        settings.httpPort = flags.httpPort ?? settings.httpPort
        settings.registryPort = flags.registryPort ?? settings.registryPort
        settings.baseDomain = flags.baseDomain ?? settings.baseDomain
        settings.caBundle = flags.caBundle ?? settings.caBundle
        let checked = try settings.checked()
        if try checked != kept || StateFile.read(folder.settings) == nil {
            try StateFile.save(checked, to: folder.settings)
        }
        return checked
    }

    /// The three ports with the flags that set them.
    var ports: [(name: String, flag: String, number: Int)] {
        [
            ("API", "--api-port", apiPort), ("router", "--http-port", httpPort),
            ("registry", "--registry-port", registryPort),
        ]
    }

    private func checked() throws -> Settings {
        for port in ports where !(1...65_535).contains(port.number) {
            throw SupervisorError(.invalid, "\(port.flag) \(port.number): a port is a number from 1 to 65535")
        }
        guard Set(ports.map(\.number)).count == ports.count else {
            throw SupervisorError(.invalid, "API, router and registry need three different ports")
        }
        do {
            _ = try Host(baseDomain)
        } catch {
            throw SupervisorError(.invalid, "--base-domain: \(error)")
        }
        guard caBundle.hasPrefix("/") else {
            throw SupervisorError(.invalid, "--ca-bundle '\(caBundle)': use the absolute path of a PEM file")
        }
        return self
    }
}
