// SPDX-License-Identifier: Apache-2.0

/// What a server offers of what the encoding can choose from: the newest that both know (specs/kubernetes.md §3).
package struct KubernetesVersions: Hashable, Sendable {
    /// The version of `policy` in which PodDisruptionBudgets are written.
    package let disruptionBudget: String
    /// Whether a `preStop` may be a plain pause, without a program of the image (on by default from 1.30).
    package let hasNativeSleep: Bool

    /// Chooses from what a server offers.
    ///
    /// - Parameters:
    ///   - groupVersions: what discovery lists, such as `policy/v1`.
    ///   - minor: the server's version 1.x.
    package init(groupVersions: Set<String>, minor: Int) {
        disruptionBudget = groupVersions.contains("policy/v1") ? "policy/v1" : "policy/v1beta1"
        hasNativeSleep = minor >= 30
    }

    /// A current server.
    package static let current = KubernetesVersions(groupVersions: ["policy/v1"], minor: 36)
}
