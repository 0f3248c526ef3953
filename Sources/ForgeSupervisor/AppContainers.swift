// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import ServiceLifecycle

/// The apps' containers while the platform goes down: they are stopped before podman is, and started again by the
/// reconciler after the next start, which finds them missing.
struct AppContainers: Service {
    /// What a container gets to end by itself after SIGTERM, in seconds.
    static let patience = 10

    let podman: PodmanService
    let folder: StateFolder
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        // Not a child of this task: a cancelled one would not be let run podman any more.
        await Task { await stopAll() }.value
    }

    /// Stops every container of this platform and waits until nothing of them is left in the process table.
    func stopAll() async {
        do {
            let command = podman.command(["stop", "--all", "--time", String(Self.patience)])
            let result = try await ToolRun.perform(command, scratch: folder.temporary)
            if result.status != .exited(0) {
                logger.warning("containers cannot be stopped", metadata: ["error": "\(result.lastLine)"])
            }
        } catch {
            logger.warning("containers cannot be stopped", metadata: ["error": "\(error)"])
        }
        await podman.leftovers.end(logger: logger)
    }
}

/// What must not outlive a boot, while the platform goes down: it is removed after podman has ended.
struct RunFolder: Service {
    let podman: PodmanService
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        podman.leftovers.removeRunFolder(logger: logger)
    }
}
