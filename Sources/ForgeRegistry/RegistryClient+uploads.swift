// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
package import ForgeModel
import ForgeOCI

extension RegistryClient {
    /// Makes a blob of another repository of the registry one of `repository` too, without moving its bytes
    /// (distribution-spec, "Mounting a blob from another repository").
    /// - Returns: false if the registry cannot; then upload it.
    package func mountBlob(_ repository: String, _ digest: Digest, from source: String) async throws -> Bool {
        guard RegistryName.isRepository(source) else {
            throw RegistryError(.invalidName, "\(endpoint.host)/\(source): not a repository name")
        }
        var call = try uploadCall(repository, digest, query: "?mount=\(digest)&from=\(source.percentEncoded)")
        call.scopes.append(RegistryScope(source, .pull))
        let response = try await send(call)
        switch response.status {
        case 201:
            await discard(response)
            return true
        case 202:
            await cancelUpload(response, call)
            return false
        default: throw await failure(response, call)
        }
    }

    /// Uploads a blob whose digest is known, in one streamed PUT. The registry verifies the digest.
    /// - Parameter size: exactly the content's bytes; `nil` sends it in chunks, which not every registry takes.
    package func uploadBlob(
        _ repository: String,
        _ digest: Digest,
        size: Int64?,
        _ content: BlobContent
    ) async throws {
        let call = try uploadCall(repository, digest)
        try await inSession(call, canRepeat: content.isRepeatable) { session in
            try await commit(session, repository, digest, .stream(length: size, content.open()), call)
        }
    }

    /// Uploads a blob that is at hand.
    /// - Returns: its digest.
    @discardableResult
    package func uploadBlob(_ repository: String, bytes: [UInt8]) async throws -> Digest {
        let digest = Sha256.digest(of: bytes)
        let call = try uploadCall(repository, digest)
        try await inSession(call, canRepeat: true) { session in
            try await commit(session, repository, digest, .bytes(bytes), call)
        }
        return digest
    }

    /// Uploads a blob whose digest only its end tells: one streamed PATCH, then a PUT that names the digest.
    /// - Returns: the digest and the size of what the content was.
    package func uploadBlob(
        _ repository: String,
        _ content: BlobContent
    ) async throws -> (digest: Digest, size: Int64) {
        let start = try uploadCall(repository, nil)
        return try await inSession(start, canRepeat: content.isRepeatable) { session in
            let meter = StreamMeter()
            var call = RegistryCall("PATCH", session, subject: start.subject, scopes: start.scopes)
            call.headers = ["Content-Type": "application/octet-stream"]
            call.body = .stream(length: nil, MeteredStream(base: try await content.open(), meter: meter))
            call.patience = Self.commitPatience
            call.isRepeatable = false
            let response = try await send(call)
            guard response.status == 202 else { throw await failure(response, call) }
            await discard(response)
            let (digest, size) = meter.total()
            try await commit(try location(response, call), repository, digest, .none, call)
            return (digest, size)
        }
    }

    /// Whether a repository could be written to: opens an upload session and cancels it.
    package func checkPush(_ repository: String) async throws {
        let call = try uploadCall(repository, nil)
        let response = try await send(call)
        guard response.status == 202 else { throw await failure(response, call) }
        await cancelUpload(response, call)
    }

    // MARK: Sessions

    private static var commitPatience: Duration { .seconds(600) }

    private func uploadCall(_ repository: String, _ digest: Digest?, query: String = "") throws -> RegistryCall {
        RegistryCall(
            "POST",
            try repositoryURL(repository) + "/blobs/uploads/" + query,
            subject: "\(endpoint.host)/\(repository)" + (digest.map { "@\($0)" } ?? ""),
            scopes: [RegistryScope(repository, .push)]
        )
    }

    /// Runs an upload in a session, and in a new one, after a pause, when the first was lost with what it had.
    ///
    /// The specification lets a client ask a session how much it has and go on from there, but docker-registry refuses
    /// that for just the sessions that need it: those whose request was cut short ("upload resumed at wrong offset").
    private func inSession<Result>(
        _ start: RegistryCall,
        canRepeat: Bool,
        _ upload: (_ session: String) async throws -> Result
    ) async throws -> Result {
        for pause in canRepeat ? Self.retryPauses : [] {
            let session = try await startUpload(start)
            do {
                return try await upload(session)
            } catch let error as RegistryError where error.losesSession {
                try await wait(pause, start)
            }
        }
        return try await upload(try await startUpload(start))
    }

    /// Opens an upload session.
    /// - Returns: the session's URL.
    private func startUpload(_ call: RegistryCall) async throws -> String {
        let response = try await send(call)
        guard response.status == 202 else { throw await failure(response, call) }
        await discard(response)
        return try location(response, call)
    }

    private func location(_ response: HTTPResponse, _ call: RegistryCall) throws -> String {
        guard let location = response.headers["Location"] else {
            throw RegistryError(.protocolError, "\(call.subject): the registry names no upload location")
        }
        return try resolve(location, call)
    }

    /// Ends a session: what it has, and `body`, is the blob `digest`.
    private func commit(
        _ session: String,
        _ repository: String,
        _ digest: Digest,
        _ body: HTTPRequest.Body,
        _ start: RegistryCall
    ) async throws {
        var call = RegistryCall(
            "PUT",
            session + (session.contains("?") ? "&" : "?") + "digest=" + digest.text.percentEncoded,
            subject: start.subject,
            scopes: start.scopes
        )
        call.headers = ["Content-Type": "application/octet-stream"]
        call.body = body
        call.patience = Self.commitPatience
        // A session ends with its commit, also when the answer is lost.
        call.isRepeatable = false
        do {
            let response = try await send(call)
            guard response.status == 201 || response.status == 204 else { throw await failure(response, call) }
            await discard(response)
        } catch let error as RegistryError where error.losesSession {
            guard try await isStored(repository, digest) else { throw error }
        }
    }

    /// Whether a commit whose answer was lost was made; not, when the registry does not say.
    private func isStored(_ repository: String, _ digest: Digest) async throws -> Bool {
        do {
            return try await blobExists(repository, digest) != nil
        } catch is RegistryError {
            return false
        }
    }

    /// Tells the registry that a session will not be used; it drops forgotten ones by itself after some days.
    private func cancelUpload(_ response: HTTPResponse, _ start: RegistryCall) async {
        await discard(response)
        guard let session = try? location(response, start) else { return }
        let call = RegistryCall("DELETE", session, subject: start.subject, scopes: start.scopes)
        if let response = try? await send(call) { await discard(response) }
    }
}
