// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Synchronization

/// What a server made of objects that we applied, where that is not what we wrote: a default that we do not know, or a
/// webhook that rewrites our value.
///
/// Applying such an object again would change nothing, so while both sides stay as they are it counts as equal. Each is a
/// gap in the canonical spelling, and is logged when it is found.
final class Acceptances: Sendable {
    private struct Pair: Hashable, Sendable {
        let wanted: FieldValue
        /// The live owned fields, packed.
        let live: [UInt8]
    }

    private let pairs = Mutex<[String: Pair]>([:])

    /// Remembers what became of an object.
    /// - Parameter uid: the object's.
    func accept(_ uid: String, wanted: FieldValue, as live: [UInt8]) {
        pairs.withLock { $0[uid] = Pair(wanted: wanted, live: live) }
    }

    /// What was wanted when an object became what it is; nil when it is something else by now.
    func wanted(_ object: CachedObject) -> FieldValue? {
        pairs.withLock { pairs in
            guard let pair = pairs[object.uid] else { return nil }
            if pair.live == object.content.owned { return pair.wanted }
            pairs[object.uid] = nil
            return nil
        }
    }
}
