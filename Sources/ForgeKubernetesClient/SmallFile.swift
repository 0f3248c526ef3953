// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// Reads the files that a kubeconfig names. None of them is large.
enum SmallFile {
    /// As much as a Secret may hold.
    static let limit = 1 << 20

    /// The whole file.
    /// - Returns: nil when there is no such file.
    /// - Throws: `KubernetesError` (`.configuration`) when it is there and cannot be read.
    static func read(_ path: String) throws(KubernetesError) -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            return try file.closeAfter { try Self.bytes(of: file, path: path) }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as KubernetesError {
            throw error
        } catch {
            throw KubernetesError(.configuration, "\(path) cannot be read: \(error)")
        }
    }

    private static func bytes(of file: FileDescriptor, path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try block.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw KubernetesError(
                    .configuration,
                    "\(path) has more than \(limit) bytes; it is not what it should be"
                )
            }
            bytes += block[..<count]
        }
    }
}
