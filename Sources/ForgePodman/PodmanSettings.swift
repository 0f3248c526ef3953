// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// Where podman is and how far containers may go.
package struct PodmanSettings: Sendable {
    /// The path of podman's Unix socket.
    package let socket: String
    /// Tells the objects of several platforms on one host apart: a label's value and the prefix of every name.
    package let instance: String
    /// What opens the platform's registry, where it asks.
    package let credentials: RegistryCredentials?
    /// The host's file of trusted certificates (PEM), for phases that ask for it.
    package let certificates: String?
    /// What every phase that reaches the outside is told of this machine's way there: proxies, package indexes.
    package let egressEnvironment: [String: String]
    /// The bounds that every container gets.
    package let limits: ContainerLimits

    /// Throws `InvalidValue` when `instance` is not 1 to 12 of a-z and 0-9: it becomes a part of names.
    package init(
        socket: String,
        instance: String,
        credentials: RegistryCredentials? = nil,
        certificates: String? = nil,
        egressEnvironment: [String: String] = [:],
        limits: ContainerLimits = .ofThisMachine()
    ) throws {
        guard (1...12).contains(instance.utf8.count),
            instance.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else {
            throw InvalidValue(
                kind: "podman instance name",
                text: instance,
                rule: "use 1 to 12 lower-case letters and digits"
            )
        }
        self.socket = socket
        self.instance = instance
        self.credentials = credentials
        self.certificates = certificates
        self.egressEnvironment = egressEnvironment
        self.limits = limits
    }
}
