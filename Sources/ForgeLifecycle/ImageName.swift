// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// An image reference as people write it: `host:port/repository:tag`, `repository@sha256:…`, Docker Hub when no
/// registry is named (distribution reference grammar).
struct ImageName: Hashable, Sendable, CustomStringConvertible {
    let registry: String
    let repository: String
    /// The tag, when there is one.
    let tag: String?
    /// The manifest's digest, when there is one.
    let digest: Digest?

    /// Throws ``PhaseError`` with exit code 3.
    init(_ text: String) throws(PhaseError) {
        var rest = text[...]
        var digest: Digest?
        if let at = rest.firstIndex(of: "@") {
            let stated = String(rest[rest.index(after: at)...])
            do {
                digest = try Digest(stated)
            } catch {
                throw PhaseError(PhaseError.Code.arguments, "'\(text)' is not an image reference: \(error)")
            }
            rest = rest[..<at]
        }
        let lastSlash = rest.lastIndex(of: "/") ?? rest.startIndex
        var tag: String?
        if let colon = rest.lastIndex(of: ":"), colon > lastSlash {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let first = parts.first ?? ""
        if parts.count == 2, first.contains(".") || first.contains(":") || first == "localhost" {
            registry = String(first)
            repository = String(parts[1])
        } else {
            registry = "docker.io"
            repository = parts.count == 1 ? "library/\(rest)" : String(rest)
        }
        guard !rest.isEmpty, !repository.isEmpty, tag != "" else {
            throw PhaseError(PhaseError.Code.arguments, "'\(text)' is not an image reference")
        }
        self.tag = tag
        self.digest = digest
    }

    init(registry: String, repository: String, digest: Digest) {
        self.registry = registry
        self.repository = repository
        self.digest = digest
        tag = nil
    }

    /// What the registry is asked for: the digest, else the tag, else `latest`.
    var reference: String { digest?.text ?? tag ?? "latest" }

    var description: String {
        "\(registry)/\(repository)" + (digest.map { "@\($0)" } ?? ":\(tag ?? "latest")")
    }
}
