// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import FoundationEssentials

extension RegistryError {
    /// The error document of distribution-spec §"Error Codes".
    private struct Document: Decodable {
        /// One error; only the first is shown.
        struct Entry: Decodable {
            var code: String?
            var message: String?
        }

        var errors: [Entry]
    }

    /// What an unexpected response means. Reads at most 64 KiB of its body.
    /// - Parameter subject: what the request was about.
    static func from(_ response: HTTPResponse, subject: String, hasCredentials: Bool) async -> RegistryError {
        let body = (try? await response.body.collect(limit: 64 << 10)) ?? []
        let entry = try? JSONDecoder().decode(Document.self, from: Data(body)).errors.first
        let said = entry.map { " (\($0.code ?? "no code"): \(String(($0.message ?? "").prefix(200))))" } ?? ""
        switch response.status {
        case 401:
            let reason =
                hasCredentials ? "the registry refuses the credentials" : "the registry wants credentials, none are set"
            return RegistryError(.unauthorized, "\(subject): \(reason); check user and password\(said)")
        case 403: return RegistryError(.denied, "\(subject): not allowed with these credentials\(said)")
        case 404: return RegistryError(.notFound, "\(subject): not found in the registry\(said)")
        case 405: return RegistryError(.unsupported, "\(subject): the registry does not allow this\(said)")
        case 413:
            return RegistryError(.tooLarge, "\(subject): the registry or a proxy before it limits the size\(said)")
        case 429, 500...599:
            return RegistryError(.unavailable, "\(subject): the registry answers \(response.status); try again\(said)")
        default:
            let code: Code = entry?.code == "DIGEST_INVALID" ? .digestMismatch : .protocolError
            return RegistryError(code, "\(subject): the registry answers \(response.status)\(said)")
        }
    }
}
