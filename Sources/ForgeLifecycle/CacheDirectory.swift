// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI
import FoundationEssentials

/// Cached layers in a directory, in the layout that other lifecycles use too: `committed/<diffID>.tar` and
/// `committed/io.buildpacks.lifecycle.cache.metadata`, written in `staging` and put in place by one rename.
struct CacheDirectory: LayerCache {
    private static let metadataName = "io.buildpacks.lifecycle.cache.metadata"

    private let directory: String

    init(_ directory: String) { self.directory = directory }

    private var committed: String { directory + "/committed" }
    private var staging: String { directory + "/staging" }

    func metadata() throws -> ImageMetadata {
        guard let bytes = try TextFile.bytes("\(committed)/\(Self.metadataName)") else { return ImageMetadata() }
        let value = try CanonicalJSON.decode(JSONValue.self, from: bytes, kind: "cache metadata")
        return ImageMetadata(value, names: .json)
    }

    /// A layer that cannot be unpacked leaves the cache, so that the next export writes it anew.
    func restore(_ digest: Digest, to place: String, below layers: String) throws {
        let archive = "\(committed)/\(digest).tar"
        do {
            try unpack(archive, digest, to: place, below: layers)
        } catch {
            try TextFile.remove(archive)
            throw error
        }
    }

    private func unpack(_ archive: String, _ digest: Digest, to place: String, below layers: String) throws {
        var source = try FileSource(path: archive)
        var unpacker = try CachedLayerUnpacker(digest, to: place, below: layers)
        while let chunk = try source.next() { try unpacker.write(chunk) }
        try unpacker.finish()
    }

    /// Layers that are there already are kept as they are, the others are written, the rest is dropped.
    func replace(_ metadata: ImageMetadata, _ archives: [MeasuredArchive]) throws {
        try TextFile.remove(staging)
        try TextFile.makeDirectory(staging)
        for archive in archives {
            let name = "\(archive.digest).tar"
            if try TextFile.exists("\(committed)/\(name)") {
                try FileManager.default.moveItem(atPath: "\(committed)/\(name)", toPath: "\(staging)/\(name)")
            } else {
                try write(archive, to: "\(staging)/\(name)")
            }
        }
        let text = String(decoding: try CanonicalJSON.encode(metadata.value(.json)), as: UTF8.self)
        try TextFile.write("\(staging)/\(Self.metadataName)", text)
        try TextFile.remove(committed)
        try FileManager.default.moveItem(atPath: staging, toPath: committed)
    }

    private func write(_ archive: MeasuredArchive, to path: String) throws {
        let file = try FileSink(path: path)
        var stream = TarStream(archive.entries)
        var hash = Sha256()
        while let chunk = try stream.next() {
            hash.update(chunk)
            try file.write(chunk)
        }
        guard hash.digest() == archive.digest else { throw TarError.changed(path: path) }
    }
}
