// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Foundation
import Glibc
import Testing

@testable import ForgeOCI

@Suite struct TarExtractorTests {
    private func archive(_ entries: [TarEntry]) throws -> [UInt8] {
        var stream = TarStream(entries)
        var bytes: [UInt8] = []
        while let chunk = try stream.next() { bytes += chunk }
        return bytes
    }

    /// Feeds an archive in pieces of an odd length, so that every boundary is crossed somewhere.
    private func extract(_ bytes: [UInt8], into tree: TemporaryTree, _ options: TarExtractor.Options = .init()) throws {
        let extractor = try TarExtractor(into: tree.path, options: options)
        var rest = bytes[...]
        while !rest.isEmpty {
            try extractor.write(Array(rest.prefix(333)))
            rest = rest.dropFirst(333)
        }
        try extractor.finish()
    }

    @Test func roundTrip() async throws {
        try await TemporaryTree.with { source in
            try await TemporaryTree.with { target in
                try source.write("a/b/c.txt", String(repeating: "text ", count: 1000))
                try source.write("a/run", "", mode: 0o755)
                try source.write("a/" + String(repeating: "n", count: 200), "long")
                try source.link("a/l", to: "b/c.txt")
                let packer = SourcePacker(root: source.path)
                var bytes: [UInt8] = []
                for try await chunk in packer.stream() { bytes += chunk }
                try extract(bytes, into: target, .init(linksStayInside: true, modified: 315_532_801))
                #expect(try SourcePacker(root: target.path).digest() == packer.digest())
                #expect(try FileStatus(of: target.path + "/a/b/c.txt").stamp.modified == 315_532_801_000_000_000)
            }
        }
    }

    @Test func readsWhatSystemTarWrites() throws {
        try TemporaryTree.with { source in
            try TemporaryTree.with { target in
                let long = "d/" + String(repeating: "x", count: 180)
                try source.write(long, "one")
                #expect(link(source.path + "/" + long, source.path + "/second") == 0)
                for format in ["gnu", "pax"] {
                    let text = try source.run(
                        "/bin/sh",
                        ["-c", "tar -C \(source.path) --format=\(format) -cf - d second | base64 -w0"],
                        input: []
                    )
                    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
                    try extract(bytes, into: target)
                    #expect(try target.read(long) == "one")
                    #expect(try FileStatus(of: target.path + "/second").links == 2)
                }
            }
        }
    }

    @Test(arguments: [
        [TarEntry(name: "../x", kind: .bytes([1]), mode: 0o644)],
        [TarEntry(name: "/etc/x", kind: .bytes([1]), mode: 0o644)],
        [TarEntry(name: "a/../../x", kind: .bytes([1]), mode: 0o644)],
        [TarEntry(name: "l", kind: .symbolicLink(target: "/tmp"), mode: 0o777)],
        [TarEntry(name: "l", kind: .symbolicLink(target: "a/../../x"), mode: 0o777)],
        [TarEntry(name: "h", kind: .hardLink(target: "../../etc/passwd"), mode: 0o644)],
    ])
    func refusesEscapes(entries: [TarEntry]) throws {
        try TemporaryTree.with { tree in
            let bytes = try archive(entries)
            #expect(throws: TarError.self) { try extract(bytes, into: tree, .init(linksStayInside: true)) }
            #expect(try Directory.names(in: tree.path).isEmpty)
        }
    }

    @Test func neverWritesThroughALink() throws {
        try TemporaryTree.with { outside in
            try TemporaryTree.with { tree in
                let bytes = try archive([
                    TarEntry(name: "l", kind: .symbolicLink(target: outside.path), mode: 0o777),
                    TarEntry(name: "l/x", kind: .bytes([1]), mode: 0o644),
                ])
                #expect(throws: SystemCallError.self) { try extract(bytes, into: tree) }
                #expect(try Directory.names(in: outside.path).isEmpty)
            }
        }
    }

    /// Changes a member's header and makes its checksum right again.
    private func changed(_ archive: [UInt8], at offset: Int, to bytes: [UInt8]) -> [UInt8] {
        var archive = archive
        archive.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        archive.replaceSubrange(148..<156, with: Array("        ".utf8))
        let digits = String(archive.prefix(512).reduce(0) { $0 + Int($1) }, radix: 8)
        archive.replaceSubrange(148..<(148 + digits.utf8.count), with: Array(digits.utf8))
        return archive
    }

    /// POSIX.1-2001 pax, ustar header, size: nothing follows the header of a directory, whatever its size field says.
    @Test func aDirectoryHasNoContent() throws {
        try TemporaryTree.with { tree in
            let bytes = try archive([
                TarEntry(name: "d", kind: .directory, mode: 0o755),
                TarEntry(name: "d/x", kind: .bytes(Array("x".utf8)), mode: 0o644),
            ])
            try extract(changed(bytes, at: 124, to: Array("00000000144".utf8)), into: tree)
            #expect(try tree.read("d/x") == "x")
        }
    }

    @Test func refusesDevicesLimitsAndDamage() throws {
        try TemporaryTree.with { tree in
            let entry = TarEntry(name: "a", kind: .bytes([UInt8](repeating: 7, count: 2000)), mode: 0o644)
            let device = changed(try archive([entry]), at: 156, to: Array("3".utf8))
            #expect(throws: TarError.refused(name: "a", reason: "is a device, a pipe or of an unknown kind")) {
                try extract(device, into: tree)
            }
            var damaged = try archive([entry])
            damaged[156] = UInt8(ascii: "5")
            #expect(throws: TarError.damaged(reason: "a header's checksum is wrong")) {
                try extract(damaged, into: tree)
            }
            let good = try archive([entry])
            #expect(throws: TarError.self) { try extract(good, into: tree, .init(maximumBytes: 1999)) }
            #expect(throws: TarError.self) { try extract(good, into: tree, .init(maximumEntries: 0)) }
            #expect(throws: TarError.self) { try extract(Array(good.prefix(1000)), into: tree) }
            try extract(good, into: tree, .init(maximumEntries: 1, maximumBytes: 2000))
        }
    }

    @Test func unpacksOnlyBelowAPath() throws {
        try TemporaryTree.with { tree in
            let bytes = try archive([
                TarEntry(name: "other", kind: .bytes([1]), mode: 0o644),
                TarEntry(name: "svc", kind: .directory, mode: 0o755),
                TarEntry(name: "svc/api/x", kind: .bytes([2]), mode: 0o644),
                TarEntry(name: "svc/apiary", kind: .bytes([3]), mode: 0o644),
            ])
            try extract(bytes, into: tree, .init(names: .relativeBelow("svc/api")))
            #expect(try Directory.names(in: tree.path) == ["x"])
        }
    }

    @Test func unpacksAbsoluteNamesOnlyBelowTheirDirectory() throws {
        try TemporaryTree.with { tree in
            let bytes = try archive([
                TarEntry(name: "/layers", kind: .directory, mode: 0o755),
                TarEntry(name: "/layers/bp/x", kind: .bytes([2]), mode: 0o600),
                TarEntry(name: "/layers/bp", kind: .directory, mode: 0o500),
            ])
            try extract(bytes, into: tree, .init(names: .absoluteBelow("/layers", only: "/layers/bp")))
            #expect(try FileStatus(of: tree.path + "/bp/x").mode == 0o600)
            #expect(try FileStatus(of: tree.path + "/bp").mode == 0o500)
            for (root, only) in [("/other", "/other"), ("/layers", "/layers/bp/y"), ("/layers", "/layers/b")] {
                #expect(throws: TarError.self) {
                    try extract(bytes, into: tree, .init(names: .absoluteBelow(root, only: only)))
                }
            }
            chmod(tree.path + "/bp", 0o700)
        }
    }
}
