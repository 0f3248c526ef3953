// SPDX-License-Identifier: Apache-2.0

/// Something that runs to its end: a build or a release command, as a sequence of phases on shared volumes.
///
/// Named `ClusterTask` so that it does not hide Swift's own `Task`.
package struct ClusterTask: Hashable, Sendable, Codable {
    /// What the task is for.
    package enum Kind: String, Sendable, Codable { case build, release }

    /// Its name in the cluster; the same work has the same name, so that it is found again and never run twice.
    package let name: String
    /// The app it works for.
    package let app: AppName
    /// What it is for.
    package let kind: Kind
    /// The generation that asked for it.
    package let generation: Generation
    /// What runs, in this order; a phase starts when the one before it has exited with 0.
    package let phases: [TaskPhase]
    /// How long all phases together may take.
    package let timeout: TimeSpan
    /// A volume that outlives the task, by name, and where phases that ask for it see it.
    package let cacheVolume: String?

    /// Describes a task.
    package init(
        name: String,
        app: AppName,
        kind: Kind,
        generation: Generation,
        phases: [TaskPhase],
        timeout: TimeSpan,
        cacheVolume: String? = nil
    ) {
        self.name = name
        self.app = app
        self.kind = kind
        self.generation = generation
        self.phases = phases
        self.timeout = timeout
        self.cacheVolume = cacheVolume
    }
}

/// One container of a task.
package struct TaskPhase: Hashable, Sendable, Codable {
    /// What a phase may reach.
    package enum Network: String, Sendable, Codable {
        /// Outside only, on a network that no app is on: for code of the app at build time.
        case egress
        /// Where the registry is.
        case registry
        /// The app's own network: for release commands.
        case app
    }

    /// A folder that phases share.
    package struct Mount: Hashable, Sendable, Codable {
        /// What is mounted.
        package enum Source: Hashable, Sendable, Codable {
            /// A volume of the task, by a name that is unique in it; it is removed with the task.
            case scratch(String)
            /// The task's cache volume.
            case cache
            /// The certificates that the platform trusts for calls to the outside, one PEM file, read-only.
            case certificates
        }

        /// What is mounted.
        package let source: Source
        /// Where.
        package let path: String

        /// Describes a mount.
        package init(_ source: Source, at path: String) {
            self.source = source
            self.path = path
        }
    }

    /// The variables that tell programs where trusted certificates are: OpenSSL, pip, Python's requests, curl, Node.
    package static let certificateVariables = [
        "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    ]

    /// Its name: `analyze`, `build`, `command`.
    package let name: String
    /// The image.
    package let image: ImageReference
    /// The program and its arguments; an image's entrypoint is never used.
    package let command: [String]
    /// The environment; never a secret.
    package let env: [String: String]
    /// What it may reach.
    package let network: Network
    /// The shared folders it sees.
    package let mounts: [Mount]
    /// The user and group it runs as: `1001:1001`; nil is the image's own, which must not be root.
    package let user: String?
    /// Whether it gets the registry's credentials (as CNB_REGISTRY_AUTH): only phases that run no code of the app.
    package let needsRegistryCredentials: Bool
    /// Its bounds.
    package let resources: Resources

    /// Describes a phase.
    package init(
        name: String,
        image: ImageReference,
        command: [String],
        env: [String: String] = [:],
        network: Network,
        mounts: [Mount] = [],
        user: String? = nil,
        needsRegistryCredentials: Bool = false,
        resources: Resources = Resources()
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.env = env
        self.network = network
        self.mounts = mounts
        self.user = user
        self.needsRegistryCredentials = needsRegistryCredentials
        self.resources = resources
    }
}

/// How far a task is.
package enum TaskState: Hashable, Sendable {
    /// No trace of it.
    case absent
    /// It has not started, because the cluster runs as many builds as it may; this many come before it.
    case queued(ahead: Int)
    /// A phase runs, or is about to.
    case running(phase: String)
    /// All phases exited with 0.
    case succeeded
    /// A phase did not; nothing after it ran.
    case failed(TaskFailure)
}

/// Why a task failed.
package struct TaskFailure: Hashable, Sendable, Codable {
    /// The phase.
    package let phase: String
    /// Its exit code, where one was seen.
    package let exitCode: Int?
    /// What happened, when it was not the exit code: `took longer than 30m`.
    package let reason: String?
    /// The last lines of its output, oldest first, at most 50.
    package let output: [String]

    /// Holds a failure.
    package init(phase: String, exitCode: Int?, reason: String? = nil, output: [String]) {
        self.phase = phase
        self.exitCode = exitCode
        self.reason = reason
        self.output = output
    }
}
