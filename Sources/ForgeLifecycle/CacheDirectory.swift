// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import FoundationEssentials

/// Cached layers in a directory, in the layout that other lifecycles use too: `committed/<diffID>.tar` and
/// `committed/io.buildpacks.lifecycle.cache.metadata`, written in `staging` and put in place by one rename.
struct CacheDirectory: Sendable {
    private static let metadataName = "io.buildpacks.lifecycle.cache.metadata"

    private let directory: String

    init(_ directory: String) { self.directory = directory }

    private var committed: String { directory + "/committed" }
    private var staging: String { directory + "/staging" }

    /// What is cached; nothing when there is no cache or it cannot be read.
    func metadata() throws -> ImageMetadata {
        guard let bytes = try TextFile.bytes("\(committed)/\(Self.metadataName)"),
            let value = try? CanonicalJSON.decode(JSONValue.self, from: bytes, kind: "cache metadata")
        else { return ImageMetadata() }
        return ImageMetadata(value, names: .json)
    }

    /// Unpacks a layer into the layers directory. One that cannot be unpacked leaves the cache, so that the next export
    /// writes it anew.
    func restore(_ digest: Digest, into layers: String) throws {
        let archive = "\(committed)/\(digest).tar"
        do {
            try unpack(archive, digest, into: layers)
        } catch {
            try TextFile.remove(archive)
            throw error
        }
    }

    /// Unpacks and checks the digest in the same pass.
    private func unpack(_ archive: String, _ digest: Digest, into layers: String) throws {
        var source = try FileSource(path: archive)
        let extractor = try TarExtractor(into: layers, options: .init(names: .absoluteBelow(layers)))
        var hash = Sha256()
        while let chunk = try source.next() {
            hash.update(chunk)
            try extractor.write(chunk)
        }
        try extractor.finish()
        guard hash.digest() == digest else {
            throw PhaseError(PhaseError.Code.restore, "the cached layer \(digest.short) was changed")
        }
    }

    /// Replaces the cache: layers that it has already are kept as they are, the others are written, the rest is dropped.
    func replace(_ metadata: ImageMetadata, _ layers: [Digest: [TarEntry]]) throws {
        try TextFile.remove(staging)
        try TextFile.makeDirectory(staging)
        for (digest, entries) in layers {
            let name = "\(digest).tar"
            if try TextFile.exists("\(committed)/\(name)") {
                try FileManager.default.moveItem(atPath: "\(committed)/\(name)", toPath: "\(staging)/\(name)")
            } else {
                try write(entries, digest, to: "\(staging)/\(name)")
            }
        }
        let text = String(decoding: try CanonicalJSON.encode(metadata.value(.json)), as: UTF8.self)
        try TextFile.write("\(staging)/\(Self.metadataName)", text)
        try TextFile.remove(committed)
        try FileManager.default.moveItem(atPath: staging, toPath: committed)
    }

    private func write(_ entries: [TarEntry], _ digest: Digest, to path: String) throws {
        let file = try FileSink(path: path)
        var stream = TarStream(entries)
        var hash = Sha256()
        while let chunk = try stream.next() {
            hash.update(chunk)
            try file.write(chunk)
        }
        guard hash.digest() == digest else { throw TarError.changed(path: path) }
    }
}
