// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch

/// The buildpacks that a builder image has: `<directory>/<id, '/' as '_'>/<version>/buildpack.toml`.
struct BuildpackStore: Sendable {
    let directory: String

    /// Finds a buildpack. Throws ``PhaseError``, with 12 when its API is not supported.
    func find(id: String, version: String) throws -> BuildpackDescriptor {
        let place = "\(directory)/\(LaunchMetadata.Buildpack.directoryName(id))/\(version)"
        let parts = place.split(separator: "/", omittingEmptySubsequences: false)
        guard !id.isEmpty, !version.isEmpty, !parts.contains(".."),
            var descriptor = try TOMLText.read(BuildpackDescriptor.self, place + "/buildpack.toml")
        else {
            throw PhaseError(PhaseError.Code.generic, "buildpack \(id)@\(version) is not in \(directory)")
        }
        descriptor.directory = place
        guard SupportedAPI.buildpack.contains(descriptor.api) else {
            let known = SupportedAPI.buildpack.joined(separator: ", ")
            throw PhaseError(
                PhaseError.Code.buildpackAPI,
                "buildpack \(id)@\(version) needs buildpack API '\(descriptor.api)'; supported: \(known)"
            )
        }
        return descriptor
    }
}
