// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import FoundationEssentials

import struct Crypto.SHA256

extension Digest {
    /// The digest of some bytes.
    package init(hashing bytes: some Sequence<UInt8>) {
        self.init(sha256: SHA256.hash(data: Array(bytes)))
    }

    /// The digest of a value's canonical JSON: keys sorted, no white space.
    package init(of value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(hashing: try encoder.encode(value))
    }
}

extension BuildKey {
    /// Hashes all that a build's result depends on; a new field here makes every app build again (specs/plan.md §5).
    package init(source: Digest, settings: BuildSettings, platform: Platform) throws {
        struct Inputs: Encodable {
            let version = 1
            let source: Digest
            let path: String
            let env: [String: String]
            let builder: Digest
            let runImage: Digest
            let target: String
        }
        let inputs = Inputs(
            source: source,
            path: settings.path,
            env: settings.env,
            builder: platform.builder.digest,
            runImage: platform.runImage.digest,
            target: platform.target
        )
        try self.init(Digest(of: inputs).hex)
    }
}
