// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeAPI
import ForgeClient
import ForgeModel
import ForgeOCI
import ForgePlan

/// `forge deploy`: shows the plan, commits it, and follows it to its end:
/// 1. `DeployWish`: the folder's manifest and source digest.
/// 2. `ForgeClient+plans`: the plan, shown; nothing is written yet.
/// 3. `Consent`: asks when something would be lost.
/// 4. `ForgeClient+sources`, `ForgeClient+deploys`: upload and commit of exactly that plan.
/// 5. `DeployWatch`, `DeployEnding`: what happens, and how it ended.
struct DeployCommand: ForgeSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Build, release and run the app in a folder.",
        discussion: """
            Shows the plan first, then does what it says. The deploy goes on if forge is interrupted.

            Examples:
              forge deploy
              forge deploy services/shop --yes --json
            """
    )
    static let streams = true

    @OptionGroup var source: SourceOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Deploy as this app instead of the one in forge.yaml.", valueName: "app")
    )
    var app: String?
    @Flag(name: .shortAndLong, help: "Do not ask, even if the plan says that something is lost.")
    var yes = false
    @Flag(name: .long, help: "Return when the platform has accepted the deploy.")
    var detach = false
    @Flag(name: .shortAndLong, help: "Show the output of steps as it comes.")
    var verbose = false
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var output: OutputOptions

    func perform(_ session: Session) async throws -> ExitStatus {
        let wish = try DeployWish(source, app: app, session)
        let client = try session.client(platform)
        let response = try await client.plan(wish.manifest, source: wish.source.digest)
        try PlanReport(session).show(response.plan)
        try PlanReport(session).requireCommittable(response.plan)
        if response.plan.steps.isEmpty, !response.changesWish {
            if session.json { try session.emit(ResultDocument("unchanged", .done, app: response.plan.app)) }
            return .done
        }
        try Consent(session, yes: yes).require(for: response.plan)
        let accepted = try await commit(wish, response, client, session)
        let ending = DeployEnding(session, wish.manifest.name, plan: response.plan)
        if detach { return try ending.tellAccepted(accepted.generation) }
        let watch = DeployWatch(session, client, verbose: verbose)
        let end = try await watch.run(wish.manifest.name, accepted, plan: response.plan)
        return try await ending.tell(end, generation: accepted.generation, client: client)
    }

    private func commit(
        _ wish: DeployWish,
        _ response: PlanResponse,
        _ client: ForgeClient,
        _ session: Session
    ) async throws -> DeployAccepted {
        let source = wish.source
        if response.needsSource {
            let size = source.size < 1 << 20 ? "\(max(1, source.size >> 10)) KiB" : "\(source.size >> 20) MiB"
            if !session.json { session.note("uploading \(TimeText.counted(source.files, "file")), \(size)") }
            let bytes = wish.packer.stream(expecting: source.digest)
            try await client.upload(source.digest, of: wish.manifest.name, size: source.size, bytes: bytes)
        }
        let request = DeployRequest(
            manifest: wish.manifest,
            source: source.digest,
            fingerprint: response.plan.fingerprint,
            expected: response.expected
        )
        return try await PlanReport(session).showing { try await client.deploy(request) }
    }
}
