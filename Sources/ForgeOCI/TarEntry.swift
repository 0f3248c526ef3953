// SPDX-License-Identifier: Apache-2.0

/// One member of a tar archive to be written.
package struct TarEntry: Hashable, Sendable {
    /// What kind of member it is.
    package enum Kind: Hashable, Sendable {
        /// A directory.
        case directory
        /// A file whose bytes are at hand.
        case bytes([UInt8])
        /// A file on disk, read when its turn comes.
        case file(FileStamp, path: String)
        /// A symbolic link.
        case symbolicLink(target: String)
        /// A second name of an earlier member.
        case hardLink(target: String)
    }

    /// The name as it is written: relative, or absolute where the image format wants it so.
    package var name: String
    /// The kind, with the content.
    package var kind: Kind
    /// The permission bits.
    package var mode: UInt32
    /// The owner.
    package var uid: UInt32
    /// The group.
    package var gid: UInt32
    /// Seconds since 1970.
    package var modified: Int64

    /// Describes a member.
    package init(name: String, kind: Kind, mode: UInt32, uid: UInt32 = 0, gid: UInt32 = 0, modified: Int64 = 0) {
        self.name = name
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.modified = modified
    }

    /// The length of the content in bytes.
    package var size: Int64 {
        switch kind {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(let stamp, _): stamp.size
        case .directory, .symbolicLink, .hardLink: 0
        }
    }
}

/// What must stay the same while a file is read for its content to be of one piece.
package struct FileStamp: Hashable, Sendable {
    /// The length in bytes.
    package var size: Int64
    /// When the content last changed, in nanoseconds since 1970.
    package var modified: Int64
    /// When anything about the file last changed, in nanoseconds since 1970.
    package var changed: Int64
    /// The file's number on its device.
    package var inode: UInt64
}

/// Why an archive could not be written or was refused.
package enum TarError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file was written to between listing and reading.
    case changed(path: String)
    /// A name that the format cannot hold.
    case unwritable(name: String, reason: String)
    /// The bytes are no tar archive.
    case damaged(reason: String)
    /// A member that would be unsafe to unpack.
    case refused(name: String, reason: String)
    /// More than the limit.
    case tooLarge(limit: String)

    /// One line for a person.
    package var description: String {
        switch self {
        case .changed(let path): "'\(path)' changed while being packed; try again when nothing writes to it"
        case .unwritable(let name, let reason): "'\(name)' cannot be packed: \(reason)"
        case .damaged(let reason): "the archive is damaged: \(reason)"
        case .refused(let name, let reason): "the archive is refused: '\(name)' \(reason)"
        case .tooLarge(let limit): "the archive has more than \(limit)"
        }
    }
}
