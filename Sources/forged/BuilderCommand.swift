// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeBuildpacks
import ForgeHTTP
import ForgeLaunch
import ForgeSupervisor
import FoundationEssentials

/// What apps are built in.
struct BuilderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builder",
        abstract: "The images that apps are built in and run on.",
        subcommands: [BuilderCreateCommand.self]
    )
}

/// Makes the builder, run and tools images of a platform that is up (specs/builder.md).
struct BuilderCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make the builder and run images from Debian packages, once.",
        discussion: """
            Does nothing when they are as described. Needs root, mmdebstrap, and this machine's way to a Debian mirror.
            """
    )

    @OptionGroup var state: StateOption
    @Flag(help: "Make them anew, with the newest packages.")
    var refresh = false

    func run() async throws {
        try await StateOption.reporting {
            let folder = try state.folder()
            _ = try Announcement.load(folder)
            let settings = try Settings.load(folder)
            let images = BuilderImages(
                recipe: Self.recipe,
                registry: MachineComposition.registry(
                    settings,
                    password: try folder.readRegistryPassword(),
                    transport: HTTPTransport()
                ),
                folder: folder,
                environment: ProcessInfo.processInfo.environment,
                report: { StandardStream.output.say($0) }
            )
            try await images.create(refresh: refresh)
        }
    }

    /// What is on top of Debian in this version's images.
    static var recipe: BuilderRecipe {
        BuilderRecipe(
            files: EmbeddedBuildpacks.files.map {
                .init(
                    path: "cnb/buildpacks/" + $0.path,
                    bytes: Array($0.contents.utf8),
                    isExecutable: $0.mode & 0o111 != 0
                )
            },
            orderFile: EmbeddedBuildpacks.order,
            interfaces: .init(buildpack: SupportedAPI.buildpack, platform: SupportedAPI.platform),
            version: VersionDocument.current,
            lifecycle: Installation.sibling("forge-lifecycle"),
            launcher: Installation.sibling("forge-launcher")
        )
    }
}
