// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// All that a plan depends on; equal inputs give equal plans (specs/plan.md §2).
package struct PlanInput: Hashable, Sendable {
    /// The app.
    package let app: AppName
    /// The generation that the plan realises.
    package let generation: Generation
    /// What is wanted.
    package let wish: Wish
    /// How far the reconciler came.
    package let record: AppRecord
    /// The steps of this generation that ran to their end and must not run again, by identity.
    package let done: Set<String>
    /// The release number that the generation was given already.
    package let number: ReleaseNumber?
    /// Whether a generation is under way: what looks like drift then is work in progress.
    package let isUnderWay: Bool
    /// The platform's images and names.
    package let platform: Known<Platform>
    /// The world.
    package let observation: Observation

    /// Gathers an input.
    package init(
        app: AppName,
        generation: Generation,
        wish: Wish,
        record: AppRecord,
        done: Set<String> = [],
        number: ReleaseNumber? = nil,
        isUnderWay: Bool = false,
        platform: Known<Platform>,
        observation: Observation
    ) {
        self.app = app
        self.generation = generation
        self.wish = wish
        self.record = record
        self.done = done
        self.number = number
        self.isUnderWay = isUnderWay
        self.platform = platform
        self.observation = observation
    }
}

/// What a plan leads to, once failures are taken into account (specs/states.md §3).
package enum PlanTarget: Hashable, Sendable {
    /// The wish itself, which has not come to serve yet.
    case candidate(AppManifest, source: Digest)
    /// A release as it was made: the live one, kept in place or returned to.
    case release(Release)
    /// Nothing of the app, because its first deploy failed: what that left is removed.
    case nothing
    /// Nothing of the app, because its owner said so.
    case destroyed

    /// Chooses the target of a generation.
    package init(_ wish: Wish, generation: Generation, record: AppRecord) {
        guard case .run(let manifest, let source) = wish else {
            self = .destroyed
            return
        }
        if record.failure?.generation == generation {
            self = record.live.map(PlanTarget.release) ?? .nothing
        } else if record.settled == generation, let live = record.live {
            self = .release(live)
        } else {
            self = .candidate(manifest, source: source)
        }
    }
}
