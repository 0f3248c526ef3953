// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI

/// The environment of `bin/detect` and `bin/build` (buildpack specification, Environment).
///
/// Only what is listed here reaches code of the app; everything else of the lifecycle's own environment, credentials
/// first of all, stays outside.
struct BuildEnvironment: Sendable {
    private static let inherited = [
        "CPATH", "CNB_STACK_ID", "HOME", "HOSTNAME", "HTTPS_PROXY", "HTTP_PROXY", "LD_LIBRARY_PATH", "LIBRARY_PATH",
        "NO_PROXY", "PATH", "PKG_CONFIG_PATH", "https_proxy", "http_proxy", "no_proxy",
        // Where a company's proxy or package index has its own certificate authority, nothing is downloaded without.
        "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE",
    ]
    private static let pathVariables: Set<String> = [
        "CPATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "PATH", "PKG_CONFIG_PATH",
    ]

    /// What the layers of earlier buildpacks made of it.
    private(set) var layered: LayerEnvironment
    private let platform: [LayerEnvironment.File]
    private let builder: [LayerEnvironment.File]
    private let execEnvironment: String

    /// Reads `<platform>/env` and `<build-config>/env`.
    init(_ settings: PhaseSettings) throws {
        let values = settings.environment.filter { Self.inherited.contains($0.key) || $0.key.hasPrefix("PIP_") }
        layered = LayerEnvironment(values.mapValues { Array($0.utf8) })
        platform = try Self.files(settings.platform + "/env")
        builder = try Self.files(settings.buildConfig + "/env")
        execEnvironment = settings.execEnvironment
    }

    /// The variables for one buildpack, with the lifecycle's own in `own`.
    func variables(for buildpack: BuildpackDescriptor, own: [String: String]) -> LayerEnvironment {
        var environment = layered
        if !buildpack.clearsEnvironment {
            for file in platform {
                if Self.pathVariables.contains(file.name) {
                    environment.prepend(file.content, to: file.name, delimiter: [UInt8(ascii: ":")])
                } else {
                    environment[file.name] = file.content
                }
            }
        }
        environment.apply(builder, plain: .default)
        for (name, value) in own { environment[name] = Array(value.utf8) }
        environment["CNB_BUILDPACK_DIR"] = Array(buildpack.directory.utf8)
        environment["CNB_EXEC_ENV"] = Array(execEnvironment.utf8)
        return environment
    }

    /// Adds a build layer: first its directories to the paths, then its files.
    mutating func add(layer: String) throws {
        for (directory, names) in [
            ("bin", ["PATH"]), ("lib", ["LD_LIBRARY_PATH", "LIBRARY_PATH"]), ("include", ["CPATH"]),
            ("pkgconfig", ["PKG_CONFIG_PATH"]),
        ] where try TextFile.isDirectory("\(layer)/\(directory)") {
            for name in names { layered.prepend(path: "\(layer)/\(directory)", to: name) }
        }
        for directory in ["env", "env.build"] { layered.apply(try Self.files("\(layer)/\(directory)")) }
    }

    private static func files(_ directory: String) throws -> [LayerEnvironment.File] {
        try TextFile.names(in: directory).compactMap { name in
            guard try TextFile.status("\(directory)/\(name)")?.kind == .file else { return nil }
            return LayerEnvironment.File(name: name, content: try TextFile.bytes("\(directory)/\(name)") ?? [])
        }
    }
}
