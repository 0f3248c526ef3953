// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Hummingbird

/// What is known of a request besides its own bytes.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The name of the token that the request came with; nil before it was checked.
    var caller: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// The app that the path names.
    func app() throws -> AppName {
        try AppName(coreContext.parameters.get("app") ?? "")
    }
}
