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
        guard manifest.processes.count <= ManifestRules.processes else {
            throw refused("processes", "may have at most \(ManifestRules.processes) entries")
        }
        for (type, settings) in manifest.processes { try check(settings, of: type) }
    }

    private func checkPath() throws {
        let path = manifest.build.path
        guard (try? BuildPath.normalise(path)) == path else {
            throw refused("build.path", "must be a relative path without '.' and '..' parts")
        }
    }

    private func check(_ variables: [String: String], at path: String) throws {
        guard variables.count <= ManifestRules.variables else {
            throw refused(path, "may have at most \(ManifestRules.variables) variables")
        }
        let bytes = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard bytes <= ManifestRules.variablesBytes else {
            throw refused(path, "must have at most \(ManifestRules.variablesBytes) bytes")
        }
        for (name, value) in variables {
            guard VariableName.isValid(name), !ManifestRules.isReserved(variable: name) else {
                throw refused(
                    path,
                    "has a name that is not allowed; use letters, digits and '_', not PORT and no CNB_…"
                )
            }
            guard ManifestRules.isText(value) else {
                throw refused("\(path).\(name)", "must have at most \(ManifestRules.textBytes) bytes and no NUL")
            }
        }
    }

    private func check(_ settings: ProcessSettings, of type: ProcessType) throws {
        let path = "processes.\(type)"
        guard type != .release else { throw refused(path, "is no process type; use 'release' beside 'processes'") }
        try checkCommand(settings.command, at: path)
        guard ManifestRules.instances.contains(settings.instances) else {
            throw refused("\(path).instances", "must be \(Self.words(ManifestRules.instances))")
        }
        guard settings.resources.cpu >= ManifestRules.leastCPU else {
            throw refused("\(path).resources.cpu", "must be at least \(ManifestRules.leastCPU)")
        }
        guard settings.resources.memory >= ManifestRules.leastMemory else {
            throw refused("\(path).resources.memory", "must be at least \(ManifestRules.leastMemory)")
        }
        if let port = settings.port, type != .web || !ManifestRules.ports.contains(port) {
            throw refused("\(path).port", "must be \(Self.words(ManifestRules.ports)), and only web has one")
        }
        if case .http(let route, _) = settings.healthcheck, !ManifestRules.isRequestPath(route) {
            throw refused("\(path).healthcheck.path", "must begin with '/' and be the path of a URL")
        }
        guard settings.port != nil || settings.healthcheck == .none else {
            throw refused("\(path).healthcheck", "needs a port, which only web has")
        }
    }

    private func checkCommand(_ command: ProcessCommand?, at path: String) throws {
        guard case .shell(let line) = command else { return }
        guard ManifestRules.isCommand(line) else {
            throw refused(
                "\(path).command",
                "must not be blank, and have at most \(ManifestRules.textBytes) bytes and no NUL"
            )
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

    private func refused(_ path: String, _ rule: String) -> Problem {
        Problem(.invalidRequest, status: .unprocessableContent, "manifest: '\(path)' \(rule)")
    }
}
