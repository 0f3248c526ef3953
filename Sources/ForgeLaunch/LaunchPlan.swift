// SPDX-License-Identifier: Apache-2.0

/// What will be started: chosen from the name and the arguments that the launcher was called with.
package struct LaunchPlan: Hashable, Sendable {
    /// How it starts.
    package enum Form: Hashable, Sendable {
        /// The program itself, found through PATH.
        case direct
        /// A shell, after the profile scripts; `script` says that the command is a shell line, not a program.
        case shell(script: Bool)
    }

    /// The process type, whose own settings apply; `nil` for a command of the caller.
    package var processType: String?
    /// How it starts.
    package var form: Form
    /// The program and its arguments.
    package var command: [String]
    /// Where it starts; `nil` is the app directory.
    package var workingDirectory: String?

    /// Refuses APIs that are not known here (platform specification, Platform API compatibility).
    package static func check(platformAPI: String?, _ metadata: LaunchMetadata) throws(LaunchError) {
        guard let platformAPI, !platformAPI.isEmpty else {
            throw .unsupported(
                "CNB_PLATFORM_API is not set; set it to one of \(list(SupportedAPI.platform))",
                exitCode: 11
            )
        }
        guard SupportedAPI.platform.contains(platformAPI) else {
            let known = list(SupportedAPI.platform)
            throw .unsupported("platform API '\(platformAPI)' is not supported; supported: \(known)", exitCode: 11)
        }
        for buildpack in metadata.buildpacks where !SupportedAPI.buildpack.contains(buildpack.api) {
            let known = list(SupportedAPI.buildpack)
            throw .unsupported(
                "buildpack '\(buildpack.id)' needs buildpack API '\(buildpack.api)'; supported: \(known)",
                exitCode: 12
            )
        }
    }

    /// Chooses what to start (platform specification, Launcher).
    ///
    /// `name` is the last component of `argv[0]`, which names a process type when the launcher was called through
    /// `/cnb/process/<type>`.
    package init(
        name: String,
        arguments: [String],
        metadata: LaunchMetadata,
        execEnvironment: String
    ) throws(LaunchError) {
        let eligible = metadata.processes.filter { $0.isEligible(in: execEnvironment) }
        if let process = eligible.first(where: { $0.type == name }) {
            self.init(
                process,
                arguments: arguments,
                api: metadata.buildpacks.first { $0.id == process.buildpackID }?.api
            )
        } else if arguments.first == "--", arguments.count > 1 {
            self.init(processType: nil, form: .direct, command: Array(arguments.dropFirst()))
        } else if arguments.isEmpty || arguments == ["--"] {
            throw .commandRequired(processes: eligible.map(\.type))
        } else {
            self.init(processType: nil, form: .shell(script: arguments.count == 1), command: arguments)
        }
    }

    private init(_ process: LaunchProcess, arguments: [String], api: String?) {
        // Up to buildpack API 0.8 the caller's arguments are added; since 0.9, and whenever the command itself has
        // arguments, they replace those of the process.
        let appends = api == "0.8" && process.command.count == 1
        let args = arguments.isEmpty ? process.args : appends ? process.args + arguments : arguments
        self.init(
            processType: process.type,
            form: process.direct ? .direct : .shell(script: process.command.count == 1 && args.isEmpty),
            command: process.command + args,
            workingDirectory: process.workingDirectory
        )
    }

    private init(processType: String?, form: Form, command: [String], workingDirectory: String? = nil) {
        self.processType = processType
        self.form = form
        self.command = command
        self.workingDirectory = workingDirectory
    }

    /// The arguments of bash for a shell form, after sourcing `profiles` in order.
    ///
    /// A script is run as bash reads it; otherwise every word is expanded by the shell on its own and stays one word.
    package func bashArguments(profiles: [String], script: Bool, caller: String) -> [String] {
        var text = profiles.map { "source \(Self.quoted($0))\n" }.joined()
        if script {
            text += #"exec bash -c "$@""#
        } else {
            let words = command.indices.map { #""$(eval echo \"$\#($0 > 9 ? "{\($0)}" : String($0))\")""# }
            text += "exec bash -c '\(words.joined(separator: " "))' \"${@:1}\""
        }
        return ["bash", "-c", text, caller] + command
    }

    private static func quoted(_ path: String) -> String {
        "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static func list(_ versions: [String]) -> String { versions.joined(separator: ", ") }
}
