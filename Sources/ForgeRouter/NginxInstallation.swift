// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Glibc
import Subprocess

/// The files that nginx runs on, and the running master. Whoever starts nginx prepares it before each start;
/// preparing while it runs applies changed settings.
package struct NginxInstallation: Sendable {
    /// What preparing did.
    package enum Outcome: Sendable, Equatable {
        /// nginx is not running: start it with `arguments`.
        case readyToStart
        /// nginx runs with exactly this configuration.
        case unchanged
        /// The configuration changed, and the running nginx was told.
        case reloaded
    }

    /// Settings and text.
    package let configuration: NginxConfiguration
    /// Where the nginx executable is looked for: it is often not in a user's own PATH.
    package static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// - Throws: `RouterError` for a setting.
    package init(settings: RouterSettings) throws {
        configuration = try NginxConfiguration(settings)
    }

    /// The arguments to start nginx with, in the foreground.
    package var arguments: [String] { ["-c", configuration.settings.configurationFile, "-g", "daemon off;"] }

    /// Writes the configuration if it differs from the one on disk: beside it first, checked with `nginx -t`, then
    /// renamed. A refused configuration leaves the old one in place.
    /// - Throws: `RouterError`, with nginx's messages if it refuses the configuration.
    @discardableResult
    package func prepare() async throws -> Outcome {
        let settings = configuration.settings
        for folder in [settings.stateFolder, settings.controlFolder, settings.temporaryFolder] {
            try StateFile.makeFolder(folder)
        }
        let text = Array(configuration.text.utf8)
        if try StateFile.read(settings.configurationFile, limit: 1 << 20) != text {
            let draft = settings.configurationFile + ".new"
            try StateFile.write(text, to: draft)
            do {
                try await check(draft)
            } catch {
                unlink(draft)
                throw error
            }
            try StateFile.write([], to: settings.reloadMark)
            guard rename(draft, settings.configurationFile) == 0 else {
                throw RouterError.system(settings.configurationFile)
            }
        }
        guard let master = runningMaster() else {
            // nginx does not remove the socket of a killed predecessor, and refuses to start while it is there.
            unlink(settings.controlSocket)
            unlink(settings.reloadMark)
            return .readyToStart
        }
        guard access(settings.reloadMark, F_OK) == 0 else { return .unchanged }
        guard kill(master, SIGHUP) == 0 else {
            throw RouterError.system("signal to nginx \(master)")
        }
        unlink(settings.reloadMark)
        return .reloaded
    }

    /// `nginx -t`, which also opens the logs and makes the temporary folders.
    private func check(_ file: String) async throws {
        let succeeded: Bool
        let messages: String?
        do {
            let result = try await run(
                .name("nginx"),
                arguments: ["-t", "-q", "-c", file],
                environment: .inherit.updating(["PATH": Self.searchPath]),
                output: .discarded,
                error: .string(limit: 65_536)
            )
            succeeded = result.terminationStatus.isSuccess
            messages = result.standardError
        } catch {
            throw RouterError("nginx cannot be run (install nginx and libnginx-mod-http-lua): \(error)")
        }
        guard succeeded else { throw RouterError.configuration(messages ?? "no message") }
    }

    /// The process in the pid file, if it is an nginx that was started with this configuration file: after a crash
    /// the number may belong to any other process.
    private func runningMaster() -> pid_t? {
        let settings = configuration.settings
        guard let bytes = try? StateFile.read(settings.pidFile, limit: 64),
            let pid = pid_t(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)), pid > 1,
            let line = try? StateFile.read("/proc/\(pid)/cmdline", limit: 65_536)
        else { return nil }
        let title = String(decoding: line, as: UTF8.self)
        return title.hasPrefix("nginx: master process") && title.contains(settings.configurationFile) ? pid : nil
    }
}
