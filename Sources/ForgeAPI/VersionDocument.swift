// SPDX-License-Identifier: Apache-2.0

/// What answers, and in which version: `GET /v1/version`.
package struct VersionDocument: Hashable, Sendable, Codable {
    /// The version of this product; programs and server are released together.
    package static let current = "0.1.0"

    /// The product's version.
    package let version: String
    /// The API's version.
    package let api: String

    /// Describes what answers.
    package init(version: String = Self.current, api: String = WireFormat.version) {
        self.version = version
        self.api = api
    }
}
