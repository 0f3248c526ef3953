// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeKubernetesClient
import FoundationEssentials

/// `forge-bench kubernetes`: fleets on a real API server, beside kubectl.
struct KubernetesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubernetes",
        abstract: "Apply, plan and change fleets of apps on the API server of KUBECONFIG, beside kubectl.",
        discussion: "Works in namespaces of its own, which it removes at the end. No pod has to run."
    )

    @Option(help: ArgumentHelp("How many apps, one fleet after the other.", valueName: "n,n"))
    var apps = "100,1000"
    @Flag(help: "Leave kubectl out.")
    var alone = false

    func run() async throws {
        let sizes = apps.split(separator: ",").compactMap { Int($0) }.filter { (1...10_000).contains($0) }
        guard !sizes.isEmpty else { throw ValidationError("--apps takes numbers from 1 to 10000, such as 100,1000") }
        let access = try KubernetesAccess.load(environment: ProcessInfo.processInfo.environment)
        for size in sizes {
            try await KubernetesBench(access: access, size: size, withPeer: !alone).run()
        }
    }
}
