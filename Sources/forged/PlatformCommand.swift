// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeHTTP
import ForgeRegistry
import ForgeSupervisor

/// What a platform on a cluster consists of.
struct PlatformCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform",
        abstract: "What a platform on a cluster consists of.",
        subcommands: [PlatformImagesCommand.self]
    )
}

/// Puts every image that a cluster needs into a registry (specs/builder.md §5).
struct PlatformImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Put the images that a cluster needs into a registry: builder, run, tools and the platform itself.",
        discussion: """
            Does nothing when they are as described. Needs root, mmdebstrap, and this machine's way to a Debian mirror; \
            with --from it copies the first three from another registry instead. Credentials are those of docker's \
            configuration, or of CNB_REGISTRY_AUTH.

            Example:
              forged platform images --registry registry.example:5000
            """
    )

    @OptionGroup var state: StateOption
    @Option(help: ArgumentHelp("The registry that gets the images.", valueName: "host:port"))
    var registry: String
    @Option(help: ArgumentHelp("Copy them from this registry.", valueName: "host:port"))
    var from: String?
    @Flag(help: "Speak to the registries without TLS, wherever they are.")
    var insecure = false
    @Flag(help: "Make them anew, with the newest packages.")
    var refresh = false

    func run() async throws {
        try await StateOption.reporting {
            let transport = HTTPTransport()
            let target = try client(registry, transport)
            let report: @Sendable (String) -> Void = { StandardStream.output.say($0) }
            if let from {
                try await ImageCopy(from: client(from, transport), to: target, report: report).run()
                return
            }
            let folder = try state.folder()
            try folder.make()
            let builder = BuilderImages(
                recipe: BuilderCreateCommand.recipe,
                registry: target,
                folder: folder,
                environment: StateOption.environment,
                report: report
            )
            let platform = ForgeImage(
                program: Installation.executable,
                registry: target,
                folder: folder,
                environment: StateOption.environment,
                report: report
            )
            try await builder.create(refresh: refresh)
            try await platform.create(refresh: refresh)
        }
    }

    private func client(_ host: String, _ transport: HTTPTransport) throws -> RegistryClient {
        RegistryClient(
            endpoint: RegistryEndpoint(host, insecure: insecure ? [host] : []),
            credentials: try Keychain(environment: StateOption.environment).credentials(for: host),
            transport: transport
        )
    }
}
