// SPDX-License-Identifier: Apache-2.0

/// What the exporter left for the launcher in `<layers>/config/metadata.toml` (platform specification, Launcher).
package struct LaunchMetadata: Hashable, Sendable {
    /// A buildpack that took part, in the order of the group.
    package struct Buildpack: Hashable, Sendable {
        /// The identifier, such as `forge/python`.
        package var id: String
        /// The buildpack API that it speaks.
        package var api: String

        /// Names a buildpack.
        package init(id: String, api: String) {
            self.id = id
            self.api = api
        }

        /// The name of its directory below the layers directory.
        package var directoryName: String { Self.directoryName(id) }

        /// The directory name that stands for an identifier.
        package static func directoryName(_ id: String) -> String { String(id.map { $0 == "/" ? "_" : $0 }) }
    }

    /// The buildpacks of the group.
    package var buildpacks: [Buildpack]
    /// The process types.
    package var processes: [LaunchProcess]

    /// Holds metadata.
    package init(buildpacks: [Buildpack], processes: [LaunchProcess]) {
        self.buildpacks = buildpacks
        self.processes = processes
    }

    /// Reads the file. Throws ``TOMLError`` or ``LaunchError``.
    package init(toml text: [UInt8]) throws {
        let document = try TOMLReader.read(text)
        buildpacks = try (document["buildpacks"]?.array ?? []).map { entry in
            guard let id = entry["id"]?.string else { throw LaunchError.metadata("a buildpack has no id") }
            return Buildpack(id: id, api: entry["api"]?.string ?? "")
        }
        processes = try (document["processes"]?.array ?? []).map(LaunchProcess.init(entry:))
    }
}

/// One process type of an image.
package struct LaunchProcess: Hashable, Sendable {
    /// The type, such as `web`.
    package var type: String
    /// The program and the arguments that always come with it.
    package var command: [String]
    /// The arguments that a caller may replace.
    package var args: [String]
    /// Whether it starts without a shell.
    package var direct: Bool
    /// Where it starts; `nil` is the app directory.
    package var workingDirectory: String?
    /// The execution environments it is for; none means all.
    package var execEnvironments: [String]
    /// The buildpack that defined it.
    package var buildpackID: String

    /// Describes a process type.
    package init(
        type: String,
        command: [String],
        args: [String] = [],
        direct: Bool = true,
        workingDirectory: String? = nil,
        execEnvironments: [String] = [],
        buildpackID: String = ""
    ) {
        self.type = type
        self.command = command
        self.args = args
        self.direct = direct
        self.workingDirectory = workingDirectory
        self.execEnvironments = execEnvironments
        self.buildpackID = buildpackID
    }

    init(entry: TOMLValue) throws(LaunchError) {
        guard let type = entry["type"]?.string else { throw LaunchError.metadata("a process has no type") }
        // Older buildpacks write the command as one string.
        let command = entry["command"]?.strings ?? entry["command"]?.string.map { [$0] } ?? []
        guard !command.isEmpty else { throw LaunchError.metadata("the process '\(type)' has no command") }
        self.init(
            type: type,
            command: command,
            args: entry["args"]?.strings ?? [],
            direct: entry["direct"]?.bool ?? false,
            workingDirectory: entry["working-dir"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            execEnvironments: entry["exec-env"]?.strings ?? [],
            buildpackID: entry["buildpack-id"]?.string ?? ""
        )
    }

    /// Whether it may run in an execution environment (buildpack specification, Execution Environments).
    package func isEligible(in environment: String) -> Bool {
        execEnvironments.isEmpty || execEnvironments.contains(environment) || execEnvironments.contains("*")
    }
}

/// Why nothing was launched.
package enum LaunchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is nothing to start.
    case commandRequired(processes: [String])
    /// The launch metadata is unusable.
    case metadata(String)
    /// A platform or buildpack API is not known; `exitCode` is 11 or 12.
    case unsupported(String, exitCode: Int32)
    /// A step failed.
    case failed(String)

    /// One line for a person.
    package var description: String {
        switch self {
        case .commandRequired(let processes):
            "when there is no default process a command is required"
                + (processes.isEmpty ? "" : " (process types: \(processes.joined(separator: ", ")))")
        case .metadata(let reason): "cannot use the launch metadata: \(reason)"
        case .unsupported(let reason, _): reason
        case .failed(let reason): reason
        }
    }

    /// The status to exit with (platform specification, Launcher, exit codes).
    package var exitCode: Int32 {
        switch self {
        case .unsupported(_, let exitCode): exitCode
        case .commandRequired, .metadata, .failed: 82
        }
    }
}
