// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// One image or artifact: its configuration and its layers (image-spec, manifest.md).
package struct ImageManifest: Hashable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion = 2
    /// The media type of this document.
    package var mediaType: String?
    /// What kind of artifact this is, when it is no image.
    package var artifactType: String?
    /// The configuration's descriptor.
    package var config: Descriptor
    /// The layers, the base first.
    package var layers: [Descriptor]
    /// Free annotations.
    package var annotations: [String: String]?

    /// Makes an OCI manifest.
    package init(config: Descriptor, layers: [Descriptor], artifactType: String? = nil) {
        mediaType = MediaType.manifest
        self.artifactType = artifactType
        self.config = config
        self.layers = layers
    }

    /// Reads a manifest of either family; throws ``MalformedDocument``.
    package init(decoding bytes: [UInt8]) throws {
        self = try CanonicalJSON.decode(Self.self, from: bytes, kind: "image manifest")
        guard schemaVersion == 2 else {
            throw MalformedDocument(kind: "image manifest", reason: "schemaVersion is \(schemaVersion), only 2 is read")
        }
    }

    /// The canonical bytes, whose digest is the image's digest.
    package func encoded() throws -> [UInt8] { try CanonicalJSON.encode(self) }
}

/// Several manifests under one name, one per platform (image-spec, image-index.md).
package struct ImageIndex: Hashable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion = 2
    /// The media type of this document.
    package var mediaType: String?
    /// The manifests.
    package var manifests: [Descriptor]

    /// Reads an index of either family; throws ``MalformedDocument``.
    package init(decoding bytes: [UInt8]) throws {
        self = try CanonicalJSON.decode(Self.self, from: bytes, kind: "image index")
    }

    /// The manifest for a platform; an entry without a variant serves every variant.
    package func manifest(for platform: ImagePlatform) -> Descriptor? {
        manifests.first { entry in
            guard let offered = entry.platform else { return false }
            return offered.os == platform.os && offered.architecture == platform.architecture
                && (platform.variant == nil || offered.variant == nil || offered.variant == platform.variant)
        }
    }
}
