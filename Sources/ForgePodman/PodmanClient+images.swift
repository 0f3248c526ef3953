// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP
import ForgeModel
import FoundationEssentials

/// Why an image is not on this host.
struct MissingImage: Error, CustomStringConvertible {
    /// The registry's answer in one line.
    let description: String
}

extension PodmanClient {
    private struct PullLine: Decodable {
        let error: String?
    }

    private struct ImageDetails: Decodable {
        let config: Configuration?

        struct Configuration: Decodable {
            let user: String?

            private enum CodingKeys: String, CodingKey { case user = "User" }
        }

        private enum CodingKeys: String, CodingKey { case config = "Config" }
    }

    /// Brings an image onto this host unless it is there.
    /// - Throws: `MissingImage` when the registry has no such image, `ClusterError` when it cannot be asked.
    func ensure(_ image: ImageReference, credentials: RegistryCredentials?) async throws {
        let known = try await send("GET", "/images/\(image)/exists", accepting: [404])
        guard known.status == 404 else { return }
        var headers: HTTPHeaders = [:]
        if let credentials, credentials.host == image.registry {
            headers["X-Registry-Auth"] = try credentials.authHeader()
        }
        let isLocal = URLHost("http://\(image.registry)").isLoopback
        let answer = try await send(
            "POST",
            "/images/pull",
            query: [("reference", "\(image)"), ("tlsVerify", isLocal ? "false" : "true"), ("quiet", "true")],
            headers: headers,
            idle: .seconds(1800)
        )
        // The status is 200 either way; a failure is the last line of the body.
        for line in answer.body.split(separator: UInt8(ascii: "\n")) {
            guard let error = try? JSONDecoder().decode(PullLine.self, from: Data(line)).error else { continue }
            try throwFailure(of: image, error)
        }
    }

    private func throwFailure(of image: ImageReference, _ error: String) throws {
        let text = error.lowercased()
        if ["manifest unknown", "name unknown", "not found"].contains(where: text.contains) {
            throw MissingImage(description: "the registry has no image \(image)")
        }
        if ["unauthorized", "authentication required", "denied"].contains(where: text.contains) {
            throw ClusterError(.refused, "the registry refused podman's credentials for \(image)")
        }
        throw ClusterError(.unreachable, "\(image) cannot be pulled: \(error)")
    }

    /// The user that an image asks for; empty when it asks for none.
    func user(of image: ImageReference) async throws -> String {
        try await send("GET", "/images/\(image)/json").decoded(ImageDetails.self).config?.user ?? ""
    }

    /// Removes an image unless a container has it.
    func removeUnusedImage(_ image: String) async throws {
        _ = try await send("DELETE", "/images/\(image)", accepting: [404, 409, 500])
    }
}
