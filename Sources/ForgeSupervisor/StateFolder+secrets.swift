// SPDX-License-Identifier: Apache-2.0

/// The secrets that are kept in the state folder, each in a file that only its owner can read.
extension StateFolder {
    /// The registry's password; throws `unavailable` when the platform was never started.
    package func readRegistryPassword() throws -> String {
        guard let password = try StateFile.read(registryPassword) else {
            throw SupervisorError(.unavailable, "there is no platform in '\(path)' yet: forge up starts one")
        }
        return String(decoding: password, as: UTF8.self)
    }

    /// The first user's token; nil when there is none yet.
    package func readAdminToken() throws -> String? {
        try StateFile.read(adminToken).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Keeps the first user's token.
    package func write(adminToken token: String) throws {
        try StateFile.replace(adminToken, with: Array(token.utf8))
    }
}
