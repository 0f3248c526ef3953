// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import Synchronization

extension KubernetesClient {
    /// The most bytes that one object, one item of a list or one event may have: etcd takes 1.5 MiB, and what an API
    /// server makes of that is no more than a few times longer.
    static let objectLimit = 8 << 20
    /// How often a request is sent that the server asks to send later.
    private static let tries = 5
    /// The longest that one such wish is followed; a longer one ends the call, with the wish in the error.
    private static let longestPause = 30

    /// Sends a call and returns its response when that says that all is well.
    ///
    /// A request that the server puts off (429; 5xx with Retry-After for what may be repeated) is sent again a few times.
    /// After 401 fresh credentials are tried once.
    func send(_ call: KubernetesCall) async throws -> HTTPResponse {
        var mayRenew = true
        var attempt = 1
        while true {
            let identity = try await identity(for: call)
            let response = try await perform(call, as: identity)
            if (200...299).contains(response.status) { return response }
            let error = await KubernetesError(response, to: call, at: access)
            if response.status == 401, mayRenew, await source.mayRenew(identity) {
                mayRenew = false
                continue
            }
            let isPutOff = response.status == 429 || (response.status >= 500 && call.isRepeatable)
            let wish = error.retryAfter ?? (response.status == 429 ? 1 : nil)
            guard isPutOff, let wish, wish <= Self.longestPause, attempt < Self.tries else { throw error }
            attempt += 1
            try await pause(.seconds(wish))
        }
    }

    /// Sends a call whose answer is one object.
    func object(_ call: KubernetesCall) async throws -> JSONValue {
        let response = try await send(call)
        return try await translated(call) {
            let bytes = try await response.body.collect(limit: Self.objectLimit)
            let object = try JSONValue(parsing: bytes, limits: JSONLimits(bytes: Self.objectLimit))
            guard object.object != nil else { throw JSONError("it is no object", at: 0) }
            return object
        }
    }

    /// Runs what reads a response, and says its errors in this client's words.
    func translated<Result>(
        _ call: KubernetesCall,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as HTTPError {
            try Task.checkCancellation()
            throw KubernetesError(error, to: call, at: access)
        } catch let error as JSONError {
            throw KubernetesError(
                .unintelligible,
                "cannot \(call.purpose): the server's answer is no JSON of Kubernetes (\(error)); "
                    + "check the server's URL (context \(access.context))"
            )
        }
    }

    private func identity(for call: KubernetesCall) async throws -> Identity {
        do {
            return try await source.identity()
        } catch let error as KubernetesError {
            throw KubernetesError(error.code, "cannot \(call.purpose): \(error.message)")
        }
    }

    private func perform(_ call: KubernetesCall, as identity: Identity) async throws -> HTTPResponse {
        sent.add(1, ordering: .relaxed)
        return try await translated(call) { try await transport.perform(call.request(to: access, as: identity)) }
    }
}
