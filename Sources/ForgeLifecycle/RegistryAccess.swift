// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeRegistry

/// The registries that a phase talks to, with the credentials that it was given (platform specification, Registry
/// Authentication). Only phases that run no code of the app have one.
struct RegistryAccess: Sendable {
    private let keychain: Keychain
    private let insecure: [String]
    private let transport = HTTPTransport()

    /// Reads the credentials. Throws `RegistryError` naming the source that cannot be read.
    init(_ settings: PhaseSettings) throws {
        keychain = try Keychain(environment: settings.environment)
        insecure = settings.list(.insecureRegistry)
    }

    /// A client for one registry; a host is insecure when a given name is a prefix of it.
    func client(for host: String) -> RegistryClient {
        let isInsecure = insecure.contains { host.hasPrefix($0) }
        return RegistryClient(
            endpoint: RegistryEndpoint(host, insecure: isInsecure ? [host] : []),
            credentials: keychain.credentials(for: host),
            transport: transport
        )
    }
}
