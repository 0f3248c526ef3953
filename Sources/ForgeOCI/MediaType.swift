// SPDX-License-Identifier: Apache-2.0

/// The media types of the OCI image specification, and the docker ones that are read but never written.
package enum MediaType {
    /// An OCI image manifest (image-spec, manifest.md).
    package static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An OCI image index (image-spec, image-index.md).
    package static let index = "application/vnd.oci.image.index.v1+json"
    /// An OCI image configuration (image-spec, config.md).
    package static let config = "application/vnd.oci.image.config.v1+json"
    /// An uncompressed OCI layer (image-spec, layer.md).
    package static let layer = "application/vnd.oci.image.layer.v1.tar"
    /// A gzip-compressed OCI layer.
    package static let layerGzip = "application/vnd.oci.image.layer.v1.tar+gzip"
    /// The configuration of an artifact that needs none (image-spec, manifest.md, guidance for an empty descriptor).
    package static let empty = "application/vnd.oci.empty.v1+json"

    /// A docker image manifest, schema 2.
    package static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    /// A docker manifest list.
    package static let dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json"
    /// A docker image configuration; its fields are those of the OCI one.
    package static let dockerConfig = "application/vnd.docker.container.image.v1+json"
    /// A docker layer, always gzip-compressed.
    package static let dockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    /// A docker layer without compression, which some tools write.
    package static let dockerLayer = "application/vnd.docker.image.rootfs.diff.tar"

    /// The artifact that holds a source tree (image-spec, manifest.md §artifactType).
    package static let sourceArtifact = "application/vnd.forge.source.v1"
    /// A packed source tree: an uncompressed tar as ``SourcePacker`` makes it.
    package static let source = "application/vnd.forge.source.v1.tar"

    /// What to send as Accept when a manifest of any readable kind will do.
    package static let readableManifests = [manifest, dockerManifest, index, dockerIndex]

    /// Whether the type names several manifests, one per platform.
    package static func isIndex(_ type: String) -> Bool { type == index || type == dockerIndex }

    /// The OCI type with the same bytes as `type`, so that what is written never mixes the two families.
    package static func oci(_ type: String) -> String {
        switch type {
        case dockerManifest: manifest
        case dockerIndex: index
        case dockerConfig: config
        case dockerLayerGzip: layerGzip
        case dockerLayer: layer
        default: type
        }
    }
}
