// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Commits a plan that was shown: `POST /v1/apps/{app}/deploys` (specs/api.md §6).
package struct DeployRequest: Hashable, Sendable, Codable {
    /// What should run.
    package let manifest: AppManifest
    /// The digest of the source tree, which is stored by now.
    package let source: Digest
    /// The plan that was shown; nothing happens when the platform would do something else by now.
    package let fingerprint: Digest
    /// The generation that the plan was made on; nil when the app is new.
    package let expected: Generation?

    /// Commits a plan.
    package init(manifest: AppManifest, source: Digest, fingerprint: Digest, expected: Generation?) {
        self.manifest = manifest
        self.source = source
        self.fingerprint = fingerprint
        self.expected = expected
    }
}

/// What a commit is answered with: from here on the platform works by itself.
package struct DeployAccepted: Hashable, Sendable, Codable {
    /// The generation that was made.
    package let generation: Generation
    /// The path at which it can be watched.
    package let events: String
    /// The position of the newest event before it; nil when there was none.
    package let after: String?

    /// Answers a commit.
    package init(generation: Generation, events: String, after: String?) {
        self.generation = generation
        self.events = events
        self.after = after
    }
}
