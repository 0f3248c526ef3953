// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Foundation
import Glibc
import Testing

@testable import ForgeSupervisor

@Suite struct RootTreeTests {
    private let start: Int64 = 1_700_000_000

    /// Makes files; a text that ends with `/` makes a folder.
    private func make(_ root: String, _ files: [String: String]) throws {
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let full = root + "/" + path
            if path.hasSuffix("/") {
                try FileManager.default.createDirectory(atPath: full, withIntermediateDirectories: true)
            } else {
                let parent = (full as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                try text.write(toFile: full, atomically: false, encoding: .utf8)
                age(full, 1_600_000_000)
            }
        }
    }

    private func age(_ path: String, _ seconds: Int) {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW)
    }

    private func names(_ entries: [TarEntry]) -> [String] { entries.map(\.name) }

    @Test func `the machine's own files and caches are left out`() throws {
        let state = try TemporaryState()
        try make(
            state.folder.path,
            [
                "etc/passwd": "", "etc/resolv.conf": "", "etc/apt/apt.conf.d/99mmdebstrap": "secret",
                "etc/apt/sources.list.d/0000debian.sources": "", "var/log/dpkg.log": "", "tmp/x": "",
                "usr/bin/true": "",
            ]
        )
        let layer = try RootTree(state.folder.path).layer(epoch: start)
        #expect(
            names(layer) == [
                "etc", "etc/apt", "etc/apt/apt.conf.d", "etc/passwd", "tmp", "usr", "usr/bin", "usr/bin/true", "var",
                "var/log",
            ]
        )
    }

    @Test func `a layer over another has what changed, whiteouts, and the folders on the way`() throws {
        let base = try TemporaryState()
        let full = try TemporaryState()
        try make(base.folder.path, ["a/same": "1", "a/changed": "1", "b/gone": "1", "c/old/deep": "1", "d/kept": "1"])
        try make(full.folder.path, ["a/same": "1", "a/changed": "22", "b/": "", "c/": "", "d/kept": "1", "e/new": "1"])
        let layer = try RootTree(full.folder.path).layer(over: RootTree(base.folder.path), epoch: start)
        #expect(names(layer) == ["a", "a/changed", "b", "c", "e", "e/new", "b/.wh.gone", "c/.wh.old"])
    }

    @Test func `a folder that became a link has no whiteouts below it`() throws {
        let base = try TemporaryState()
        let full = try TemporaryState()
        try make(base.folder.path, ["lib/x": "1", "usr/lib/x": "1"])
        try make(full.folder.path, ["usr/lib/x": "1"])
        symlink("usr/lib", full.folder.path + "/lib")
        let layer = try RootTree(full.folder.path).layer(over: RootTree(base.folder.path), epoch: start)
        #expect(names(layer) == ["lib"])
    }

    @Test func `permissions alone are a change`() throws {
        let base = try TemporaryState()
        let full = try TemporaryState()
        for state in [base.folder.path, full.folder.path] { try make(state, ["bin/su": "1"]) }
        chmod(full.folder.path + "/bin/su", 0o4755)
        let layer = try RootTree(full.folder.path).layer(over: RootTree(base.folder.path), epoch: start)
        #expect(names(layer) == ["bin", "bin/su"])
        #expect(layer.last?.mode == 0o4755)
    }

    @Test func `links are kept, times of this run become the packages' newest`() throws {
        let state = try TemporaryState()
        let root = state.folder.path
        try make(root, ["bin/perl": "perl", "lib/x": "x"])
        link(root + "/bin/perl", root + "/bin/perl5.36")
        symlink("perl", root + "/bin/p")
        age(root + "/lib/x", Int(start) + 50)
        let tree = try RootTree(root)
        let epoch = tree.epoch(before: start)
        #expect(epoch == 1_600_000_000)
        let layer = Dictionary(uniqueKeysWithValues: tree.layer(epoch: epoch).map { ($0.name, $0) })
        #expect(layer["bin/perl5.36"]?.kind == .hardLink(target: "bin/perl"))
        #expect(layer["bin/p"]?.kind == .symbolicLink(target: "perl"))
        #expect(layer["lib/x"]?.modified == epoch)
    }
}
