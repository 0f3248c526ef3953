// SPDX-License-Identifier: Apache-2.0

/// Where a cluster keeps the layers of builds for the builds that follow.
package enum BuildCache: String, Hashable, Sendable, Codable {
    /// On a volume of the app, where every build of it finds the same volume.
    case volume
    /// As an image in the registry, where no volume outlives a build or follows it to another node.
    case image
}
