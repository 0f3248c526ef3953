// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import ForgeOCI

/// The process types of an image, gathered from the buildpacks in the order of the group (buildpack specification,
/// launch.toml; platform specification, Builder).
struct ProcessTable: Hashable, Sendable {
    /// The processes by type.
    private(set) var processes: [String: LaunchProcess] = [:]
    /// The type that starts when none is named.
    private(set) var defaultType: String?

    /// The processes in the order of their types, so that equal builds are equal.
    var sorted: [LaunchProcess] { processes.values.sorted { $0.type.utf8.lexicographicallyPrecedes($1.type.utf8) } }

    /// Adds what one buildpack defines; later ones win. Returns warnings.
    mutating func add(_ launch: LaunchFile, by buildpack: GroupEntry) throws -> [String] {
        var warnings: [String] = []
        let added = launch.processes ?? []
        guard added.count(where: { $0.default == true }) <= 1 else {
            throw PhaseError(PhaseError.Code.build, "\(buildpack.key) marks more than one process as default")
        }
        for process in added {
            processes[process.type] = try Self.process(process, by: buildpack)
            if process.default == true {
                defaultType = process.type
            } else if defaultType == process.type {
                defaultType = nil
                warnings.append("\(buildpack.key) redefines '\(process.type)', which is no longer the default process")
            }
        }
        return warnings
    }

    private static func process(_ process: LaunchFile.Process, by buildpack: GroupEntry) throws -> LaunchProcess {
        let isType = process.type.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isType, !process.type.isEmpty, process.type != ".", process.type != ".." else {
            let rule = "use letters, digits, '.', '_' and '-'"
            throw PhaseError(PhaseError.Code.build, "\(buildpack.key) has the process type '\(process.type)'; \(rule)")
        }
        let isArrayForm = buildpack.api != "0.8"
        guard !isArrayForm || process.direct == nil else {
            throw PhaseError(
                PhaseError.Code.build,
                "\(buildpack.key) sets 'direct' on process '\(process.type)', which its buildpack API does not have"
            )
        }
        let command = isArrayForm ? process.command.array?.compactMap(\.string) : process.command.string.map { [$0] }
        guard let command, !command.isEmpty else {
            let form = isArrayForm ? "an array of strings" : "a string"
            throw PhaseError(
                PhaseError.Code.build,
                "\(buildpack.key) gives process '\(process.type)' a command that is not \(form)"
            )
        }
        return LaunchProcess(
            type: process.type,
            command: command,
            args: process.args ?? [],
            direct: isArrayForm ? true : process.direct ?? false,
            workingDirectory: process.workingDirectory,
            execEnvironments: process.execEnvironments ?? [],
            buildpackID: buildpack.id
        )
    }
}
