// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of the test image: Debian's static busybox as every program, and what every app image has in `/cnb`.
package enum TestRoot {
    private static let busybox = "/bin/busybox"

    /// Whether this machine can run the tests that need podman.
    package static let canRun =
        getuid() == 0
        && ["/usr/bin/podman", "/usr/sbin/runc", busybox].allSatisfy(FileManager.default.isExecutableFile(atPath:))

    /// Whether this machine has what the image is made of.
    package static let canMake = FileManager.default.isExecutableFile(atPath: busybox)

    private static let programs = [
        "sh", "cat", "ls", "sleep", "httpd", "nc", "id", "grep", "echo", "env", "touch", "mkdir", "nslookup",
        "seq", "dd", "timeout", "head", "stat", "kill", "printf", "test", "sed",
    ]

    private static let web = """
        #!/bin/sh
        echo "web listens on $PORT"
        exec httpd -f -p "$PORT" -h /www
        """

    private static let launcher = """
        #!/bin/sh
        exec /bin/sh -c "$1"
        """

    /// An archive of the files, made in `folder`.
    package static func tar(in folder: String) throws -> [UInt8] {
        let files = FileManager.default
        for name in ["bin", "tmp", "etc", "cnb/process", "cnb/lifecycle", "workspace", "www"] {
            try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        // By a process of its own: what is open for writing, if only in another test's child, cannot be run.
        let copy = try Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: [busybox, "\(folder)/bin/busybox"])
        copy.waitUntilExit()
        for name in programs {
            try files.createSymbolicLink(atPath: "\(folder)/bin/\(name)", withDestinationPath: "busybox")
        }
        try files.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: "\(folder)/tmp")
        for (path, text) in [
            ("cnb/process/web", web), ("cnb/lifecycle/launcher", launcher), ("www/index.html", "hello\n"),
            ("etc/passwd", "root:x:0:0:root:/:/bin/sh\n"),
        ] {
            try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(path)")
        }
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/bin/tar")
        tar.arguments = ["-C", folder, "-cf", "\(folder).tar", "."]
        try tar.run()
        tar.waitUntilExit()
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder).tar")))
    }
}
