// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials
import Glibc

/// podman's API service over storage, networks and settings of this platform's own; the machine's are not touched.
package struct PodmanService: Sendable {
    let folder: StateFolder
    let executable: String
    let runtime: String
    let registryPort: Int
    let call: LocalCall

    /// What must not outlive a boot of the machine: mounts, locks, sockets. One folder per platform.
    static func runFolder(of folder: StateFolder) -> String {
        if geteuid() != 0 { return folder.podman + "/run" }
        return "/run/forge/" + folder.instance
    }

    var runFolder: String { Self.runFolder(of: folder) }

    /// What it may leave of containers.
    var leftovers: Leftovers { Leftovers(folder: folder, runFolder: runFolder) }

    /// What every call of podman for this platform starts with (specs/podman.md).
    var arguments: [String] {
        [
            "--root", folder.podman + "/storage", "--runroot", runFolder + "/storage", "--tmpdir",
            runFolder + "/libpod",
            "--network-config-dir", folder.podman + "/networks", "--runtime", runtime, "--cgroup-manager", "cgroupfs",
            "--events-backend", "file", "--log-level", "warn",
        ]
    }

    /// The environment of every call: podman reads these files instead of the machine's.
    var environment: [String: String] {
        [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder.podman,
            "TMPDIR": folder.temporary, "LC_ALL": "C.UTF-8",
            "CONTAINERS_CONF": folder.podman + "/containers.conf",
            "CONTAINERS_STORAGE_CONF": folder.podman + "/storage.conf",
            "CONTAINERS_REGISTRIES_CONF": folder.podman + "/registries.conf",
        ]
    }

    /// A call of podman for this platform.
    func command(_ words: [String]) -> ChildCommand {
        ChildCommand(executable, arguments + words, environment: environment)
    }

    /// containers.conf(5). Locks are files, as the other kind is one set for the whole machine, which the first start
    /// of every other instance clears.
    var containersConfiguration: String {
        """
        [engine]
        lock_type = "file"
        helper_binaries_dir = ["/usr/lib/podman", "/usr/libexec/podman"]
        volume_path = "\(folder.podman)/volumes"
        no_pivot_root = false

        [network]
        network_backend = "netavark"

        """
    }

    /// containers-storage.conf(5).
    var storageConfiguration: String {
        """
        [storage]
        driver = "overlay"
        graphroot = "\(folder.podman)/storage"
        runroot = "\(runFolder)/storage"

        """
    }

    /// containers-registries.conf(5): no registry is searched but the platform's own, which speaks HTTP on loopback.
    var registriesConfiguration: String {
        """
        unqualified-search-registries = []

        [[registry]]
        location = "127.0.0.1:\(registryPort)"
        insecure = true

        """
    }

    /// The part.
    var child: Child {
        Child(name: "podman", patience: .seconds(15), endsGroup: false) {
            try prepare()
            return command(["system", "service", "--time", "0", "unix://" + folder.podmanSocket])
        } probe: {
            await call.status("http://podman/v4.0.0/libpod/_ping", unixSocket: folder.podmanSocket) == 200
        }
    }

    /// A run folder of an earlier boot says of containers that they run: where `/run` is on disk, it is removed.
    private func forgetEarlierBoot() throws {
        let mark = runFolder + "/boot"
        let boot = try StateFile.read("/proc/sys/kernel/random/boot_id")
        guard try StateFile.read(mark) != boot else { return }
        for name in try Directory.names(in: runFolder) {
            try FileManager.default.removeItem(atPath: runFolder + "/" + name)
        }
        try StateFile.replace(mark, with: boot ?? [])
    }

    private func prepare() throws {
        var parent = ""
        for part in runFolder.split(separator: "/") {
            parent += "/" + part
            mkdir(parent, parent == runFolder ? 0o700 : 0o755)
        }
        guard try FileStatus(of: runFolder).uid == geteuid() else {
            throw SupervisorError(.refused, "'\(runFolder)' is not a folder of this user: remove it")
        }
        try forgetEarlierBoot()
        for name in ["storage", "networks", "volumes"] { mkdir("\(folder.podman)/\(name)", 0o700) }
        try StateFile.replace(folder.podman + "/containers.conf", with: Array(containersConfiguration.utf8))
        try StateFile.replace(folder.podman + "/storage.conf", with: Array(storageConfiguration.utf8))
        try StateFile.replace(folder.podman + "/registries.conf", with: Array(registriesConfiguration.utf8))
        unlink(folder.podmanSocket)
    }
}
