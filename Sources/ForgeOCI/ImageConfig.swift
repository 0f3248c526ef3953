// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// An image configuration (image-spec, config.md).
///
/// The document itself is kept and the properties read and write it, so that a base image's fields which are not
/// known here survive in the image that extends it.
package struct ImageConfig: Hashable, Sendable {
    /// The whole document, an object.
    package private(set) var document: JSONValue

    /// One entry of the history: what made a layer.
    package struct History: Hashable, Sendable {
        /// When, in RFC 3339.
        package var created: String?
        /// What made it.
        package var createdBy: String?
        /// Whether it made no layer.
        package var emptyLayer: Bool

        /// Describes a step.
        package init(created: String?, createdBy: String?, emptyLayer: Bool = false) {
            self.created = created
            self.createdBy = createdBy
            self.emptyLayer = emptyLayer
        }
    }

    /// Starts a configuration for a platform, without layers.
    package init(platform: ImagePlatform) {
        document = .object([:])
        document["os"] = .string(platform.os)
        document["architecture"] = .string(platform.architecture)
        document["variant"] = platform.variant.map(JSONValue.string)
        document["config"] = .object([:])
        document["rootfs"] = .object(["type": .string("layers"), "diff_ids": .array([])])
    }

    /// Reads a configuration; throws ``MalformedDocument``.
    package init(decoding bytes: [UInt8]) throws {
        let kind = "image configuration"
        document = try CanonicalJSON.decode(JSONValue.self, from: bytes, kind: kind)
        guard document.object != nil else { throw MalformedDocument(kind: kind, reason: "it is not an object") }
        let stated = document["rootfs"]?["diff_ids"]?.array ?? []
        guard diffIDs.count == stated.count else {
            throw MalformedDocument(kind: kind, reason: "rootfs.diff_ids has an entry that is not a sha256 digest")
        }
    }

    /// The canonical bytes.
    package func encoded() throws -> [UInt8] { try CanonicalJSON.encode(document) }

    /// What the image runs on.
    package var platform: ImagePlatform {
        ImagePlatform(
            os: document["os"]?.string ?? "linux",
            architecture: document["architecture"]?.string ?? "",
            variant: document["variant"]?.string
        )
    }

    /// When the image was made, in RFC 3339.
    package var created: String? {
        get { document["created"]?.string }
        set { document["created"] = newValue.map(JSONValue.string) }
    }

    /// The digests of the uncompressed layers, the base first.
    package var diffIDs: [Digest] {
        get { (document["rootfs"]?["diff_ids"]?.array ?? []).compactMap { $0.string.flatMap { try? Digest($0) } } }
        set {
            var rootfs = document["rootfs"] ?? .object(["type": .string("layers")])
            rootfs["diff_ids"] = .array(newValue.map { .string($0.text) })
            document["rootfs"] = rootfs
        }
    }

    /// What made each layer.
    package var history: [History] {
        get {
            (document["history"]?.array ?? []).map { entry in
                History(
                    created: entry["created"]?.string,
                    createdBy: entry["created_by"]?.string,
                    emptyLayer: entry["empty_layer"]?.bool ?? false
                )
            }
        }
        set {
            document["history"] = .array(
                newValue.map { step in
                    var entry = JSONValue.object([:])
                    entry["created"] = step.created.map(JSONValue.string)
                    entry["created_by"] = step.createdBy.map(JSONValue.string)
                    entry["empty_layer"] = step.emptyLayer ? .bool(true) : nil
                    return entry
                }
            )
        }
    }

    mutating func replaceExecution(_ members: JSONValue) { document["config"] = members }

    /// Adds a layer on top, with its line of history.
    package mutating func append(layer diffID: Digest, history step: History) {
        diffIDs.append(diffID)
        history.append(step)
    }
}
