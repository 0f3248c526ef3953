// SPDX-License-Identifier: Apache-2.0

import Crypto
import ForgeModel

/// What makes containers alike: those with the same identity serve the same thing, and replacing one by another
/// changes nothing.
struct ContainerSet: Hashable, Sendable {
    /// Ten hexadecimal digits over app, process type and fields.
    let id: String
    /// The fields as a label keeps them.
    let unit: String

    /// The set that a workload asks for.
    init(_ workload: Workload) throws {
        unit = try UnitFields(PodmanDialect.fields(of: workload)).json()
        let text = "\(workload.app)\n\(workload.process)\n\(unit)"
        id = String(Hexadecimal.text(SHA256.hash(data: Array(text.utf8))).prefix(10))
    }
}
