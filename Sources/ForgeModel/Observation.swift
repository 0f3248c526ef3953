// SPDX-License-Identifier: Apache-2.0

/// Something that was looked for, or the reason why it could not be seen. Unknown is never empty.
package enum Known<Value: Hashable & Sendable>: Hashable, Sendable {
    /// What was seen.
    case known(Value)
    /// Why nothing can be said, as one line.
    case unknown(String)
}

/// All that the planner may know of the world, at one moment (specs/plan.md §2).
package struct Observation: Hashable, Sendable {
    /// What the cluster holds of the app.
    package var cluster: Known<ClusterObservation>
    /// What the registry holds for the target.
    package var images: Known<ImageFacts>
    /// The hosts that the router sends to the app.
    package var routes: Known<[Route]>

    /// Holds one look at the world.
    package init(
        cluster: Known<ClusterObservation>,
        images: Known<ImageFacts>,
        routes: Known<[Route]>
    ) {
        self.cluster = cluster
        self.images = images
        self.routes = routes
    }
}

/// What a cluster holds of one app.
package struct ClusterObservation: Hashable, Sendable {
    /// Every native object that carries the app's owner label.
    package var objects: [NativeObject]
    /// How each workload's rollout stands, by process type.
    package var rollouts: [ProcessType: RolloutState]
    /// How each task stands that still has a trace, by name.
    package var tasks: [String: TaskState]

    /// Holds what was seen.
    package init(
        objects: [NativeObject] = [],
        rollouts: [ProcessType: RolloutState] = [:],
        tasks: [String: TaskState] = [:]
    ) {
        self.objects = objects
        self.rollouts = rollouts
        self.tasks = tasks
    }
}

/// How far a rollout is.
package enum RolloutState: Hashable, Sendable {
    /// Containers start or stop; this many of the wanted ones are ready.
    case progressing(ready: Int, wanted: Int)
    /// The wanted containers are ready, and no other ones are left.
    case complete(ready: Int)
    /// It will not become ready; the old containers were left as they are.
    case failed(RolloutFailure)
}

/// Why a rollout failed.
package struct RolloutFailure: Hashable, Sendable, Codable {
    /// One line that names the container and what it did: `shop-web-x2x exited with 1 four times`.
    package let message: String
    /// The container's last lines, oldest first, at most 50.
    package let output: [String]

    /// Holds a failure.
    package init(message: String, output: [String]) {
        self.message = message
        self.output = output
    }
}

/// What the registry holds that matters to one target.
package struct ImageFacts: Hashable, Sendable {
    /// An image of the app.
    package struct Built: Hashable, Sendable, Codable {
        /// The manifest's digest.
        package let digest: Digest
        /// The process types it knows, sorted, from its build metadata label.
        package let processes: [ProcessType]

        /// Holds what is known of an image.
        package init(digest: Digest, processes: [ProcessType]) {
            self.digest = digest
            self.processes = processes
        }
    }

    /// The image with the target's build key, if one was staged.
    package var built: Built?
    /// Whether that image is in the app's repository too.
    package var published: Bool
    /// The manifest digest of the stored source artifact, if the source tree is stored.
    package var source: Digest?

    /// Holds what was seen.
    package init(built: Built? = nil, published: Bool = false, source: Digest? = nil) {
        self.built = built
        self.published = published
        self.source = source
    }
}
