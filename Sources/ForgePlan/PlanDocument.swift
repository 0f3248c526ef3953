// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// A plan as the API and `--json` give it, and as the text is made from (specs/plan.md §7).
///
/// It says everything that a person or a policy needs, and nothing of how a step is executed. Within format version 1
/// fields are only added.
package struct PlanDocument: Hashable, Sendable, Codable {
    /// The version of this form: `1.0`.
    package var formatVersion: String = "1.0"
    /// Identifies exactly this plan: `sha256:…`; a commit names it as its precondition.
    package let fingerprint: Digest
    /// The app.
    package let app: AppName
    /// The cluster's name.
    package let cluster: String
    /// The generation that it is made for.
    package let generation: Generation
    /// The release that serves now.
    package let live: ReleaseNumber?
    /// The release that it makes.
    package let next: ReleaseNumber?
    /// The digest of manifest and Procfile.
    package let manifest: Digest?
    /// The digest of the source tree.
    package let source: Digest?
    /// Whether it can be applied: no refusal, nothing unknown that it needs.
    package let applyable: Bool
    /// What has changed outside of the platform.
    package let drift: [Drift]
    /// What will be done.
    package let steps: [StepDocument]
    /// What could not be seen.
    package let unknown: [Unknown]
    /// What makes it impossible.
    package let refusals: [String]
    /// What the cluster cannot enforce.
    package let unenforced: [String]
    /// What needs nothing.
    package let unchanged: Unchanged
    /// What happens when a step fails.
    package let onFailure: String?

    /// Projects a plan, under the fingerprint that its maker computed.
    package init(_ plan: Plan, fingerprint: Digest) {
        self.fingerprint = fingerprint
        app = plan.app
        cluster = plan.cluster
        generation = plan.generation
        live = plan.live
        next = plan.next
        manifest = plan.manifest
        source = plan.source
        applyable = plan.refusals.isEmpty && plan.unknown.isEmpty
        drift = plan.drift
        steps = plan.steps.map(StepDocument.init)
        unknown = plan.unknown
        refusals = plan.refusals
        unenforced = plan.unenforced
        unchanged = plan.unchanged
        onFailure = plan.onFailure
    }
}

/// One step, without its work.
package struct StepDocument: Hashable, Sendable, Codable {
    /// Its identity across plans of one generation.
    package let id: String
    /// Its number, from 1.
    package let number: Int
    /// What kind of thing it is.
    package let kind: Step.Kind
    /// What it does.
    package let action: Step.Action
    /// What it is done to.
    package let target: String
    /// Why.
    package let reason: String
    /// The fields that change.
    package let changes: [FieldChange]
    /// How many fields of the object do not.
    package let unchangedFields: Int
    /// What it waits for.
    package let wait: Wait?
    /// Whether something is lost for good.
    package let destructive: Bool
    /// Why requests may fail while it runs.
    package let downtime: String?

    /// Projects a step.
    package init(_ step: Step) {
        id = step.id
        number = step.number
        kind = step.kind
        action = step.action
        target = step.target
        reason = step.reason
        changes = step.changes
        unchangedFields = step.unchangedFields
        wait = step.wait
        destructive = step.isDestructive
        downtime = step.downtime
    }
}
