// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Everything that will be done to one app, in order, with nothing left to choose (specs/plan.md §1).
///
/// A plan is a pure value: equal inputs give a byte-equal plan. It holds no secret.
package struct Plan: Hashable, Sendable, Codable {
    /// The app.
    package let app: AppName
    /// The cluster's name.
    package let cluster: String
    /// The generation that it realises: the next one for a proposal.
    package let generation: Generation
    /// The release that serves now.
    package let live: ReleaseNumber?
    /// The release that a full apply makes; nil when it makes none.
    package let next: ReleaseNumber?
    /// The digest of manifest and Procfile as parsed.
    package let manifest: Digest?
    /// The digest of the source tree.
    package let source: Digest?
    /// What has changed outside of the platform since the live release.
    package let drift: [Drift]
    /// What will be done, in the order in which it will be done.
    package let steps: [Step]
    /// What could not be seen, and is therefore left alone.
    package let unknown: [Unknown]
    /// What makes the wish impossible, each as one line with its remedy; such a plan is shown and never applied.
    package let refusals: [String]
    /// What the cluster cannot enforce, each as half a sentence.
    package let unenforced: [String]
    /// How many native objects and images are as described.
    package let unchanged: Unchanged
    /// What happens when a step fails: `v41 keeps serving`.
    package let onFailure: String?

    /// Holds a plan; only the planner and readers of plan documents make one.
    package init(
        app: AppName,
        cluster: String,
        generation: Generation,
        live: ReleaseNumber?,
        next: ReleaseNumber?,
        manifest: Digest?,
        source: Digest?,
        drift: [Drift],
        steps: [Step],
        unknown: [Unknown],
        refusals: [String],
        unenforced: [String],
        unchanged: Unchanged,
        onFailure: String?
    ) {
        self.app = app
        self.cluster = cluster
        self.generation = generation
        self.live = live
        self.next = next
        self.manifest = manifest
        self.source = source
        self.drift = drift
        self.steps = steps
        self.unknown = unknown
        self.refusals = refusals
        self.unenforced = unenforced
        self.unchanged = unchanged
        self.onFailure = onFailure
    }

    /// Whether applying it would do nothing.
    package var isEmpty: Bool { steps.isEmpty }
}

/// A field that is not as the live release left it.
package struct Drift: Hashable, Sendable, Codable {
    /// The object.
    package let object: ObjectReference
    /// What is different.
    package let change: FieldChange
    /// The number of the step that sets it back, where one does.
    package let step: Int?
    /// Who changed it, where the cluster tells: `kubectl-edit`.
    package let by: String?
    /// When that writer wrote last, where the cluster tells.
    package let at: Timestamp?

    /// Holds a drifted field.
    package init(object: ObjectReference, change: FieldChange, step: Int?, owner: FieldOwner? = nil) {
        self.object = object
        self.change = change
        self.step = step
        by = owner?.manager
        at = owner?.since
    }

    /// The path that stands for an object as a whole: it is gone, or it is there and nothing describes it.
    package static let wholeObject = "object"
    /// The value of ``wholeObject`` while the object is there.
    package static let present = "present"
}

/// Something that could not be read: nothing will be done to it.
package struct Unknown: Hashable, Sendable, Codable {
    /// What: `cluster`, `registry`, `router`.
    package let subject: String
    /// Why, as one line.
    package let reason: String

    /// Holds an unknown.
    package init(subject: String, reason: String) {
        self.subject = subject
        self.reason = reason
    }
}

/// What was looked at and needs nothing.
package struct Unchanged: Hashable, Sendable, Codable {
    /// Native objects.
    package let objects: Int
    /// Images.
    package let images: Int

    /// Holds the counts.
    package init(objects: Int, images: Int) {
        self.objects = objects
        self.images = images
    }
}
