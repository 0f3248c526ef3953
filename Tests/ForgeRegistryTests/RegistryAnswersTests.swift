// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeOCI
import Testing

@testable import ForgeRegistry

/// Answers that docker-registry does not give on request: tokens, redirects, failures, lies.
@Suite struct RegistryAnswersTests {
    private typealias Answer = StubRegistry.Answer

    private let transport = HTTPTransport()
    private let credentials = RegistryCredentials(username: "me", password: "secret")

    private func client(_ registry: StubRegistry, _ credentials: RegistryCredentials?) -> RegistryClient {
        RegistryClient(endpoint: RegistryEndpoint(registry.host), credentials: credentials, transport: transport)
    }

    private func code(_ body: () async throws -> Void) async throws -> RegistryError.Code? {
        do {
            try await body()
            return nil
        } catch let error as RegistryError {
            return error.code
        }
    }

    @Test func tokenIsFetchedOnceForAScope() async throws {
        let tokens = try StubRegistry { request in
            guard request.authorization == "Basic bWU6c2VjcmV0" else { return Answer(status: 401) }
            let isPush = request.target.contains("push")
            return Answer(body: #"{"access_token": "\#(isPush ? "push" : "pull")", "expires_in": 300}"#)
        }
        let challenge = "WWW-Authenticate: Bearer realm=\"http://\(tokens.host)/token\",service=\"a, b\""
        let registry = try StubRegistry { request in
            switch (request.method, request.authorization) {
            case ("GET", "Bearer pull"), ("GET", "Bearer push"): Answer(body: #"{"tags": ["v1"]}"#)
            case ("POST", "Bearer push"): Answer(status: 201)
            default: Answer(status: 401, headers: [challenge])
            }
        }
        let client = client(registry, credentials)
        #expect(try await client.tags("shop") == ["v1"])
        #expect(try await client.tags("shop") == ["v1"])
        #expect(try await client.mountBlob("shop", Sha256.digest(of: []), from: "other"))
        #expect(
            tokens.requests.map(\.target) == [
                "/token?service=a%2C%20b&client_id=forge&scope=repository%3Ashop%3Apull",
                "/token?service=a%2C%20b&client_id=forge&scope=repository%3Ashop%3Apull%2Cpush"
                    + "&scope=repository%3Aother%3Apull",
            ]
        )
        #expect(registry.requests.filter { $0.authorization == nil }.count == 1)
        let stranger = RegistryClient(
            endpoint: RegistryEndpoint(registry.host),
            credentials: RegistryCredentials(username: "me", password: "wrong"),
            transport: transport
        )
        #expect(try await code { _ = try await stranger.tags("shop") } == .unauthorized)
    }

    @Test func registryTokenIsSentAsItIs() async throws {
        let registry = try StubRegistry { request in
            request.authorization == "Bearer abc"
                ? Answer(body: "{}")
                : Answer(status: 401, headers: ["WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/\""])
        }
        #expect(try await client(registry, .bearer("abc")).tags("shop").isEmpty)
    }

    @Test func blobRedirectTakesNoCredentialsAlong() async throws {
        let content = "far away"
        let digest = Sha256.digest(of: content.utf8)
        let store = try StubRegistry { request in
            Answer(status: request.authorization == nil ? 200 : 400, body: content)
        }
        let registry = try StubRegistry { [host = store.host] request in
            request.authorization == nil
                ? Answer(status: 401, headers: ["WWW-Authenticate: Basic realm=\"x\""])
                : Answer(status: 307, headers: ["Location: http://\(host)/blob?signature=1"])
        }
        #expect(try await client(registry, credentials).blobBytes("shop", digest) == Array(content.utf8))
        #expect(store.requests.map(\.authorization) == [nil])
    }

    @Test func uploadLocationOfAnotherHostTakesNoCredentialsAlong() async throws {
        let store = try StubRegistry { _ in Answer(status: 201) }
        let registry = try StubRegistry { [host = store.host] request in
            request.authorization == nil
                ? Answer(status: 401, headers: ["WWW-Authenticate: Basic realm=\"x\""])
                : Answer(status: 202, headers: ["Location: http://\(host)/upload?session=1"])
        }
        let digest = try await client(registry, credentials).uploadBlob("shop", bytes: [])
        #expect(store.requests.map(\.authorization) == [nil])
        #expect(store.requests.map(\.target) == ["/upload?session=1&digest=sha256%3A\(digest.hex)"])
    }

    @Test func bytesOfAnotherDigest() async throws {
        let registry = try StubRegistry { _ in Answer(body: "not it") }
        let client = client(registry, nil)
        let digest = Sha256.digest(of: Array("it".utf8))
        #expect(try await code { _ = try await client.blobBytes("shop", digest) } == .digestMismatch)
        #expect(try await code { _ = try await client.manifest("shop", digest.text) } == .digestMismatch)
        #expect(try await client.manifest("shop", "v1")?.digest == Sha256.digest(of: Array("not it".utf8)))
        #expect(try await client.headManifest("shop", "v1") == Sha256.digest(of: Array("not it".utf8)))
    }

    @Test func failuresPassOrStay() async throws {
        let failing = try StubRegistry { _ in Answer(status: 503) }
        #expect(try await code { _ = try await client(failing, nil).tags("shop") } == .unavailable)
        #expect(failing.requests.count == 4)
        let refusing = try StubRegistry { _ in
            Answer(status: 400, body: #"{"errors": [{"code": "TAG_INVALID", "message": "bad tag"}]}"#)
        }
        await #expect {
            _ = try await client(refusing, nil).headManifest("shop", "v1")
        } throws: {
            "\($0)" == "\(refusing.host)/shop:v1: the registry answers 400"
        }
        await #expect {
            _ = try await client(refusing, nil).manifest("shop", "v1")
        } throws: {
            "\($0)" == "\(refusing.host)/shop:v1: the registry answers 400 (TAG_INVALID: bad tag)"
        }
        #expect(refusing.requests.count == 2)
    }

    @Test func tagsComeInPages() async throws {
        let registry = try StubRegistry { request in
            request.target.contains("last=b")
                ? Answer(body: #"{"tags": ["c"]}"#)
                : Answer(
                    headers: ["Link: </v2/shop/tags/list?last=b&n=2>; rel=\"next\""],
                    body: #"{"tags": ["b", "a"]}"#
                )
        }
        #expect(try await client(registry, nil).tags("shop") == ["a", "b", "c"])
    }
}
