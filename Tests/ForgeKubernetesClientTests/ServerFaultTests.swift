// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeKubernetesTesting
import ForgeTesting
import Testing

@testable import ForgeKubernetesClient

/// Servers that are busy, or are no API servers, or not the right ones.
@Suite struct ServerFaultTests {
    /// Answers the requests of one connection after another with the given responses, the last one for ever.
    private func server(_ responses: [String], requests: Shared<[String]> = Shared([])) throws -> StubServer {
        let left = Shared(responses)
        return try StubServer { connection in
            while let request = connection.readRequest() {
                requests.update { $0.append(request.line) }
                connection.readBody(of: request)
                connection.write(left.value[0])
                left.update { if $0.count > 1 { $0.removeFirst() } }
            }
        }
    }

    private static func response(_ status: String, _ body: String, headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }

    /// A client that notes how long it would wait.
    private func client(_ server: StubServer, pauses: Shared<[Duration]> = Shared([])) -> KubernetesClient {
        KubernetesClient(
            access: KubernetesAccess(server: server.url, credentials: .token("hush"), context: "stub"),
            transport: TestCluster.transport,
            manager: "forge"
        ) { pause in
            pauses.update { $0.append(pause) }
        }
    }

    private static let object = "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"

    @Test func `a busy server is asked again when it says`() async throws {
        let busy = Self.response("429 Too Many Requests", "{}", headers: "Retry-After: 3\r\n")
        let pauses = Shared<[Duration]>([])
        let server = try server([busy, busy, Self.response("200 OK", Self.object)])
        let client = client(server, pauses: pauses)
        #expect(try await client.get(Sample.configMaps, namespace: "x", name: "a")?["kind"] == "ConfigMap")
        #expect(pauses.value == [.seconds(3), .seconds(3)])
    }

    @Test func `a server that stays busy is given up, with its own wish`() async throws {
        let requests = Shared<[String]>([])
        let busy = Self.response("429 Too Many Requests", "", headers: "Retry-After: 2\r\n")
        let server = try server([busy], requests: requests)
        let error = await #expect(throws: KubernetesError.self) {
            _ = try await client(server).get(Sample.configMaps, namespace: "x", name: "a")
        }
        #expect(error?.code == .unreachable)
        #expect(error?.retryAfter == 2)
        #expect(requests.value.count == 5)
    }

    @Test func `what must not happen twice is not sent again after 503`() async throws {
        let requests = Shared<[String]>([])
        let unready = Self.response("503 Service Unavailable", "", headers: "Retry-After: 1\r\n")
        let server = try server([unready, Self.response("201 Created", Self.object)], requests: requests)
        let client = client(server)
        let error = await #expect(throws: KubernetesError.self) {
            try await client.create(Sample.configMap("a"), resource: Sample.configMaps, namespace: "x")
        }
        #expect(error?.code == .unreachable)
        #expect(requests.value.count == 1)
        try await client.apply(Sample.configMap("a"), resource: Sample.configMaps, namespace: "x", force: true)
        #expect(
            requests.value.last == "PATCH /api/v1/namespaces/x/configmaps/a?fieldManager=forge&force=true HTTP/1.1"
        )
    }

    @Test(arguments: [
        ("404 Not Found", "<html>not here</html>"), ("404 Not Found", "{\"kind\":\"Problem\"}"),
        ("200 OK", "<html>hello</html>"), ("200 OK", "[]"), ("302 Found", ""),
    ])
    func `what is no API server does not say that an object is not there`(status: String, body: String) async throws {
        let server = try server([Self.response(status, body)])
        let error = await #expect(throws: KubernetesError.self) {
            _ = try await client(server).get(Sample.configMaps, namespace: "x", name: "a")
        }
        #expect(error?.code == .unintelligible)
        #expect(error?.message.contains("cannot get ConfigMap a in x") == true)
        #expect(error?.message.contains("hush") == false)
    }

    @Test(arguments: [
        "{\"kind\":\"ConfigMapList\",\"items\":[]}", "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}",
        "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{}", "{}",
    ])
    func `an answer that is no whole list is not an empty list`(body: String) async throws {
        let server = try server([Self.response("200 OK", body)])
        let error = await #expect(throws: KubernetesError.self) {
            for try await event in client(server).list(Sample.configMaps, namespace: "x") {
                if case .end = event { Issue.record("the list has ended") }
            }
        }
        #expect(error?.code == .unintelligible)
    }

    @Test func `a list whose continuation the server has forgotten is gone`() async throws {
        let page = "{\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\"c\"},\"items\":[{}]}"
            .replacing("\"L\"", with: "\"ConfigMapList\"")
        let gone = "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}"
        let requests = Shared<[String]>([])
        let server = try server(
            [Self.response("200 OK", page), Self.response("410 Gone", gone)],
            requests: requests
        )
        var items = 0
        let error = await #expect(throws: KubernetesError.self) {
            for try await _ in client(server).list(Sample.configMaps, namespace: "x", limit: 1) { items += 1 }
        }
        #expect(error?.code == .gone)
        #expect(items == 1)
        #expect(requests.value.last == "GET /api/v1/namespaces/x/configmaps?limit=1&continue=c HTTP/1.1")
    }

    @Test func `a list that the server streams is used where it can`() async throws {
        let events = [
            "{\"type\":\"ADDED\",\"object\":\(Self.object)}",
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\","
                + "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}",
            "{\"type\":\"DELETED\",\"object\":\(Self.object)}",
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}",
        ]
        let requests = Shared<[String]>([])
        let server = try server(
            [Self.response("200 OK", events.joined(separator: "\n") + "\n")],
            requests: requests
        )
        let object = try JSONValue(parsing: Array(Self.object.utf8))
        var seen: [WatchEvent] = []
        for try await event in client(server).follow(Sample.configMaps, namespace: "x", isStreamed: true) {
            seen.append(event)
        }
        #expect(seen == [.changed(object), .listed(resourceVersion: "7"), .deleted(object), .bookmark("9")])
        #expect(requests.value.count == 1)
        #expect(requests.value.first?.contains("sendInitialEvents=true&resourceVersionMatch=NotOlderThan") == true)
    }

    @Test func `a server that cannot stream a list is asked for one`() async throws {
        let refusal =
            "{\"kind\":\"Status\",\"code\":422,\"reason\":\"Invalid\",\"message\":\"sendInitialEvents: Forbidden\"}"
        let list = "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[{}]}"
        let server = try server([
            Self.response("422 Unprocessable Entity", refusal), Self.response("200 OK", list),
            Self.response("200 OK", ""),
        ])
        var seen: [WatchEvent] = []
        for try await event in client(server).follow(Sample.configMaps, namespace: "x", isStreamed: true) {
            seen.append(event)
        }
        let item: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap"]
        #expect(seen == [.changed(item), .listed(resourceVersion: "5")])
    }

    @Test(arguments: [
        (
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"message\":\"too old\"}}",
            KubernetesError.Code.gone
        ),
        ("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500,\"message\":\"broken\"}}", .unreachable),
        ("{\"type\":\"WONDER\",\"object\":{}}", .unintelligible), ("{\"type\":\"ADDED\"}", .unintelligible),
        ("not json", .unintelligible),
    ])
    func `a watch that goes wrong says how`(line: String, code: KubernetesError.Code) async throws {
        let server = try server([Self.response("200 OK", line + "\n")])
        let error = await #expect(throws: KubernetesError.self) {
            for try await _ in client(server).watch(Sample.configMaps, namespace: "x", from: "1") {}
        }
        #expect(error?.code == code)
    }

    @Test func `nobody listens`() async throws {
        let port = try StubServer { _ in }.url
        let client = KubernetesClient(access: KubernetesAccess(server: port), transport: HTTPTransport())
        try await eventually("the port is closed") {
            do {
                _ = try await client.get(Sample.configMaps, namespace: "x", name: "a")
                return false
            } catch let error as KubernetesError {
                return error.code == .unreachable && error.message.contains("connection refused")
            }
        }
    }

    @Test(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG"))
    func `a server that the authority did not certify is refused, with what to do`() async throws {
        let right = try #require(TestCluster.access)
        var stranger = right.tls
        stranger.authority = nil
        var otherName = right.tls
        otherName.serverName = "somebody.else"
        for (tls, remedy) in [
            (stranger, "take the cluster's present certificate-authority"), (otherName, "set tls-server-name"),
        ] {
            let access = KubernetesAccess(server: right.server, tls: tls, context: "other")
            let error = await #expect(throws: KubernetesError.self) {
                _ = try await KubernetesClient(access: access, transport: TestCluster.transport).discover()
            }
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains(remedy) == true, "\(error?.message ?? "")")
        }
        var tls = right.tls
        tls.serverName = "kubernetes.default.svc"
        let access = KubernetesAccess(server: right.server, tls: tls, credentials: right.credentials)
        _ = try await KubernetesClient(access: access, transport: TestCluster.transport).discover()
    }

    @Test(.enabled(if: TestCluster.access != nil, "needs a cluster in FORGE_TEST_KUBECONFIG"))
    func `wrong credentials are told from missing rights`() async throws {
        let right = try #require(TestCluster.access)
        let access = KubernetesAccess(
            server: right.server,
            tls: TLSSettings(authority: right.tls.authority),
            credentials: .token("hush"),
            context: "other"
        )
        let error = await #expect(throws: KubernetesError.self) {
            _ = try await KubernetesClient(access: access, transport: TestCluster.transport)
                .get(Sample.configMaps, namespace: "default", name: "a")
        }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("the credentials of context other are wrong or have run out") == true)
        #expect(error?.message.contains("hush") == false)
    }
}
