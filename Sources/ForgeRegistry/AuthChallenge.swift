// SPDX-License-Identifier: Apache-2.0

/// One challenge of a `WWW-Authenticate` field (RFC 9110 §11.6.1), as far as registries use them.
enum AuthChallenge: Hashable, Sendable {
    case basic
    /// Get a token from `realm` (distribution's token authentication specification).
    case bearer(realm: String, service: String?)

    /// The strongest challenge of a field's value that can be answered.
    init?(_ value: String) {
        let scheme = value.prefix { $0 != " " }.lowercased()
        switch scheme {
        case "basic": self = .basic
        case "bearer":
            let parameters = Self.parameters(value.dropFirst(scheme.count))
            guard let realm = parameters["realm"] else { return nil }
            self = .bearer(realm: realm, service: parameters["service"])
        default: return nil
        }
    }

    /// `name="quoted, value",name=token`.
    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = text[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { $0 != " " && $0 != "," }.lowercased()
            rest = rest[rest.index(after: equals)...]
            if rest.first == "\"" {
                rest = rest.dropFirst()
                var value = ""
                while let character = rest.popFirst(), character != "\"" {
                    if character == "\\", let escaped = rest.popFirst() {
                        value.append(escaped)
                    } else {
                        value.append(character)
                    }
                }
                parameters[name] = value
            } else {
                let value = rest.prefix { $0 != "," }
                parameters[name] = String(value).filter { $0 != " " }
                rest = rest[value.endIndex...]
            }
        }
        return parameters
    }
}
