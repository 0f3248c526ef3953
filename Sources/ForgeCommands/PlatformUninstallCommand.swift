// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeModel

/// `forge platform uninstall`: removes a platform from a cluster, and says what stays.
struct PlatformUninstallCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove a platform from a cluster; apps go on running, and data stays.",
        discussion: """
            Volumes, secrets and the apps stay, so that installing again goes on from there. With --delete-data the three \
            namespaces go with everything in them.

            Example:
              forge platform uninstall --confirm forge-system
            """
    )

    @OptionGroup var cluster: ClusterOptions
    @Option(help: ArgumentHelp("Agree: the name of the platform's namespace.", valueName: "namespace"))
    var confirm: String?
    @Flag(name: .customLong("delete-data"), help: "Remove apps, volumes and secrets too.")
    var deleteData = false
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        try Consent(session).require(
            name: cluster.namespace,
            confirmed: confirm,
            loss: deleteData
                ? "the platform, its data and all apps would be gone for good" : "the platform would be gone"
        )
        let target = try await PlatformTarget(cluster, session.surroundings)
        let result = try await target.remove(cluster, withData: deleteData)
        if session.json {
            try session.emit(result)
            return .done
        }
        session.say("removed \(result.removed.count) objects")
        for line in result.lost { session.say("lost: \(line)") }
        for line in result.kept { session.say("stays: \(line)") }
        return .done
    }
}
