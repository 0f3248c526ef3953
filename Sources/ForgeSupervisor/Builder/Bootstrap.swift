// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// Makes the root file systems of the platform's images out of Debian packages, by mmdebstrap.
///
/// One run makes both: the smaller one is copied away when its packages are installed, before those that only builds
/// need are added. mmdebstrap is told how this machine reaches its mirrors, and the images are not: what it writes
/// about that is left out of them.
struct Bootstrap: Sendable {
    /// Everything that decides what is in the file systems, with a number for the way they are made.
    static let recipe = (["1", AptSources.suite] + runPackages + ["+"] + buildPackages + packageRules).joined(
        separator: " "
    )

    /// What apps run on.
    static let runPackages = ["bash", "ca-certificates", "libcurl4", "python3", "tzdata", "zlib1g"]
    /// What builds need besides.
    static let buildPackages = [
        "g++", "gcc", "libc6-dev", "make", "pkg-config", "python3-dev", "python3-pip", "python3-venv",
    ]
    /// dpkg's options (dpkg(1)): manuals and translations are left out, licences stay.
    static let packageRules = [
        "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/locale/*",
        "path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright",
        // Nothing is lost when the machine stops in the middle: the file system is then made anew.
        "force-unsafe-io",
    ]

    /// When passwords were last changed, in days since 1970: Debian 12's release, not the day of this run.
    static let passwordDay = 19_518

    /// Part of util-linux, which every Debian has.
    static let unshare = "/usr/bin/unshare"

    let programs: ProgramSearch
    let environment: [String: String]
    /// Where it works; removed by the caller.
    let folder: String
    let log: String

    /// The file system of the run image.
    var runRoot: String { folder + "/run" }
    /// The same with the packages for builds.
    var buildRoot: String { folder + "/build" }

    /// Makes both file systems; throws ``SupervisorError`` with mmdebstrap's last lines.
    func make() async throws {
        guard geteuid() == 0 else {
            throw SupervisorError(
                .refused,
                "making a root file system needs root: sudo forged builder create --state …"
            )
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
            ["--mount", "--", mmdebstrap] + arguments(options: options) + mirrors,
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

    /// mmdebstrap's words up to the mirrors. `$1` in a hook is the file system that is being made.
    func arguments(options: String) -> [String] {
        let users = """
            chroot "$1" groupadd --gid \(BuilderRecipe.group) cnb
            chroot "$1" useradd --uid \(BuilderRecipe.buildUser) --gid \(BuilderRecipe.group) --create-home \
            --shell /bin/bash cnb
            chroot "$1" useradd --uid \(BuilderRecipe.runUser) --gid \(BuilderRecipe.group) --no-create-home \
            --home-dir /workspace --shell /bin/bash app
            sed --in-place --regexp-extended 's/^([^:]*:[^:]*:)[0-9]+/\\1\(Self.passwordDay)/' "$1/etc/shadow"
            """
        let install = """
            APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes --no-install-recommends \
            -oDPkg::Chroot-Directory="$1" install \(Self.buildPackages.joined(separator: " "))
            """
        return ["--variant=minbase", "--mode=root", "--format=directory", "--aptopt=\(options)"]
            + Self.packageRules.map { "--dpkgopt=\($0)" }
            + ["--include=" + Self.runPackages.joined(separator: ",")]
            + [users, "cp --archive --one-file-system \"$1\" '\(runRoot)'", install].map {
                "--customize-hook=set -e\n\($0)"
            }
            + [AptSources.suite, buildRoot]
    }

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
