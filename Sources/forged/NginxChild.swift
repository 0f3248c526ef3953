// SPDX-License-Identifier: Apache-2.0

import ForgeRouter
import ForgeSupervisor

extension Child {
    /// nginx, with its configuration written and checked before each start.
    static func nginx(
        _ executable: String,
        _ installation: NginxInstallation,
        call: LocalCall,
        hasLog: Bool = true
    ) -> Child {
        Child(name: "nginx", patience: .seconds(10), hasLog: hasLog) {
            try await installation.prepare()
            return ChildCommand(
                executable,
                installation.arguments,
                environment: ["PATH": NginxInstallation.searchPath, "LC_ALL": "C.UTF-8"]
            )
        } probe: {
            let socket = installation.configuration.settings.controlSocket
            let status = await call.status("http://router/table", unixSocket: socket)
            return status == 200 || status == 404
        }
    }
}
