// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON

/// One request to an API server, before credentials.
struct KubernetesCall: Sendable {
    var method = "GET"
    var path: String
    /// In this order; nil values are left out.
    var query: [(name: String, value: String?)] = []
    var body: JSONValue?
    var contentType = "application/json"
    /// Whether doing it twice is doing it once.
    var isRepeatable = true
    /// The response arrives for as long as the server likes.
    var isStream = false
    /// The longest that a stream may last.
    var lasting: Duration?
    /// For messages: `apply Deployment shop-web in forge-apps`.
    var purpose: String
    /// Whether the server's words about the body may hold what nobody else shall see.
    var isSecret = false

    /// The request, for a server and an identity.
    func request(to access: KubernetesAccess, as identity: Identity) -> HTTPRequest {
        let parameters = query.compactMap { parameter in
            parameter.value.map { "\(parameter.name)=\($0.percentEncoded)" }
        }
        var tls = access.tls
        if identity.certificate != nil {
            tls.clientCertificate = identity.certificate
            tls.key = identity.key
        }
        var request = HTTPRequest(
            method: method,
            url: access.server + path + (parameters.isEmpty ? "" : "?\(parameters.joined(separator: "&"))"),
            headers: ["Accept": "application/json"],
            timeouts: .init(idle: isStream ? nil : .seconds(60), total: lasting),
            tls: tls,
            proxy: access.proxy
        )
        if let body {
            request.body = .bytes(body.bytes())
            request.headers["Content-Type"] = contentType
        }
        request.headers["Authorization"] = identity.authorization
        return request
    }
}
