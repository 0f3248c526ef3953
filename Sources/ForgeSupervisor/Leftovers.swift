// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import FoundationEssentials
import Glibc
import Logging

/// Processes and mounts of a platform that nothing looks after any more.
struct Leftovers: Sendable {
    let folder: StateFolder
    let runFolder: String

    /// The monitors of containers and the DNS servers of networks: known by this platform's run folder in their
    /// command lines, which no other process has.
    func processes() -> [ProcessIdentity] {
        let names = (try? Directory.names(in: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { pid in
            guard let line = try? StateFile.read("/proc/\(pid)/cmdline") else { return nil }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard let program = words.first?.split(separator: "/").last, ["conmon", "aardvark-dns"].contains(program),
                words.contains(where: { $0.hasPrefix(runFolder + "/") })
            else { return nil }
            return ProcessIdentity(of: pid)
        }
    }

    /// Mount points that podman made for this platform, the innermost first. What else is mounted in the state folder is
    /// the owner's, such as a disk for the registry.
    func mounts() -> [String] {
        guard let bytes = try? StateFile.read("/proc/self/mountinfo") else { return [] }
        return Self.mountPoints(String(decoding: bytes, as: UTF8.self))
            .filter { $0.hasPrefix(folder.podman + "/storage/") || $0.hasPrefix(runFolder + "/") }
            .reversed()
    }

    /// The fifth field of each line; space, tab, newline and backslash are written in octal (proc(5)).
    static func mountPoints(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 4 else { return nil }
            return [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
                .reduce(String(fields[4])) { $0.replacing($1.0, with: $1.1) }
        }
    }

    /// Removes the run folder, which podman makes anew; while something of a container is left, it is needed and stays.
    func removeRunFolder(logger: Logger) {
        guard processes().isEmpty, mounts().isEmpty, access(runFolder, F_OK) == 0 else { return }
        do {
            try FileManager.default.removeItem(atPath: runFolder)
        } catch {
            logger.warning("the run folder is still there", metadata: ["error": "\(error)"])
        }
    }

    /// Gives containers that were stopped a while to be cleaned up by podman, then ends and unmounts the rest.
    func end(logger: Logger) async {
        let deadline = ContinuousClock.now + .seconds(5)
        while !processes().isEmpty, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(50)) }
        for process in processes() {
            logger.warning("a process of a container is left and is ended", metadata: ["pid": "\(process.pid)"])
            try? await process.end(patience: .seconds(2))
        }
        for mount in mounts() where umount2(mount, Int32(MNT_DETACH)) != 0 {
            logger.warning(
                "a folder cannot be unmounted",
                metadata: ["folder": "\(mount)", "error": "\(String(cString: strerror(errno)))"]
            )
        }
    }
}
