// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// A typed reference to content by its digest (image-spec, descriptor.md).
package struct Descriptor: Hashable, Sendable, Codable {
    /// The media type of the content.
    package var mediaType: String
    /// The digest of the content.
    package var digest: Digest
    /// The length of the content in bytes.
    package var size: Int64
    /// The platform, in the entries of an index.
    package var platform: ImagePlatform?
    /// Free annotations.
    package var annotations: [String: String]?

    /// Describes content of `size` bytes.
    package init(mediaType: String, digest: Digest, size: Int64) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    /// Describes content that is at hand.
    package init(mediaType: String, content: [UInt8]) {
        self.init(mediaType: mediaType, digest: Sha256.digest(of: content), size: Int64(content.count))
    }
}

/// What an image runs on (image-spec, image-index.md).
package struct ImagePlatform: Hashable, Sendable, Codable {
    /// The processor architecture in Go's names, such as `amd64`.
    package var architecture: String
    /// The operating system, such as `linux`.
    package var os: String
    /// The processor's variant, such as `v8`.
    package var variant: String?

    /// Names a platform.
    package init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// The platform that this program was built for.
    package static var current: ImagePlatform {
        #if arch(x86_64)
            ImagePlatform(os: "linux", architecture: "amd64")
        #elseif arch(arm64)
            ImagePlatform(os: "linux", architecture: "arm64")
        #else
            #error("name this architecture as Go does")
        #endif
    }
}
