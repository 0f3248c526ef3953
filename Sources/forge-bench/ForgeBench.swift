// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures the parts whose speed is promised, each beside a peer or a floor in the same run (specs/performance.md).
@main
struct ForgeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forge-bench",
        abstract: "Measure ForgePaaS beside the tools that people know.",
        subcommands: [KubernetesCommand.self]
    )
}
