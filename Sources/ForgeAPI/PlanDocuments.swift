// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// Asks for a plan: `POST /v1/apps/{app}/plans` (specs/api.md §4).
package struct PlanRequest: Hashable, Sendable, Codable {
    /// What should run; nil when the app should go.
    package var manifest: AppManifest?
    /// The digest of the source tree; nil when the app should go.
    package var source: Digest?
    /// Whether the app should go instead.
    package var destroy: Bool?

    /// Asks what a deploy would do.
    package init(manifest: AppManifest, source: Digest) {
        self.manifest = manifest
        self.source = source
    }

    private init() { destroy = true }

    /// Asks what a removal would do.
    package static let destroy = PlanRequest()
}

/// A plan, and what a commit of it needs.
package struct PlanResponse: Hashable, Sendable, Codable {
    /// The plan.
    package let plan: PlanDocument
    /// Whether the source must be uploaded before the plan can be committed.
    package let needsSource: Bool
    /// Whether the wish itself is another one than the platform holds, even if no step follows from that.
    package let changesWish: Bool
    /// The generation that the plan was made on; nil when the app is new.
    package let expected: Generation?

    /// Answers with a plan.
    package init(plan: PlanDocument, needsSource: Bool, changesWish: Bool, expected: Generation?) {
        self.plan = plan
        self.needsSource = needsSource
        self.changesWish = changesWish
        self.expected = expected
    }
}
