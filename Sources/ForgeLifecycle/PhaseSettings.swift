// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeLaunch
import FoundationEssentials
import Glibc

/// What a phase was told: flags first, then the environment, then the defaults of the platform specification.
struct PhaseSettings: Sendable {
    private let flags: PhaseFlags
    let environment: [String: String]
    let platformAPI: String

    /// Checks the platform API before anything else. Throws ``PhaseError`` with 11, or 3 for bad flags.
    init(_ words: [String], environment: [String: String]) throws(PhaseError) {
        let supported = SupportedAPI.platform.joined(separator: ", ")
        guard let api = environment["CNB_PLATFORM_API"], !api.isEmpty else {
            throw PhaseError(
                PhaseError.Code.platformAPI,
                "CNB_PLATFORM_API is not set; set it to one of \(supported)"
            )
        }
        guard SupportedAPI.platform.contains(api) else {
            throw PhaseError(
                PhaseError.Code.platformAPI,
                "platform API '\(api)' is not supported; supported: \(supported)"
            )
        }
        platformAPI = api
        flags = try PhaseFlags(words)
        self.environment = environment
        if self[.daemon].flatMap(PhaseFlags.boolean) == true {
            throw PhaseError(PhaseError.Code.arguments, "-daemon is not supported: images go to a registry")
        }
    }

    /// The arguments behind the flags.
    var arguments: [String] { flags.arguments }

    /// The value of a flag or its variable; empty ones count as absent.
    subscript(flag: PhaseFlag) -> String? {
        let value = flags.values[flag]?.last ?? flag.variable.flatMap { environment[$0] }
        return value?.isEmpty == false ? value : nil
    }

    /// Whether a boolean flag is on.
    func isSet(_ flag: PhaseFlag) -> Bool { self[flag].flatMap(PhaseFlags.boolean) ?? false }

    /// All values of a flag that may repeat, or of its comma-separated variable.
    func list(_ flag: PhaseFlag) -> [String] {
        let given = flags.values[flag] ?? flag.variable.flatMap { environment[$0] }.map { [$0] } ?? []
        return given.flatMap { $0.split(separator: ",").map(String.init) }
    }

    // MARK: Places

    var app: String { absolute(self[.app] ?? "/workspace") }
    var layers: String { absolute(self[.layers] ?? "/layers") }
    var platform: String { absolute(self[.platform] ?? "/platform") }
    var buildpacks: String { absolute(self[.buildpacks] ?? "/cnb/buildpacks") }
    var buildConfig: String { absolute(self[.buildConfig] ?? "/cnb/build-config") }
    var launcher: String { absolute(self[.launcher] ?? "/cnb/lifecycle/launcher") }
    var run: String { absolute(self[.run] ?? "/cnb/run.toml") }
    var system: String { absolute(self[.system] ?? "/cnb/system.toml") }
    var group: String { absolute(self[.group] ?? layers + "/group.toml") }
    var plan: String { absolute(self[.plan] ?? layers + "/plan.toml") }
    var analyzed: String { absolute(self[.analyzed] ?? layers + "/analyzed.toml") }
    var report: String { absolute(self[.report] ?? layers + "/report.toml") }
    var projectMetadata: String { absolute(self[.projectMetadata] ?? layers + "/project-metadata.toml") }
    var cacheDirectory: String? { self[.cacheDir].map(absolute) }
    var execEnvironment: String { environment["CNB_EXEC_ENV"].flatMap { $0.isEmpty ? nil : $0 } ?? "production" }

    var order: String {
        if let given = self[.order] { return absolute(given) }
        let own = layers + "/order.toml"
        return FileManager.default.fileExists(atPath: own) ? own : "/cnb/order.toml"
    }

    /// The image that layers are cached in; it goes before a cache directory.
    func cacheImage() throws(PhaseError) -> ImageName? {
        guard let text = self[.cacheImage] else { return nil }
        return try ImageName(text)
    }

    /// Whether layers for a registry are compressed.
    func compressesLayers(for registry: String) throws(PhaseError) -> Bool {
        switch self[.layerCompression] {
        // To a registry on the same machine compressing costs more than it saves.
        case nil: return !URLHost("http://" + registry).isLoopback
        case "gzip": return true
        case "none": return false
        case let other?:
            throw PhaseError(PhaseError.Code.arguments, "-layer-compression '\(other)' is neither gzip nor none")
        }
    }

    /// The owner that exported files get.
    func owner() throws(PhaseError) -> (uid: UInt32, gid: UInt32) {
        (try number(.uid) ?? geteuid(), try number(.gid) ?? getegid())
    }

    private func number(_ flag: PhaseFlag) throws(PhaseError) -> UInt32? {
        guard let text = self[flag] else { return nil }
        guard let number = UInt32(text) else {
            throw PhaseError(PhaseError.Code.arguments, "-\(flag.rawValue) '\(text)' is not a number")
        }
        return number
    }

    private func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
