// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// One thing that will be done (specs/plan.md §4).
package struct Step: Hashable, Sendable, Codable {
    /// What kind of thing; the order of the cases is the order of the steps.
    package enum Kind: String, Sendable, Codable, CaseIterable { case build, push, release, deploy, route, prune }

    /// What it does to its target.
    package enum Action: String, Sendable, Codable { case create, update, delete, run }

    /// Its number in the plan, from 1.
    package let number: Int
    /// What kind of thing it is.
    package let kind: Kind
    /// What it does.
    package let action: Action
    /// What it is done to, for people: `shop`, `web`, `shop.localhost`.
    package let target: String
    /// Why, as half a sentence.
    package let reason: String
    /// The fields that change, sorted by path, object by object.
    package let changes: [FieldChange]
    /// How many fields of the same objects do not change.
    package let unchangedFields: Int
    /// What it waits for before the next step starts, for people; nil when it waits for nothing.
    package let wait: Wait?
    /// Whether something that cannot be made again is lost.
    package let isDestructive: Bool
    /// Why requests may fail while it runs; nil when none will.
    package let downtime: String?
    /// What exactly is done.
    package let work: Work

    /// Holds a step.
    package init(
        number: Int,
        kind: Kind,
        action: Action,
        target: String,
        reason: String,
        changes: [FieldChange] = [],
        unchangedFields: Int = 0,
        wait: Wait? = nil,
        isDestructive: Bool = false,
        downtime: String? = nil,
        work: Work
    ) {
        self.number = number
        self.kind = kind
        self.action = action
        self.target = target
        self.reason = reason
        self.changes = changes
        self.unchangedFields = unchangedFields
        self.wait = wait
        self.isDestructive = isDestructive
        self.downtime = downtime
        self.work = work
    }

    /// Its identity across plans of one generation: `build`, `deploy/web`, `prune/containers/shop-old`.
    package var id: String {
        switch work {
        case .build: "build"
        case .push: "push"
        case .release: "release"
        case .prepare: "network"
        case .deploy(let workload): "deploy/\(workload.process)"
        case .deployProcessesOfImage: "deploy"
        case .record: "record"
        case .route(let route): "route/\(route.host)"
        case .unroute(let route): "unroute/\(route.host)"
        case .remove(let object): "prune/\(object)"
        case .forget: "prune/app"
        }
    }
}

/// What a step waits for.
package struct Wait: Hashable, Sendable, Codable {
    /// The condition, as it follows `waits for`: `1 of 1 ready`.
    package let condition: String
    /// How long at most.
    package let atMost: TimeSpan

    /// Holds a wait.
    package init(_ condition: String, atMost: TimeSpan) {
        self.condition = condition
        self.atMost = atMost
    }
}

/// What the executor does for a step: everything it needs, and nothing it could choose.
package enum Work: Hashable, Sendable, Codable {
    /// Build the app's image: run this task.
    case build(BuildWork)
    /// Publish the built image in the app's repository.
    case push(PushWork)
    /// Run the release command in the new image, once.
    case release(ReleaseWork)
    /// Make the app's walls.
    case prepare(Space)
    /// Bring a process type to what is described.
    case deploy(Workload)
    /// Deploy what the image turns out to hold: the plan after the build names it.
    case deployProcessesOfImage
    /// Make a release of a configuration that changes nothing that runs now.
    case record(ReleaseNumber)
    /// Send a host's requests to a workload.
    case route(Route)
    /// Stop sending a host's requests anywhere.
    case unroute(Route)
    /// Remove one object of the app.
    case remove(ObjectReference)
    /// Remove what the platform keeps of a destroyed app: images and records.
    case forget
}

/// A build by its key.
package struct BuildWork: Hashable, Sendable, Codable {
    /// The hash of all that the result depends on.
    package let key: BuildKey
    /// The source tree.
    package let source: Digest
    /// The settings of the manifest.
    package let settings: BuildSettings

    /// Describes a build.
    package init(key: BuildKey, source: Digest, settings: BuildSettings) {
        self.key = key
        self.source = source
        self.settings = settings
    }
}

/// The publishing of a built image.
package struct PushWork: Hashable, Sendable, Codable {
    /// The build that it came from.
    package let key: BuildKey
    /// The release whose tag it gets.
    package let release: ReleaseNumber
    /// Its digest, once the build has ended.
    package let image: Output<Digest>

    /// Describes a push.
    package init(key: BuildKey, release: ReleaseNumber, image: Output<Digest>) {
        self.key = key
        self.release = release
        self.image = image
    }
}

/// A run of the release command.
package struct ReleaseWork: Hashable, Sendable, Codable {
    /// The command.
    package let command: ProcessCommand
    /// The image that it runs in.
    package let image: Output<ImageReference>
    /// The new configuration.
    package let env: [String: String]
    /// Its bounds.
    package let resources: Resources

    /// Describes a run.
    package init(command: ProcessCommand, image: Output<ImageReference>, env: [String: String], resources: Resources) {
        self.command = command
        self.image = image
        self.env = env
        self.resources = resources
    }
}
