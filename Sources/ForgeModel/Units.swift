// SPDX-License-Identifier: Apache-2.0

/// A process type of one release, as it should run.
package struct Workload: Hashable, Sendable, Codable {
    /// The app it belongs to.
    package let app: AppName
    /// Its process type.
    package let process: ProcessType
    /// The image; not known before the build has ended.
    package var image: Output<ImageReference>
    /// How it is started.
    package var command: ProcessCommand
    /// The complete environment that the platform gives it, PORT included.
    package var env: [String: String]
    /// How many containers run.
    package var instances: Int
    /// The bounds of each container.
    package var resources: Resources
    /// The port it listens on.
    package var port: Int?
    /// When a container counts as ready.
    package var healthcheck: Healthcheck
    /// How long a container may take to stop after SIGTERM.
    package var stopTimeout: TimeSpan

    /// Describes a process type that should run.
    package init(
        app: AppName,
        process: ProcessType,
        image: Output<ImageReference>,
        command: ProcessCommand,
        env: [String: String],
        instances: Int,
        resources: Resources,
        port: Int?,
        healthcheck: Healthcheck,
        stopTimeout: TimeSpan = TimeSpan(seconds: 30)
    ) {
        self.app = app
        self.process = process
        self.image = image
        self.command = command
        self.env = env
        self.instances = instances
        self.resources = resources
        self.port = port
        self.healthcheck = healthcheck
        self.stopTimeout = stopTimeout
    }

    /// `<app>.<process>`: its name in a cluster and its service name in the router.
    package var service: String { "\(app).\(process)" }
}

/// A value that a plan may have to name before it exists.
package enum Output<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    /// The value itself.
    case known(Value)
    /// Printed as `(known after build)`; resolved once, by the executor.
    case afterBuild

    /// The value, if it is known.
    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }
}

/// An image by repository and digest: what clusters run is never named by a tag.
package struct ImageReference: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The registry's host and port, as the cluster's runtime reaches it.
    package let registry: String
    /// The repository, such as `apps/shop`.
    package let repository: String
    /// The manifest's digest.
    package let digest: Digest

    /// Names an image.
    package init(registry: String, repository: String, digest: Digest) {
        self.registry = registry
        self.repository = repository
        self.digest = digest
    }

    /// `127.0.0.1:5000/apps/shop@sha256:…`.
    package var description: String { "\(registry)/\(repository)@\(digest)" }
}

/// A host whose requests go to a workload.
package struct Route: Hashable, Sendable, Codable {
    /// The host name.
    package let host: Host
    /// The app that owns it.
    package let app: AppName
    /// The process type that answers.
    package let process: ProcessType

    /// Describes a route.
    package init(host: Host, app: AppName, process: ProcessType) {
        self.host = host
        self.app = app
        self.process = process
    }

    /// `<app>.<process>`: the name of the workload's endpoints.
    package var service: String { "\(app).\(process)" }
}

/// The walls around one app: its own network.
package struct Space: Hashable, Sendable, Codable {
    /// The app inside.
    package let app: AppName

    /// Describes an app's space.
    package init(app: AppName) { self.app = app }
}

/// What should run: the whole language that a cluster must understand (specs/architecture.md §4).
package enum Unit: Hashable, Sendable, Codable {
    /// The app's walls.
    case space(Space)
    /// A process type.
    case workload(Workload)
    /// A host.
    case route(Route)
}
