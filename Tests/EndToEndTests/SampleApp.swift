// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An app that a test makes up: its files in a folder of its own, and its name.
final class SampleApp {
    let name: String
    let folder: URL

    /// A server of the standard library, so that most tests install nothing.
    static let server = """
        import http.server, os, sys

        def first(*paths):
            for path in paths:
                try:
                    return open("/sys/fs/cgroup/" + path).read().split()[0]
                except OSError:
                    pass

        def limits():
            cpu = first("cpu.max", "cpu/cpu.cfs_quota_us")
            memory = first("memory.max", "memory/memory.limit_in_bytes")
            return f"cpu={cpu} memory={memory} pids={first('pids.max', 'pids/pids.max')}"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = f"{os.environ.get('GREETING', 'hello')} from {sys.argv[1] if len(sys.argv) > 1 else 'nobody'}\\n"
                if self.path == "/headers":
                    body = "".join(f"{name.lower()}: {value}\\n" for name, value in self.headers.items())
                if self.path == "/self":
                    status = open("/proc/self/status").read()
                    body = f"uid={os.getuid()} {limits()}\\n{status}"
                data = body.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def log_message(self, *arguments):
                print("served", self.path, flush=True)

        print("starting", flush=True)
        http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
        """

    init(_ files: [String: String], prefix: String = "app") throws {
        name = "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())"
        folder = FileManager.default.temporaryDirectory.appending(path: "forge-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file; `NAME` in it stands for the app's name.
    func write(_ path: String, _ text: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.replacing("NAME", with: name).write(to: file, atomically: true, encoding: .utf8)
    }

    /// A web app that answers `hello from NAME`.
    static func web(_ extra: String = "", prefix: String = "app") throws -> SampleApp {
        try SampleApp(
            [
                "forge.yaml": "version: 1\nname: NAME\n" + extra,
                "Procfile": "web: python3 server.py NAME\n",
                "server.py": server,
            ],
            prefix: prefix
        )
    }

    func deploy(_ extra: String...) async throws -> Output {
        try await ForgeCLI.start(["deploy", folder.path] + extra).end()
    }

    func plan(_ extra: String...) async throws -> Output {
        try await ForgeCLI.start(["plan", folder.path] + extra).end()
    }

    func page(_ path: String = "/") async throws -> Output { try await ForgeCLI.page(name, path) }

    /// Removes it from the platform.
    func destroy() async throws -> Output { try await ForgeCLI.run("destroy", name, "--confirm", name) }
}
