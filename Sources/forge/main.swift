// SPDX-License-Identifier: Apache-2.0

import ForgeCommands
import Glibc

exit(await CommandLineRun.run(Array(CommandLine.arguments.dropFirst())))
