// SPDX-License-Identifier: Apache-2.0

import ForgeLifecycle
import FoundationEssentials
import Glibc

/// `/cnb/lifecycle/<phase>`: which phase, the name says, or the first argument.
@main struct ForgeLifecycleProgram {
    static func main() async {
        exit(await Lifecycle.run(CommandLine.arguments, environment: ProcessInfo.processInfo.environment))
    }
}
