// SPDX-License-Identifier: Apache-2.0

/// The versions of the two interfaces that the lifecycle and the launcher speak, the newest last.
package enum SupportedAPI {
    /// Between the platform and the phases (platform specification).
    package static let platform = ["0.12", "0.13", "0.14", "0.15"]
    /// Between the phases and the buildpacks (buildpack specification).
    package static let buildpack = ["0.8", "0.9", "0.10", "0.11", "0.12"]
}
