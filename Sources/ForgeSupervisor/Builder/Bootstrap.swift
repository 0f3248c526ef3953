// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// Makes root file systems out of Debian packages, by mmdebstrap, which is told how this machine reaches its mirrors; the
/// images are not: what it writes about that is left out of them.
struct Bootstrap: Sendable {
    /// dpkg's options (dpkg(1)): manuals and translations are left out, licences stay.
    static let packageRules = [
        "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/locale/*",
        "path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright",
        // Nothing is lost when the machine stops in the middle: the file system is then made anew.
        "force-unsafe-io",
    ]

    /// When passwords were last changed, in days since 1970: Debian 12's release, not the day of this run.
    private static let passwordDay = 19_518

    /// Part of util-linux, which every Debian has.
    static let unshare = "/usr/bin/unshare"

    let programs: ProgramSearch
    let environment: [String: String]
    /// Where it works; removed by the caller.
    let folder: String
    let log: String

    /// What one run makes.
    struct Plan: Hashable, Sendable {
        /// The packages that the file system begins with, besides Debian's essential ones.
        let packages: [String]
        /// Shell scripts that are run when these are in; `$1` is the file system.
        let hooks: [String]
        /// The folder that it is made in.
        let root: String
    }

    /// Makes a file system; throws ``SupervisorError`` with mmdebstrap's last lines.
    func make(_ plan: Plan) async throws {
        guard geteuid() == 0 else {
            throw SupervisorError(.refused, "making a root file system needs root: run it again with sudo")
        }
        let mmdebstrap = try programs.require("mmdebstrap", from: "mmdebstrap")
        let sources = try AptSources.ofThisMachine()
        let options = folder + "/apt.conf"
        try StateFile.replace(options, with: Array(try await aptOptions().utf8))
        var mirrors: [String] = []
        if sources.servesSuite {
            if !sources.lines.isEmpty {
                mirrors.append(folder + "/debian.list")
                try StateFile.replace(folder + "/debian.list", with: Array(sources.lines.joined(separator: "\n").utf8))
            }
            if !sources.stanzas.isEmpty {
                mirrors.append(folder + "/debian.sources")
                try StateFile.replace(
                    folder + "/debian.sources",
                    with: Array(sources.stanzas.joined(separator: "\n").utf8)
                )
            }
        }
        unlink(log)
        // It mounts /proc, /sys and devices: in a mount name space of its own they end with it, however it ends.
        let command = ChildCommand(
            Self.unshare,
            ["--mount", "--", mmdebstrap] + Self.arguments(plan, options: options) + mirrors,
            environment: environment.merging(["LC_ALL": "C.UTF-8", "TMPDIR": folder]) { $1 }
        )
        let status = try await ChildProcess.start(command, log: log, endsGroup: true).exit()
        guard status == .exited(0) else {
            let lines = LogFile(path: log).tail(8).map { "\n  " + $0 }.joined()
            throw SupervisorError(
                .failed,
                "mmdebstrap could not make the file system; all it said is in \(log)\(lines)"
            )
        }
    }

    /// mmdebstrap's words up to the mirrors.
    static func arguments(_ plan: Plan, options: String) -> [String] {
        ["--variant=minbase", "--mode=root", "--format=directory", "--aptopt=\(options)"]
            + packageRules.map { "--dpkgopt=\($0)" }
            + ["--include=" + plan.packages.joined(separator: ",")]
            + plan.hooks.map { "--customize-hook=set -e\n\($0)" }
            + [AptSources.suite, plan.root]
    }

    /// The end of a hook that makes users: the day of this run is nowhere.
    static let undatedPasswords = """
        sed --in-place --regexp-extended 's/^([^:]*:[^:]*:)[0-9]+/\\1\(passwordDay)/' "$1/etc/shadow"
        """

    private func aptOptions() async throws -> String {
        let aptConfig = try programs.require("apt-config", from: "apt")
        let dump = try await ToolRun.perform(
            ChildCommand(aptConfig, ["dump"], environment: environment),
            scratch: folder
        )
        let lines = AptOptions.connection(dump: dump.output) + AptOptions.credentials()
        return lines.joined(separator: "\n") + "\n"
    }
}
