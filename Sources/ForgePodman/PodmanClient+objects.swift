// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeHTTP

/// A network of podman's.
struct PodmanNetwork: Codable, Sendable {
    /// A range of addresses.
    struct Subnet: Codable, Sendable {
        let subnet: String
    }

    let name: String
    /// At most 15 characters.
    var networkInterface: String?
    var driver = "bridge"
    var isDNSEnabled = true
    var options: [String: String]?
    var labels: [String: String]?
    var subnets: [Subnet]?

    private enum CodingKeys: String, CodingKey {
        case name
        case networkInterface = "network_interface"
        case driver
        case isDNSEnabled = "dns_enabled"
        case options
        case labels
        case subnets
    }
}

/// A volume of podman's.
struct PodmanVolume: Codable, Sendable {
    let name: String
    let labels: [String: String]?
    var options: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case labels = "Labels"
        case options = "Options"
    }
}

extension PodmanClient {
    /// Every network, those of others included: their address ranges are taken.
    func networks() async throws -> [PodmanNetwork] {
        try await send("GET", "/networks/json").decoded([PodmanNetwork].self)
    }

    /// Creates a network; does nothing when the name is taken.
    func create(_ network: PodmanNetwork) async throws {
        _ = try await post("/networks/create", json: network, accepting: [409])
    }

    /// Removes a network that no container is on; does nothing when it is gone.
    func removeNetwork(_ name: String) async throws {
        let answer = try await send("DELETE", "/networks/\(name)", accepting: [404, 500])
        guard answer.status == 500 else { return }
        throw ClusterError(.conflict, "the network \(name) cannot be removed: \(answer.message)")
    }

    /// Creates a volume; does nothing when the name is taken.
    func create(_ volume: PodmanVolume) async throws {
        let answer = try await post("/volumes/create", json: volume, accepting: [409, 500])
        guard answer.status >= 400, answer.cause != "volume already exists" else { return }
        throw answer.error
    }

    /// Every volume with all of these labels. podman 4.3 lists those with any of them.
    func volumes(_ labels: [(String, String)]) async throws -> [PodmanVolume] {
        let answer = try await send("GET", "/volumes/json", query: [try Self.filter(labels)])
        return try (answer.decoded([PodmanVolume]?.self) ?? []).filter { volume in
            labels.allSatisfy { volume.labels?[$0] == $1 }
        }
    }

    /// Removes a volume; does nothing when it is gone.
    func removeVolume(_ name: String) async throws {
        _ = try await send("DELETE", "/volumes/\(name)", accepting: [404])
    }

    /// Creates a secret; does nothing when the name is taken.
    func createSecret(_ name: String, _ bytes: [UInt8]) async throws {
        // Any other content type makes podman's server read the body as a form and find no secret.
        let answer = try await send(
            "POST",
            "/secrets/create",
            query: [("name", name)],
            headers: ["Content-Type": "application/octet-stream"],
            body: .bytes(bytes),
            accepting: [409, 500]
        )
        guard answer.status >= 400, answer.cause != "secret name in use" else { return }
        throw answer.error
    }

    /// Removes a secret; does nothing when it is gone.
    func removeSecret(_ name: String) async throws {
        _ = try await send("DELETE", "/secrets/\(name)", accepting: [404])
    }
}
