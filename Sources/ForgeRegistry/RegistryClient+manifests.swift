// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel
import ForgeOCI

/// A manifest as the registry holds it, byte for byte: its digest is that of these bytes.
package struct RegistryManifest: Sendable, Hashable {
    package let bytes: [UInt8]
    /// The response's Content-Type without parameters.
    package let mediaType: String
    package let digest: Digest
}

extension RegistryClient {
    /// Larger manifests are refused, as registries do (distribution-spec, "Pushing Manifests").
    package static let manifestLimit = 4 << 20

    /// The manifest or index under a tag or digest, of any media type, verified; `nil` if the registry has none.
    package func manifest(_ repository: String, _ reference: String) async throws -> RegistryManifest? {
        let call = try manifestCall("GET", repository, reference, .pull)
        let response = try await send(call)
        if response.status == 404 {
            await discard(response)
            return nil
        }
        guard response.status == 200 else { throw await failure(response, call) }
        let bytes = try await collect(response, limit: Self.manifestLimit, call)
        let digest = Sha256.digest(of: bytes)
        for expected in [response.headers["Docker-Content-Digest"], (try? Digest(reference))?.text]
        where expected != nil && expected != digest.text {
            throw RegistryError(
                .digestMismatch,
                "\(call.subject): the manifest's digest is \(digest), not \(expected ?? "")"
            )
        }
        let type = response.headers["Content-Type"]?.prefix { $0 != ";" && $0 != " " }
        return RegistryManifest(bytes: bytes, mediaType: type.map { String($0) } ?? MediaType.manifest, digest: digest)
    }

    /// The digest of the manifest under a tag or digest; `nil` if the registry has none.
    package func headManifest(_ repository: String, _ reference: String) async throws -> Digest? {
        let call = try manifestCall("HEAD", repository, reference, .pull)
        let response = try await send(call)
        switch response.status {
        case 200:
            if let digest = response.headers["Docker-Content-Digest"].flatMap({ try? Digest($0) }) { return digest }
            // The header is optional in the specification.
            return try await manifest(repository, reference)?.digest
        case 404: return nil
        default: throw await failure(response, call)
        }
    }

    /// Stores `bytes` under a tag or under their digest. The registry must hold every blob that they name.
    /// - Returns: the digest of `bytes`.
    @discardableResult
    package func putManifest(
        _ repository: String,
        _ reference: String,
        mediaType: String,
        bytes: [UInt8]
    ) async throws -> Digest {
        var call = try manifestCall("PUT", repository, reference, .push)
        let digest = Sha256.digest(of: bytes)
        guard bytes.count <= Self.manifestLimit else {
            throw RegistryError(.tooLarge, "\(call.subject): a manifest has at most \(Self.manifestLimit) bytes")
        }
        call.headers = ["Content-Type": mediaType]
        call.body = .bytes(bytes)
        let response = try await send(call)
        guard response.status == 201 else { throw await failure(response, call) }
        await discard(response)
        if let stored = response.headers["Docker-Content-Digest"], stored != digest.text {
            throw RegistryError(.digestMismatch, "\(call.subject): the registry stored \(stored) instead of \(digest)")
        }
        return digest
    }

    /// Removes a manifest and with it every tag that points to it. The blobs stay until the registry collects them.
    /// - Returns: false if there was none.
    @discardableResult
    package func deleteManifest(_ repository: String, _ digest: Digest) async throws -> Bool {
        let call = try manifestCall("DELETE", repository, digest.text, .delete)
        let response = try await send(call)
        switch response.status {
        case 200...299, 404:
            await discard(response)
            return response.status != 404
        case 405:
            throw RegistryError(
                .unsupported,
                "\(call.subject): the registry does not allow deletes; enable them in its configuration"
            )
        default: throw await failure(response, call)
        }
    }

    private func manifestCall(
        _ method: String,
        _ repository: String,
        _ reference: String,
        _ access: RegistryScope.Access
    ) throws -> RegistryCall {
        let digest = try? Digest(reference)
        let subject = "\(endpoint.host)/\(repository)\(digest == nil ? ":" : "@")\(reference)"
        guard digest != nil || RegistryName.isTag(reference) else {
            throw RegistryError(.invalidName, "\(subject): not a tag or sha256 digest")
        }
        var call = RegistryCall(
            method,
            try repositoryURL(repository) + "/manifests/" + reference,
            subject: subject,
            scopes: [RegistryScope(repository, access)]
        )
        call.headers = ["Accept": MediaType.readableManifests.joined(separator: ", ")]
        return call
    }

    /// `https://host/v2/<repository>`, once the name is known to be one.
    func repositoryURL(_ repository: String) throws -> String {
        guard RegistryName.isRepository(repository) else {
            throw RegistryError(.invalidName, "\(endpoint.host)/\(repository): not a repository name")
        }
        return "\(endpoint.origin)/v2/\(repository)"
    }
}
