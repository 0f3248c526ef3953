// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// The program that makes containers: the first of runc and crun that does so on this machine.
///
/// Which one works depends on the machine: crun refuses hybrid cgroups, for one. A container of the host's own files
/// is started to know it.
package struct OCIRuntime: Sendable {
    /// The candidates, the preferred one first.
    static let names = ["runc", "crun"]

    /// What has to be installed: nothing when one candidate is.
    static func needs(_ programs: ProgramSearch) -> [ProgramSearch.Need] {
        names.contains { programs.find($0) != nil } ? [] : [.init("runc", from: "runc")]
    }

    /// Where the programs are looked for.
    package let programs: ProgramSearch

    /// Probes with the programs found in `programs`.
    package init(programs: ProgramSearch) { self.programs = programs }

    /// The absolute path of a runtime that works; throws ``SupervisorError`` with what each one said.
    package func probe(scratch: String) async throws -> String {
        var reasons: [String] = []
        for name in Self.names {
            guard let path = programs.find(name) else {
                reasons.append("\(name): not installed")
                continue
            }
            guard let reason = try await failure(of: path, scratch: scratch) else {
                return path
            }
            reasons.append("\(name): \(reason)")
        }
        throw SupervisorError(
            .unavailable,
            "no container can be started on this machine; apt-get install runc, and look at what they say:\n  "
                + reasons.joined(separator: "\n  ")
        )
    }

    /// Runs `/bin/true` in a container; nil when it succeeded.
    private func failure(of runtime: String, scratch: String) async throws -> String? {
        let name = "forge-probe-\(RandomText.hexadecimal(bytes: 6))"
        let bundle = "\(scratch)/\(name)"
        try SystemCallError.check("create", bundle) { mkdir(bundle, 0o700) }
        defer {
            unlink(bundle + "/config.json")
            Self.remove(bundle, "rootfs")
            Self.remove(bundle, "state")
            rmdir(bundle)
        }
        try SystemCallError.check("create", bundle) { mkdir(bundle + "/rootfs", 0o755) }
        for folder in Self.hostFolders + ["proc", "dev"] { mkdir("\(bundle)/rootfs/\(folder)", 0o755) }
        try StateFile.replace(bundle + "/config.json", with: Array(Self.configuration(name).utf8))
        let words = ["--root", bundle + "/state", "run", "--bundle", bundle, name]
        let result = try await ToolRun.perform(
            ChildCommand(runtime, words, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]),
            scratch: scratch
        )
        return result.status == .exited(0) ? nil : "\(result.status): \(result.lastLine)"
    }

    private static func remove(_ bundle: String, _ folder: String) {
        for name in (try? Directory.names(in: "\(bundle)/\(folder)")) ?? [] { rmdir("\(bundle)/\(folder)/\(name)") }
        rmdir("\(bundle)/\(folder)")
    }

    /// The host's folders that `/bin/true` needs, where they exist.
    private static var hostFolders: [String] {
        ["bin", "lib", "lib32", "lib64", "usr"].filter { access("/\($0)", X_OK) == 0 }
    }

    /// A container of its own process, mount, IPC and host name spaces and its own cgroup (runtime-spec, config.md).
    private static func configuration(_ name: String) -> String {
        let binds = hostFolders.map { folder in
            #"{"destination":"/\#(folder)","type":"bind","source":"/\#(folder)","options":["rbind","ro"]}"#
        }
        // Without a file system of its own on /dev, the devices would be made in the folder and stay there.
        let mounts =
            [
                #"{"destination":"/proc","type":"proc","source":"proc"}"#,
                #"{"destination":"/dev","type":"tmpfs","source":"tmpfs"}"#,
            ] + binds
        return """
            {"ociVersion":"1.0.2","root":{"path":"rootfs","readonly":false},"mounts":[\(mounts.joined(separator: ","))],
            "process":{"user":{"uid":0,"gid":0},"args":["/bin/true"],"env":["PATH=/usr/bin:/bin"],"cwd":"/"},
            "linux":{"cgroupsPath":"/\(name)","resources":{"pids":{"limit":16}},
            "namespaces":[{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"}]}}
            """
    }
}
