// SPDX-License-Identifier: Apache-2.0

import ForgeSupervisor
import ServiceLifecycle

/// Says that the process is alive, for a cluster's probes of a role that answers nobody: touches a file again and again.
struct Heartbeat: Service {
    let file: String

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try StateFile.replace(file, with: [])
                try await Task.sleep(for: .seconds(5))
            }
        }
    }
}
