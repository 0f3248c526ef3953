// SPDX-License-Identifier: Apache-2.0

import Dispatch
import ForgeEngine
import Glibc

/// The packet filter rule that keeps the platform's bridges apart.
///
/// netavark's `isolate` alone does not: when the last container leaves an isolated network, netavark 1.4 also removes the
/// jump that all other isolated networks need, and until the next container starts every app can reach every other.
/// This rule is nobody's but ours. It is in the table `mangle`, which netavark, Docker and firewall front ends leave
/// alone and which is passed before `filter`.
package struct NetworkIsolation: Sendable {
    /// What the names of bridges start with; at most 15 characters in all.
    static let bridgePrefix = "forge"

    private let instance: String
    /// Looking and adding are two steps; two callers would add it twice.
    private let lock = AsyncLock()

    /// The rule of a platform instance (`PodmanSettings.instance`).
    package init(instance: String) { self.instance = instance }

    /// Adds the rule unless it is there.
    /// - Throws: `ClusterError` when it cannot be added: then nothing may start.
    func ensure() async throws {
        try await lock.locked {
            let passesBridges = Self.bridgesPassTheFilter
            if try await iptables("-C", passesBridges) == 0 { return }
            let code = try await iptables("-I", passesBridges)
            guard code == 0 else {
                throw ClusterError(
                    .refused,
                    "apps cannot be kept apart: iptables ended with \(code); it needs root and the kernel's packet filter"
                )
            }
            // The host's setting may have been the other one before.
            _ = try await iptables("-D", !passesBridges)
        }
    }

    /// Removes the rule, at the end of a platform whose containers are gone.
    package func remove() async throws {
        try await lock.locked {
            for passesBridges in [true, false] {
                while try await iptables("-D", passesBridges) == 0 {}
            }
        }
    }

    /// Runs `iptables` with one of its commands for the rule; returns its exit code.
    private func iptables(_ command: String, _ passesBridges: Bool) async throws -> Int32 {
        let paths = ["/usr/sbin/iptables", "/sbin/iptables", "/usr/bin/iptables"]
        guard let path = paths.first(where: { access($0, X_OK) == 0 }) else {
            throw ClusterError(.refused, "apps cannot be kept apart: iptables is not installed")
        }
        let arguments = [path, "-w", "10", "-t", "mangle", command, "FORWARD"] + rule(passesBridges)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.run(arguments)) }
        }
    }

    /// Whatever comes from one of our bridges and would leave by one is dropped, but what stays on one bridge is let
    /// through where that passes the filter at all.
    private func rule(_ passesBridges: Bool) -> [String] {
        let bridges = "\(Self.bridgePrefix)+"
        return ["-i", bridges, "-o", bridges]
            + (passesBridges ? ["-m", "physdev", "!", "--physdev-is-bridged"] : [])
            + ["-m", "comment", "--comment", "forge-\(instance)", "-j", "DROP"]
    }

    /// Kubernetes and Docker turn this on for a host. The match `physdev` is used only then: it would turn it on, too.
    private static var bridgesPassTheFilter: Bool {
        SmallFile.read("/proc/sys/net/bridge/bridge-nf-call-iptables")?.hasPrefix("1") ?? false
    }

    /// Blocks until the program has ended; 127 when it cannot be started.
    private static func run(_ arguments: [String]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let argv = arguments.map { strdup($0) } + [nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer { for pointer in argv + environment { free(pointer) } }
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], &actions, nil, argv, environment) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
