// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel

extension RegistryClient {
    /// The size of a blob; `nil` if the repository has none of that digest.
    package func blobExists(_ repository: String, _ digest: Digest) async throws -> Int64? {
        let call = try blobCall("HEAD", repository, digest)
        let response = try await send(call)
        switch response.status {
        case 200: return response.headers["Content-Length"].flatMap { Int64($0) } ?? 0
        case 404: return nil
        default: throw await failure(response, call)
        }
    }

    /// Starts to read a blob. A redirect to a store of another host is followed without the credentials.
    /// - Parameter limit: the most bytes to take; more end the stream with `.tooLarge`.
    /// - Throws: `RegistryError` with `.notFound` if the repository has none of that digest.
    package func blob(_ repository: String, _ digest: Digest, limit: Int64? = nil) async throws -> RegistryBlob {
        let call = try blobCall("GET", repository, digest)
        let response = try await send(call)
        guard response.status == 200 else { throw await failure(response, call) }
        let size = response.headers["Content-Length"].flatMap { Int64($0) }
        if let limit, let size, size > limit {
            throw RegistryError(.tooLarge, "\(call.subject): the blob has \(size) bytes, at most \(limit) are taken")
        }
        return RegistryBlob(
            digest: digest,
            size: size,
            body: response.body,
            limit: limit,
            subject: call.subject,
            rest: { [self] start in try await rest(of: call, from: start) }
        )
    }

    /// What follows the bytes of a blob that have come already (RFC 9110 §14).
    private func rest(of call: RegistryCall, from start: Int64) async throws -> HTTPBody {
        var call = call
        call.headers["Range"] = "bytes=\(start)-"
        let response = try await send(call)
        guard response.status == 206 else { throw await failure(response, call) }
        return response.body
    }

    /// A small blob, such as an image configuration, as a whole.
    package func blobBytes(_ repository: String, _ digest: Digest, limit: Int64 = 8 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in try await blob(repository, digest, limit: limit) { bytes += piece }
        return bytes
    }

    private func blobCall(_ method: String, _ repository: String, _ digest: Digest) throws -> RegistryCall {
        RegistryCall(
            method,
            try repositoryURL(repository) + "/blobs/" + digest.text,
            subject: "\(endpoint.host)/\(repository)@\(digest)",
            scopes: [RegistryScope(repository, .pull)]
        )
    }
}
