// SPDX-License-Identifier: Apache-2.0

/// The keys of one block of forge.yaml (specs/forge-yaml.md §3).
struct ManifestBlock {
    /// Keys that are read.
    let keys: [String]
    /// Keys of the schema that no version reads yet; they are no typing mistakes, and are refused in their own words.
    let coming: [String]

    static let top = ManifestBlock(
        keys: ["version", "name", "build", "env", "release", "processes", "drift"],
        coming: ["domains", "tls", "cron", "deploy", "environments"]
    )
    static let build = ManifestBlock(keys: ["path", "env"], coming: ["builder", "buildpacks", "ignore", "image"])
    static let release = ManifestBlock(keys: ["command"], coming: ["timeout"])
    static let process = ManifestBlock(
        keys: ["command", "instances", "resources", "port", "healthcheck"],
        coming: ["autoscale", "liveness", "stop", "expose"]
    )
    static let resources = ManifestBlock(keys: ["cpu", "memory"], coming: ["requests", "limits"])
    static let healthcheck = ManifestBlock(
        keys: ["path", "grace"],
        coming: ["interval", "timeout", "failures", "tcp", "command"]
    )
    /// A mapping as the value of a variable.
    static let variable = ManifestBlock(keys: [], coming: ["secret", "generate", "required", "description"])

    func isComing(_ key: String) -> Bool {
        coming.contains(key) || (self == .top && key.hasPrefix("x-"))
    }
}

extension ManifestBlock: Equatable {}
