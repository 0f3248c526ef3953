// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import FoundationEssentials
import Glibc
import Testing

@testable import ForgeOCI

@Suite struct SourcePackerTests {
    @Test func sameTreeGivesTheSameDigestWhereverItIs() throws {
        try TemporaryTree.with { one in
            try TemporaryTree.with { two in
                for tree in [one, two] {
                    try tree.write("a.txt", "hello")
                    try tree.write("lib/b.py", "print()\n", mode: tree.path == one.path ? 0o664 : 0o600)
                    try tree.write("bin/run", "#!/bin/sh\n", mode: tree.path == one.path ? 0o755 : 0o700)
                    try tree.link("lib/link", to: "../a.txt")
                }
                #expect(
                    utimes(two.path + "/a.txt", [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]) == 0
                )
                let first = try SourcePacker(root: one.path).digest()
                let second = try SourcePacker(root: two.path).digest()
                #expect(first.digest == second.digest)
                #expect(first.files == 4)
                #expect(first.size % 512 == 0)
            }
        }
    }

    @Test func systemTarReadsIt() async throws {
        try await TemporaryTree.with { tree in
            let long =
                String(repeating: "d", count: 90) + "/" + String(repeating: "e", count: 90) + "/"
                + String(repeating: "f", count: 120)
            try tree.write("a.txt", "hello")
            try tree.write("über/naïve.txt", "é")
            try tree.write(long, "deep")
            try tree.write("bin/run", "#!/bin/sh\n", mode: 0o755)
            try tree.link("link", to: "bin/run")
            let packer = SourcePacker(root: tree.path)
            let summary = try packer.digest()
            var archive: [UInt8] = []
            for try await chunk in packer.stream(expecting: summary.digest) { archive += chunk }
            #expect(Int64(archive.count) == summary.size)
            #expect(Sha256.digest(of: archive) == summary.digest)
            let listed = try tree.run(
                "/bin/tar",
                ["-tvf", "-", "--numeric-owner", "--utc", "--full-time", "--quoting-style=literal"],
                input: archive
            )
            let lines = listed.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
            #expect(
                lines.map { "\($0[0]) \($0[1]) \($0[2]) \($0[5...].joined(separator: " "))" } == [
                    "-rw-r--r-- 0/0 5 a.txt",
                    "drwxr-xr-x 0/0 0 bin",
                    "-rwxr-xr-x 0/0 10 bin/run",
                    "drwxr-xr-x 0/0 0 \(long.prefix(90))",
                    "drwxr-xr-x 0/0 0 \(long.prefix(181))",
                    "-rw-r--r-- 0/0 4 \(long)",
                    "lrwxrwxrwx 0/0 0 link -> bin/run",
                    "drwxr-xr-x 0/0 0 über",
                    "-rw-r--r-- 0/0 2 über/naïve.txt",
                ]
            )
            #expect(lines.allSatisfy { $0[3] == "1970-01-01" })
        }
    }

    @Test func honoursIgnoreFiles() throws {
        try TemporaryTree.with { tree in
            try tree.write(
                ".gitignore",
                "*.log\n!keep.log\n/build/\nnode_modules/\n**/cache/*.tmp\ndocs/**/x\n\\#odd\n"
            )
            try tree.write(".forgeignore", "!wanted.log\ntests/\n")
            try tree.write("sub/.gitignore", "/only-here\n*.dat\n")
            try tree.write(".git/config", "")
            for name in [
                "a.log", "keep.log", "wanted.log", "build/x", "sub/build/x", "sub/node_modules/y", "sub/only-here",
                "sub/deep/only-here", "sub/z.dat", "z.dat", "p/cache/q.tmp", "p/cache/q.txt", "docs/a/b/x", "docs/x",
                "docs/y", "#odd", "tests/t", "empty-after/only.log",
            ] {
                try tree.write(name, "x")
            }
            #expect(
                try tree.packed() == [
                    ".forgeignore", ".gitignore", "docs", "docs/y", "keep.log", "p", "p/cache", "p/cache/q.txt", "sub",
                    "sub/.gitignore", "sub/build", "sub/build/x", "sub/deep", "sub/deep/only-here", "wanted.log",
                    "z.dat",
                ]
            )
            #expect(try tree.packed(ignoring: ["!a.log", "docs"]).contains("a.log"))
            #expect(try !tree.packed(ignoring: ["docs"]).contains("docs"))
        }
    }

    @Test(arguments: [
        ("/etc/passwd", "absolute"), ("../../outside", "outside"), ("x/../../..", "'..' behind"),
    ])
    func refusesLinksThatLeave(target: String, says: String) throws {
        try TemporaryTree.with { tree in
            try tree.link("dir/link", to: target)
            let error = #expect(throws: SourceError.self) { try SourcePacker(root: tree.path).digest() }
            #expect(error?.description.contains(says) == true)
            try tree.write(".forgeignore", "link\n")
            #expect(try SourcePacker(root: tree.path).digest().files == 1)
        }
    }

    @Test func leavesOutSpecialFilesWithAWarning() throws {
        try TemporaryTree.with { tree in
            #expect(mkfifo(tree.path + "/pipe", 0o600) == 0)
            let summary = try SourcePacker(root: tree.path).digest()
            #expect(summary.files == 0)
            #expect(summary.warnings == ["'pipe' is a socket, a device or a pipe and is left out"])
        }
    }

    @Test func changedTreeIsAnError() async throws {
        try await TemporaryTree.with { tree in
            try tree.write("a", "one")
            let packer = SourcePacker(root: tree.path)
            let before = try packer.digest()
            try tree.write("a", "two")
            await #expect(throws: TarError.changed(path: tree.path)) {
                for try await _ in packer.stream(expecting: before.digest) {}
            }
        }
    }

    @Test func limitsAreSaid() throws {
        try TemporaryTree.with { tree in
            try tree.write("big", String(repeating: "x", count: 3 << 20))
            let small = SourcePacker(root: tree.path, limits: .init(bytes: 1 << 20))
            let error = #expect(throws: SourceError.self) { try small.digest() }
            #expect(error?.description.contains("more than 1 MiB") == true)
            #expect(error?.description.contains("big 3 MiB") == true)
            let few = SourcePacker(root: tree.path, limits: .init(entries: 0))
            #expect(throws: SourceError.self) { try few.digest() }
        }
    }
}
