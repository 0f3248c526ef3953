// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeJSON
import ForgeModel
import ForgePlatform

/// `forge platform install`: prints everything that a platform on an empty cluster needs, or applies it.
struct PlatformInstallCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Print, or apply, everything that a platform on a cluster consists of.",
        discussion: """
            Without --apply it prints YAML and calls no cluster. Secrets are not printed: --apply makes those that are \
            missing. Installing again brings a platform to this version; apps go on running.

            Examples:
              forge platform install --registry registry.example:5000 --base-domain apps.example.com
              forge platform install --registry registry.example:5000 --base-domain apps.example.com --apply
            """
    )

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var options: InstallOptions
    @Flag(help: "Apply it to the cluster, and wait until everything is ready.")
    var apply = false
    @Option(help: ArgumentHelp("How long to wait until everything is ready.", valueName: "seconds"))
    var timeout = 300
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        var installation = try await options.installation(cluster, session.surroundings)
        guard apply else {
            try show(installation, session)
            return .done
        }
        let target = try await PlatformTarget(cluster, session.surroundings)
        if options.storageClass == nil, try await !target.hasDefaultStorage() { installation.storage = .ephemeral }
        if case .ephemeral = installation.storage { session.note(Self.noStorage) }
        try await target.apply(installation, session)
        try await target.wait(for: installation, timeout: .seconds(timeout), session)
        let api = try await target.address(installation)
        try UserConfiguration.adopt(api: api, token: try await target.token(installation), session)
        if session.json {
            try session.emit(Document(installation, api: api))
        } else {
            session.say(
                "the platform runs in \(installation.namespaces.system): API \(api), "
                    + "apps http://NAME.\(installation.baseDomain):\(installation.routerPort)"
            )
        }
        return .done
    }

    private static let noStorage = """
        warning: there is no storage class, so that Redis keeps its data in its pod, and everything that the platform \
        knows is lost with it; name one with --storage-class
        """

    private func show(_ installation: PlatformInstallation, _ session: Session) throws {
        if case .ephemeral = installation.storage { session.note(Self.noStorage) }
        let secrets = PlatformSecret.all(installation)
        if session.json {
            for object in try PlatformObjects(installation).all {
                session.say(String(decoding: object.body.bytes(), as: UTF8.self))
            }
            return
        }
        let lines = secrets.map { "#   \($0) in \(installation.namespaces.system)\n" }.joined()
        session.say(
            "# What follows needs these, which --apply makes and nothing prints:\n\(lines)"
                + ManifestText.stream(try PlatformObjects(installation).all).dropLast()
        )
    }

    private struct Document: Encodable {
        let namespace: String
        let api: String
        let image: String

        init(_ installation: PlatformInstallation, api: String) {
            namespace = installation.namespaces.system
            self.api = api
            image = installation.image.description
        }
    }
}
