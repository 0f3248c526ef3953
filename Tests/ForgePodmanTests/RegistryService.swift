// SPDX-License-Identifier: Apache-2.0

import ForgeTesting

/// A real registry that asks for the password `hunter2` of the user `forge`.
final class RegistryService {
    private let registry: RunningRegistry

    var host: String { registry.host }

    init(folder: String) async throws {
        registry = try await RunningRegistry(below: folder, user: ("forge", "hunter2"))
    }

    func stop() { registry.stop() }
}
