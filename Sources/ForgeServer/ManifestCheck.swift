// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
import HTTPTypes

/// Whether a manifest from outside keeps to specs/forge-yaml.md. `forge` has read forge.yaml with care, and a program
/// that calls the API itself may have made the document by hand: the engine gets only what forge.yaml could say.
struct ManifestCheck {
    private let manifest: AppManifest

    init(_ manifest: AppManifest) { self.manifest = manifest }

    /// Throws a problem that names the first field that is not allowed.
    func check(_ app: AppName) throws {
        guard manifest.name == app else {
            throw refused("name", "must be '\(app)', as in the path, not '\(manifest.name)'")
        }
        try checkPath()
        try check(manifest.env, at: "env")
        try check(manifest.build.env, at: "build.env")
        try checkCommand(manifest.release, at: "release")
        guard manifest.processes.count <= 50 else { throw refused("processes", "may have at most 50 entries") }
        for (type, settings) in manifest.processes { try check(settings, of: type) }
    }

    private func checkPath() throws {
        let path = manifest.build.path
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = path == "." || parts.allSatisfy { !["", ".", ".."].contains($0) }
        guard isPlain, path.utf8.count <= 1024, path.isFreeOfControls else {
            throw refused("build.path", "must be a relative path without '.' and '..' parts")
        }
    }

    private func check(_ variables: [String: String], at path: String) throws {
        guard variables.count <= 1000 else { throw refused(path, "may have at most 1000 variables") }
        let bytes = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard bytes <= 512 << 10 else { throw refused(path, "must have at most 512 KiB") }
        for (name, value) in variables {
            guard name.isVariableName, name.utf8.count <= 128, name != "PORT", !name.hasPrefix("CNB_") else {
                throw refused(
                    path,
                    "has a name that is not allowed; use letters, digits and '_', not PORT and no CNB_…"
                )
            }
            guard value.utf8.count <= 64 << 10, !value.utf8.contains(0) else {
                throw refused("\(path).\(name)", "must have at most 64 KiB and no NUL")
            }
        }
    }

    private func check(_ settings: ProcessSettings, of type: ProcessType) throws {
        let path = "processes.\(type)"
        guard type != .release else { throw refused(path, "is no process type; use 'release' beside 'processes'") }
        try checkCommand(settings.command, at: path)
        guard (0...100).contains(settings.instances) else { throw refused("\(path).instances", "must be 0 to 100") }
        if let port = settings.port, type != .web || !(1024...65535).contains(port) {
            throw refused("\(path).port", "must be 1024 to 65535, and only web has one")
        }
        if case .http(let route, _) = settings.healthcheck {
            guard route.hasPrefix("/"), route.utf8.count <= 1024, route.isFreeOfControls, !route.contains(" ") else {
                throw refused("\(path).healthcheck.path", "must begin with '/' and have no spaces")
            }
        }
        guard settings.port != nil || settings.healthcheck == .none else {
            throw refused("\(path).healthcheck", "needs a port, which only web has")
        }
    }

    private func checkCommand(_ command: ProcessCommand?, at path: String) throws {
        guard case .shell(let line) = command else { return }
        guard !line.isEmpty, line.utf8.count <= 64 << 10, !line.utf8.contains(0) else {
            throw refused("\(path).command", "must have 1 byte to 64 KiB and no NUL")
        }
    }

    private func refused(_ path: String, _ rule: String) -> Problem {
        Problem(.invalidRequest, status: .unprocessableContent, "manifest: '\(path)' \(rule)")
    }
}

extension String {
    fileprivate var isFreeOfControls: Bool {
        unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    fileprivate var isVariableName: Bool {
        guard let first = utf8.first, !(48...57).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "_")
        }
    }
}
