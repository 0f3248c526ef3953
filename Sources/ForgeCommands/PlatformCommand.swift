// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `forge platform`: a platform on a Kubernetes cluster, as a whole.
struct PlatformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform",
        abstract: "Install a platform on a Kubernetes cluster, or remove it.",
        subcommands: [PlatformInstallCommand.self, PlatformUninstallCommand.self]
    )
}

/// Which cluster is meant, and what the platform's parts on it are called; on both commands.
struct ClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The context of the kubeconfig (default: the current one).", valueName: "name"))
    var context: String?
    @Option(help: ArgumentHelp("The namespace of the platform itself.", valueName: "name"))
    var namespace = "forge-system"
    @Option(
        name: .customLong("apps-namespace"),
        help: ArgumentHelp("The namespace of the apps.", valueName: "name")
    )
    var appsNamespace = "forge-apps"
    @Option(
        name: .customLong("builds-namespace"),
        help: ArgumentHelp("The namespace of the builds.", valueName: "name")
    )
    var buildsNamespace = "forge-builds"
    @Option(
        help: ArgumentHelp(
            "Tells platforms on one cluster apart: 1 to 12 lower-case letters and digits.",
            valueName: "name"
        )
    )
    var instance = "forge"

    func validate() throws {
        let isLabel = { (text: String) in
            (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(Self.isNameByte) && !text.hasPrefix("-")
                && !text.hasSuffix("-")
        }
        for name in [namespace, appsNamespace, buildsNamespace] where !isLabel(name) {
            throw ValidationError("'\(name)' is no name of a namespace: use lower-case letters, digits and hyphens")
        }
        guard Set([namespace, appsNamespace, buildsNamespace]).count == 3 else {
            throw ValidationError("platform, apps and builds need three different namespaces")
        }
        guard isLabel(instance), instance.utf8.count <= 12, !instance.contains("-") else {
            throw ValidationError("--instance takes 1 to 12 lower-case letters and digits")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45
    }
}
