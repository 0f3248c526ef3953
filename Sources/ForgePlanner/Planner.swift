// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// Turns what is wanted and what is seen into what will be done (specs/plan.md).
///
/// Synchronous, total and deterministic. The order of the calls in `steps(for:)` is the policy:
/// 1. build: an image with the target's build key is missing.
/// 2. push: the app's repository does not have it.
/// 3. network: the app's walls do not stand.
/// 4. release: the release command, once, before anything of the new release gets traffic.
/// 5. deploy: process types that differ, web last, so that what it talks to is there.
/// 6. route: hosts, once something can answer.
/// 7. prune: what is not described any more, once nothing needs it.
package struct Planner: Sendable {
    let dialect: any Dialect

    /// Plans in the words of one cluster.
    package init(dialect: any Dialect) { self.dialect = dialect }

    /// Makes the plan.
    package func plan(_ input: PlanInput) -> Plan {
        var draft = PlanDraft(input)
        switch PlanTarget(input.wish, generation: input.generation, record: input.record) {
        case .candidate(let manifest, let source): planCandidate(manifest, source: source, &draft)
        case .release(let release): planRelease(release, &draft)
        case .nothing, .destroyed: planRemoval(&draft)
        }
        return draft.plan(cluster: dialect.cluster)
    }

    private func planCandidate(_ manifest: AppManifest, source: Digest, _ draft: inout PlanDraft) {
        draft.manifest = try? Digest(of: manifest)
        draft.source = source
        guard let world = draft.world(needingImages: true), let facts = world.images,
            let key = try? BuildKey(source: source, settings: manifest.build, platform: world.platform)
        else { return }

        let image = planImage(manifest, source: source, key: key, facts: facts, platform: world.platform, &draft)
        let effective = EffectiveApp(manifest, image: image, known: facts.built?.processes, platform: world.platform)
        draft.refusals += effective.refusals
        guard draft.refusals.isEmpty else {
            draft.steps = []
            return
        }
        draft.makesRelease =
            draft.input.record.live.map { $0.differs(from: manifest, image: image.value?.digest) } ?? true
        planNetwork(world, &draft)
        planReleaseCommand(effective, &draft)
        planWorkloads(effective, world, &draft)
        planRoutes(effective, world, &draft)
        planPrune(effective, world, &draft)
        planRecord(&draft)
        findDrift(world, &draft)
    }

    private func planRelease(_ release: Release, _ draft: inout PlanDraft) {
        draft.manifest = try? Digest(of: release.manifest)
        draft.source = release.source
        guard let world = draft.world(needingImages: false) else { return }
        let image = ImageReference(
            registry: world.platform.registry,
            repository: world.platform.repository(of: draft.input.app),
            digest: release.image
        )
        let effective = EffectiveApp(
            release.manifest,
            image: .known(image),
            known: release.imageProcesses,
            platform: world.platform
        )
        draft.unchangedImages = 1
        planNetwork(world, &draft)
        planWorkloads(effective, world, &draft)
        planRoutes(effective, world, &draft)
        planPrune(effective, world, &draft)
        if keepsDrift(release, draft.input) { draft.steps = [] }
        findDrift(world, &draft)
    }

    /// Whether what someone changed on purpose stays until the next deploy. While a deploy is under way, and after one
    /// that failed, differences may be the platform's own doing, and the live release is put back whatever it says.
    private func keepsDrift(_ release: Release, _ input: PlanInput) -> Bool {
        release.manifest.drift == .report && !input.isUnderWay && input.record.failure == nil
    }
}

extension Release {
    /// Whether a manifest and image would make another release than this one.
    ///
    /// Build settings and source act through the image alone.
    fileprivate func differs(from manifest: AppManifest, image: Digest?) -> Bool {
        var mine = self.manifest
        mine.build = manifest.build
        return mine != manifest || self.image != image
    }
}
