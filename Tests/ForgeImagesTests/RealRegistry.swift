// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeRegistry
import ForgeTesting

@testable import ForgeImages

/// The platform's images in a real registry without users.
final class RealRegistry: Sendable {
    let client: RegistryClient
    let images: RegistryImages
    private let registry: RunningRegistry

    init() async throws {
        registry = try await RunningRegistry()
        client = RegistryClient(
            endpoint: RegistryEndpoint(registry.host),
            credentials: nil,
            transport: HTTPTransport()
        )
        images = RegistryImages(
            registry: client,
            settings: .init(baseDomain: try Host("localhost"), routerPort: 8080)
        )
    }

    func stop() { registry.stop() }
}
