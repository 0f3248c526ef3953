// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import Glibc

/// `/cnb/lifecycle/launcher`: prepares the environment of a process and becomes it (platform specification, Launcher).
@main struct ForgeLauncher {
    private let metadata: LaunchMetadata
    private let plan: LaunchPlan
    private let appDirectory: String
    private let layers: [String]
    private var environment: LayerEnvironment

    static func main() {
        do {
            var launcher = try ForgeLauncher(CommandLine.arguments, LayerEnvironment(Files.environment()))
            try launcher.launch()
        } catch let error as LaunchError {
            fail("\(error)", code: error.exitCode)
        } catch {
            fail("\(error)", code: 82)
        }
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        let line = Array("ERROR: failed to launch: \(message)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(code)
    }

    private init(_ arguments: [String], _ inherited: LayerEnvironment) throws {
        environment = inherited
        func value(_ name: String) -> String? { inherited[name].map { String(decoding: $0, as: UTF8.self) } }
        let layersDirectory = value("CNB_LAYERS_DIR") ?? "/layers"
        appDirectory = value("CNB_APP_DIR") ?? "/workspace"
        let file = layersDirectory + "/config/metadata.toml"
        do {
            metadata = try LaunchMetadata(toml: try Files.read(file, limit: 4 << 20))
        } catch let error as TOMLError {
            throw LaunchError.metadata("\(file): \(error)")
        }
        try LaunchPlan.check(platformAPI: value("CNB_PLATFORM_API"), metadata)
        plan = try LaunchPlan(
            name: arguments.first.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "",
            arguments: Array(arguments.dropFirst()),
            metadata: metadata,
            execEnvironment: value("CNB_EXEC_ENV").flatMap { $0.isEmpty ? nil : $0 } ?? "production"
        )
        layers = metadata.buildpacks.flatMap { buildpack in
            let directory = "\(layersDirectory)/\(buildpack.directoryName)"
            return Files.directories(in: directory).map { "\(directory)/\($0)" }
        }
    }

    private mutating func launch() throws {
        environment.removeLauncherVariables()
        try Files.change(to: appDirectory)
        try applyLayers()
        try runExecD()
        try Files.change(to: plan.workingDirectory ?? appDirectory)
        switch plan.form {
        case .direct: try Files.execute(plan.command, environment)
        case .shell(let script):
            let words = plan.bashArguments(profiles: profiles(), script: script, caller: CommandLine.arguments[0])
            try Files.execute("/bin/bash", words, environment)
        }
    }

    /// The directories of one kind that apply, such as `env.launch` and `env.launch/web`.
    private func variants(of directory: String) -> [String] {
        [directory] + (plan.processType.map { ["\(directory)/\($0)"] } ?? [])
    }

    private mutating func applyLayers() throws {
        for layer in layers {
            if Files.isDirectory(layer + "/bin") { environment.prepend(path: layer + "/bin", to: "PATH") }
            if Files.isDirectory(layer + "/lib") { environment.prepend(path: layer + "/lib", to: "LD_LIBRARY_PATH") }
        }
        for layer in layers {
            for directory in [layer + "/env"] + variants(of: layer + "/env.launch") {
                environment.apply(
                    try Files.files(in: directory).map { name in
                        LayerEnvironment.File(
                            name: name,
                            content: try Files.read("\(directory)/\(name)", limit: 1 << 20)
                        )
                    }
                )
            }
        }
    }

    private mutating func runExecD() throws {
        for layer in layers {
            for directory in variants(of: layer + "/exec.d") {
                for name in Files.files(in: directory) {
                    let program = "\(directory)/\(name)"
                    let output = try ExecD.run(program, environment)
                    for (name, value) in try ExecDOutput.variables(output, of: program) {
                        environment[name] = Array(value.utf8)
                    }
                }
            }
        }
    }

    private func profiles() -> [String] {
        let scripts = layers.flatMap { layer in
            variants(of: layer + "/profile.d").flatMap { directory in
                Files.files(in: directory).map { "\(directory)/\($0)" }
            }
        }
        let own = appDirectory + "/.profile"
        return scripts + (Files.isFile(own) ? [own] : [])
    }
}
