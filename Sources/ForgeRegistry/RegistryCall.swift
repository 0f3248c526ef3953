// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

/// One request of the client, before it has its `Authorization`.
struct RegistryCall: Sendable {
    var method: String
    var url: String
    /// What it is about, for errors: `localhost:5000/shop/web:v3`.
    var subject: String
    var scopes: [RegistryScope]
    var headers: HTTPHeaders = [:]
    var body = HTTPRequest.Body.none
    /// The longest silence. Committing an upload makes some registries copy it before they answer.
    var patience: Duration = .seconds(60)
    /// Doing it twice is doing it once.
    var isRepeatable = true

    init(_ method: String, _ url: String, subject: String, scopes: [RegistryScope]) {
        self.method = method
        self.url = url
        self.subject = subject
        self.scopes = scopes
    }

    var canBeSentAgain: Bool {
        if case .stream = body { false } else { true }
    }
}
