// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Testing

extension AppManifest {
    /// A manifest with a web process.
    static var sample: AppManifest { named("shop") }
    /// The manifest of another app.
    static var other: AppManifest { named("blog") }

    private static func named(_ name: String) -> AppManifest {
        guard let name = try? AppName(name) else { preconditionFailure("\(name) is an app name") }
        return AppManifest(name: name, processes: [.web: .defaults(for: .web)])
    }
}
