// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeOCI

/// Layers that a registry has already, by the digests of their uncompressed content.
struct StoredLayers: Sendable {
    /// An image that they are of.
    let image: ImageName
    let layers: [Digest: Descriptor]

    init(image: ImageName, layers: [Digest: Descriptor]) {
        self.image = image
        self.layers = layers
    }
}
