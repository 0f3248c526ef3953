// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The programs that the platform runs, and the Debian packages that bring them (specs/supervisor.md §3).
package struct ProgramSearch: Hashable, Sendable {
    /// What is needed: a program's name or an absolute path, and its package.
    package struct Need: Hashable, Sendable {
        let name: String
        let package: String
        let folders: [String]

        init(_ name: String, from package: String, in folders: [String] = []) {
            self.name = name
            self.package = package
            self.folders = folders
        }
    }

    /// What a running platform needs.
    package static let platform = [
        Need("redis-server", from: "redis-server"),
        Need("docker-registry", from: "docker-registry"),
        Need("htpasswd", from: "apache2-utils"),
        Need("nginx", from: "nginx"),
        Need("/usr/lib/nginx/modules/ngx_http_lua_module.so", from: "libnginx-mod-http-lua"),
        Need("podman", from: "podman"),
        Need("conmon", from: "conmon"),
        Need("catatonit", from: "catatonit", in: ["/usr/libexec/podman", "/usr/lib/podman"]),
        Need("netavark", from: "netavark", in: ["/usr/lib/podman", "/usr/libexec/podman"]),
        Need("aardvark-dns", from: "aardvark-dns", in: ["/usr/lib/podman", "/usr/libexec/podman"]),
        Need("iptables", from: "iptables"),
        Need(ChildProcess.setpriv, from: "util-linux"),
    ]

    /// The folders of `PATH`, and those of a system's own programs, which a user's `PATH` may lack.
    package let folders: [String]

    /// Searches the folders of a `PATH`.
    package init(path: String?) {
        let named = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        folders = named + ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    }

    init(folders: [String]) { self.folders = folders }

    /// The absolute path of a program; nil when it is not installed.
    package func find(_ name: String) -> String? { find(Need(name, from: "")) }

    /// The absolute path of a program; throws ``SupervisorError`` with the package that brings it.
    package func require(_ name: String, from package: String) throws -> String {
        guard let path = find(name) else { throw Self.missing([Need(name, from: package)]) }
        return path
    }

    /// Throws one ``SupervisorError`` that names all that is missing.
    package func check(_ needs: [Need]) throws {
        let missing = needs.filter { find($0) == nil }
        if !missing.isEmpty { throw Self.missing(missing) }
    }

    private func find(_ need: Need) -> String? {
        if need.name.hasPrefix("/") { return Self.isFile(need.name) ? need.name : nil }
        return (need.folders + folders).map { "\($0)/\(need.name)" }.first { access($0, X_OK) == 0 && Self.isFile($0) }
    }

    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
    }

    private static func missing(_ needs: [Need]) -> SupervisorError {
        let names = needs.map(\.name).joined(separator: ", ")
        let packages = Set(needs.map(\.package)).sorted().joined(separator: " ")
        return SupervisorError(
            .unavailable,
            "not installed: \(names)\n  apt-get install --no-install-recommends \(packages)"
        )
    }
}
