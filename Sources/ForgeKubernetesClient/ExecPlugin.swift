// SPDX-License-Identifier: Apache-2.0

/// A program that tells credentials, as a kubeconfig names it (client.authentication.k8s.io/v1 and v1beta1).
package struct ExecPlugin: Sendable, Hashable {
    /// Whether the program may ask a person.
    package enum InteractiveMode: String, Sendable, Hashable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// `client.authentication.k8s.io/v1`.
    package let apiVersion: String
    /// A path, or a name that is looked for in `PATH`.
    package let command: String
    package let arguments: [String]
    /// What is added to our own environment.
    package let environment: [String: String]
    package let interactiveMode: InteractiveMode
    /// The cluster that the program is told of (`provideClusterInfo`), as the JSON text of `spec.cluster`.
    package let clusterInfo: [UInt8]?
    /// What to tell a person when the program is not there.
    package let installHint: String?

    /// Describes a program.
    package init(
        apiVersion: String,
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        interactiveMode: InteractiveMode = .ifAvailable,
        clusterInfo: [UInt8]? = nil,
        installHint: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.interactiveMode = interactiveMode
        self.clusterInfo = clusterInfo
        self.installHint = installHint
    }
}
