// SPDX-License-Identifier: Apache-2.0

import ForgeRouter
import ForgeSupervisor

/// The two parts of a platform that people reach: the router, and the daemon itself.
struct PlatformEdges: Sendable {
    private let folder: StateFolder
    private let settings: Settings
    private let environment: [String: String]
    private let installation: NginxInstallation
    private let executable: String
    private let call: LocalCall

    init(supervisor: Supervisor, environment: [String: String]) throws {
        folder = supervisor.folder
        settings = supervisor.settings
        call = supervisor.call
        self.environment = environment
        executable = try supervisor.programs.require("nginx", from: "nginx")
        installation = try NginxInstallation(settings: MachineComposition.routerSettings(folder, settings))
    }

    /// nginx, which routes requests to apps.
    var nginx: Child { .nginx(executable, installation, call: call) }

    /// The API, the reconciler and the watcher of containers, in one process.
    var serve: Child {
        Child(name: "serve", patience: .seconds(20)) {
            let names = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "FORGE_LOG_LEVEL"]
            return ChildCommand(
                Installation.executable,
                ["serve", "--state", folder.path],
                environment: environment.filter { names.contains($0.key) }
            )
        } probe: {
            await call.status("http://127.0.0.1:\(settings.apiPort)/healthz") == 200
        }
    }
}
