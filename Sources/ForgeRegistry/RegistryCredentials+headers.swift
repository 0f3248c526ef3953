// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension RegistryCredentials {
    /// The form in which `CNB_REGISTRY_AUTH` carries credentials (buildpacks platform spec, "Registry Authentication").
    package var headerValue: String {
        switch kind {
        case .basic(let username, let password): "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
        case .bearer(let token): "Bearer " + token
        case .identity(let token): "X-Identity " + token
        }
    }

    /// Reads `headerValue`'s form; `nil` for another scheme or bytes that are no `user:password`.
    init?(headerValue: String) {
        let parts = headerValue.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "basic": self.init(base64: String(parts[1]))
        case "bearer": self = .bearer(String(parts[1]))
        case "x-identity": self = .identity(String(parts[1]))
        default: return nil
        }
    }

    /// Reads the base64 of `user:password`.
    init?(base64: String) {
        guard let data = Data(base64Encoded: base64) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.init(username: String(parts[0]), password: String(parts[1]))
    }
}
