// SPDX-License-Identifier: Apache-2.0

/// What Redis holds for one app: what its owner last asked for (specs/storage.md §2).
package struct DesiredApp: Hashable, Sendable, Codable {
    /// The position of this wish; a commit makes the next one.
    package let generation: Generation
    /// What is wanted.
    package let wish: Wish
    /// Who asked, by the name of the token.
    package let requestedBy: String
    /// When it was accepted.
    package let requestedAt: Timestamp

    /// Holds an accepted wish.
    package init(generation: Generation, wish: Wish, requestedBy: String, requestedAt: Timestamp) {
        self.generation = generation
        self.wish = wish
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
    }
}

/// The two things that an owner can want of an app.
package enum Wish: Hashable, Sendable, Codable {
    /// The app runs as its manifest and source say.
    case run(AppManifest, source: Digest)
    /// The app and all that is its own are gone: the tombstone without which nothing is deleted.
    case destroy
}

/// An immutable release: what v42 was made of, who made it and when (specs/states.md §2).
package struct Release: Hashable, Sendable, Codable {
    /// Its number.
    package let number: ReleaseNumber
    /// The generation that asked for it.
    package let generation: Generation
    /// Manifest and, in it, configuration.
    package let manifest: AppManifest
    /// The source tree.
    package let source: Digest
    /// What the image was built from.
    package let buildKey: BuildKey
    /// The image's manifest digest.
    package let image: Digest
    /// The process types that the image knows, the default one first where it has one.
    package let imageProcesses: [ProcessType]
    /// Who asked, by the name of the token.
    package let createdBy: String
    /// When it went live.
    package let createdAt: Timestamp

    /// Holds a release.
    package init(
        number: ReleaseNumber,
        generation: Generation,
        manifest: AppManifest,
        source: Digest,
        buildKey: BuildKey,
        image: Digest,
        imageProcesses: [ProcessType],
        createdBy: String,
        createdAt: Timestamp
    ) {
        self.number = number
        self.generation = generation
        self.manifest = manifest
        self.source = source
        self.buildKey = buildKey
        self.image = image
        self.imageProcesses = imageProcesses
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

/// What the reconciler knows of an app beside the desired state: how far it came (specs/states.md §3).
package struct AppRecord: Hashable, Sendable, Codable {
    /// The release that serves, or served last.
    package var live: Release?
    /// The newest generation that ended, well or badly.
    package var settled: Generation?
    /// How the newest settled generation failed; nil when it succeeded.
    package var failure: DeployFailure?
    /// The highest release number given so far; numbers are never given twice.
    package var lastNumber: ReleaseNumber?

    /// A record of nothing done yet, or of what the arguments say.
    package init(
        live: Release? = nil,
        settled: Generation? = nil,
        failure: DeployFailure? = nil,
        lastNumber: ReleaseNumber? = nil
    ) {
        self.live = live
        self.settled = settled
        self.failure = failure
        self.lastNumber = lastNumber
    }
}

/// Why a generation did not come to serve.
package struct DeployFailure: Hashable, Sendable, Codable {
    /// The generation that failed.
    package let generation: Generation
    /// The step that failed, by its identity in the plan: `build`, `deploy/web`.
    package let step: String
    /// One line: what, where, what to do.
    package let message: String
    /// The last lines of output that belong to it, oldest first.
    package let output: [String]
    /// When it was seen.
    package let at: Timestamp

    /// Holds a failure.
    package init(generation: Generation, step: String, message: String, output: [String], at: Timestamp) {
        self.generation = generation
        self.step = step
        self.message = message
        self.output = output
        self.at = at
    }
}
