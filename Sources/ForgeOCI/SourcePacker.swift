// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Packs a source folder as a reproducible, uncompressed tar: the same tree gives the same digest on any machine.
///
/// Members are in byte order of their names, modes are 0644 or 0755, owners 0, times 0, and folders in which nothing is
/// packed are left out, as git does. `.git` is never packed; `.gitignore` and `.forgeignore` are honoured.
package struct SourcePacker: Sendable {
    /// What is packed at most.
    package struct Limits: Hashable, Sendable {
        /// The most bytes of the whole archive.
        package var bytes: Int64
        /// The most members.
        package var entries: Int

        /// Sets limits.
        package init(bytes: Int64 = 512 << 20, entries: Int = 200_000) {
            self.bytes = bytes
            self.entries = entries
        }
    }

    /// What packing a tree gives.
    package struct Summary: Hashable, Sendable {
        /// The digest of the archive; it names the source.
        package var digest: Digest
        /// The length of the archive in bytes.
        package var size: Int64
        /// How many files and links are packed.
        package var files: Int
        /// What was left out and should be known.
        package var warnings: [String]
    }

    private let root: String
    private let ignoring: [String]
    private let limits: Limits

    /// Packs the folder `root`; `ignoring` holds lines as in .gitignore that win over the files.
    package init(root: String, ignoring: [String] = [], limits: Limits = Limits()) {
        self.root = root
        self.ignoring = ignoring
        self.limits = limits
    }

    /// Reads the tree once and gives the archive's digest. Throws ``SourceError``, ``TarError`` or ``SystemCallError``.
    ///
    /// Blocks while it reads; memory grows with the number of files only.
    package func digest() throws -> Summary {
        let listing = try list()
        let (digest, size) = try TarStream(listing.entries).digest()
        return Summary(digest: digest, size: size, files: listing.files, warnings: listing.warnings)
    }

    /// The archive in chunks, read only as fast as they are taken.
    ///
    /// Fails at its end with ``TarError/changed(path:)`` when the tree is no longer what gave `expected`.
    package func stream(expecting expected: Digest? = nil) -> AsyncBytes {
        AsyncBytes {
            VerifiedSource(TarStream(try list().entries), expected: expected, path: root)
        }
    }

    private func list() throws -> SourceListing {
        var listing = SourceListing(root: root, limits: limits)
        try listing.read(IgnoreRules(overriding: ignoring))
        return listing
    }
}

/// Passes bytes on and fails at the end when their digest is not the expected one.
private struct VerifiedSource: ByteSource {
    private var base: TarStream
    private var hash = Sha256()
    private let expected: Digest?
    private let path: String

    init(_ base: TarStream, expected: Digest?, path: String) {
        self.base = base
        self.expected = expected
        self.path = path
    }

    mutating func next() throws -> [UInt8]? {
        guard let chunk = try base.next() else {
            if let expected, hash.digest() != expected { throw TarError.changed(path: path) }
            return nil
        }
        hash.update(chunk)
        return chunk
    }
}

/// Why a source folder cannot be packed.
package enum SourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A link that would mean something else, or something secret, on another machine.
    case link(path: String, reason: String)
    /// More than the limit.
    case tooLarge(what: String, largest: [String])
    /// Folders nested too deep.
    case tooDeep(path: String)

    /// One line for a person.
    package var description: String {
        switch self {
        case .link(let path, let reason): "'\(path)' \(reason), or list it in .forgeignore"
        case .tooLarge(let what, let largest):
            "the source has more than \(what); list what the build does not need in .forgeignore"
                + (largest.isEmpty ? "" : " (largest: \(largest.joined(separator: ", ")))")
        case .tooDeep(let path): "'\(path)' is nested too deep; list it in .forgeignore"
        }
    }
}
