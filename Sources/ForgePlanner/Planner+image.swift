// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
import ForgePlan

extension Planner {
    /// How long a build may take, all phases together.
    package static let buildTimeout = TimeSpan(seconds: 3600)
    /// How long a release command may take (Heroku's limit).
    package static let releaseTimeout = TimeSpan(seconds: 3600)

    /// Plans build and push; gives the image that the workloads will run.
    func planImage(
        _ manifest: AppManifest,
        source: Digest,
        key: BuildKey,
        facts: ImageFacts,
        platform: Platform,
        _ draft: inout PlanDraft
    ) -> Output<ImageReference> {
        let app = draft.input.app
        let built: Output<Digest> = facts.built.map { .known($0.digest) } ?? .afterBuild
        if facts.built == nil {
            draft.add(
                .build,
                .create,
                app.text,
                reason: buildReason(manifest, source: source, key: key, live: draft.input.record.live),
                wait: Wait("the build", atMost: Self.buildTimeout),
                work: .build(BuildWork(key: key, source: source, settings: manifest.build))
            )
        }
        if facts.built == nil || !facts.published {
            let digest = built.value.map(\.text) ?? FieldChange.afterBuild
            draft.add(
                .push,
                .create,
                "\(app):\(draft.nextNumber)",
                reason: "\(platform.registry)/\(platform.repository(of: app))@\(digest)",
                work: .push(PushWork(key: key, release: draft.nextNumber, image: built))
            )
        } else {
            draft.unchangedImages = 1
        }
        guard case .known(let digest) = built else { return .afterBuild }
        return .known(
            ImageReference(registry: platform.registry, repository: platform.repository(of: app), digest: digest)
        )
    }

    private func buildReason(_ manifest: AppManifest, source: Digest, key: BuildKey, live: Release?) -> String {
        guard let live else { return "first build" }
        guard live.buildKey != key else { return "its image is not in the registry any more" }
        guard live.source == source else { return "source changed" }
        guard live.manifest.build == manifest.build else { return "build settings changed" }
        return "builder changed"
    }

    /// Plans the release command: when there is one, and the image, the configuration or the command is new.
    func planReleaseCommand(_ effective: EffectiveApp, _ draft: inout PlanDraft) {
        guard draft.makesRelease, let command = effective.release else { return }
        if let live = draft.input.record.live {
            let sameImage = effective.image.value.map { $0.digest == live.image } ?? false
            let sameCommand = live.manifest.release == effective.manifest.release
            guard !sameImage || !sameCommand || live.manifest.env != effective.manifest.env else { return }
        }
        let shown =
            switch command {
            case .image: "release"
            case .shell(let line): line
            }
        draft.add(
            .release,
            .run,
            shown,
            reason: "once, before any traffic",
            wait: Wait("its end", atMost: Self.releaseTimeout),
            work: .release(
                ReleaseWork(
                    command: command,
                    image: effective.image,
                    env: effective.manifest.env,
                    resources: Resources()
                )
            )
        )
    }
}
