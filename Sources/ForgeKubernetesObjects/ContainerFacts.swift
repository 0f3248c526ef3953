// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

/// What a pod's status says of one container.
package struct ContainerFacts: Hashable, Sendable {
    /// How the container is.
    package enum State: Hashable, Sendable {
        case waiting(Waiting)
        case running
        case ended(Ending)
    }

    /// Why a container does not run yet.
    package enum Waiting: Hashable, Sendable {
        /// Nothing is wrong: its image is pulled, or the containers before it run.
        case starting
        /// The registry answered that it has no such image.
        case imageMissing(String)
        /// The image could not be pulled, with the runtime's reason; the node tries again.
        case imageUnavailable(String)
        /// The runtime cannot make it, with the reason.
        case impossible(String)
        /// It ended so often that the node waits before it starts it again.
        case crashLoop
    }

    /// How a container ended.
    package struct Ending: Hashable, Sendable {
        /// The exit code; 128 and the signal's number for a signal.
        package let code: Int
        /// Whether the kernel killed it for memory.
        package let isOutOfMemory: Bool
        /// Why the runtime could not start its program at all; nil when it ran.
        package let startFault: String?
        /// How long it ran, in whole seconds.
        package let seconds: Int
    }

    /// One run of a container: while it lasts, time counts.
    struct Run: Hashable {
        enum Stage { case starting, failing, running, ended }
        let stage: Stage
        let restarts: Int
    }

    /// Its name: the process type, or the phase of a task.
    package let name: String
    /// How it is now.
    package let state: State
    /// How it ended before it was started again.
    package let before: Ending?
    /// How often it was started again.
    package let restarts: Int
    /// Whether its startup probe has passed, or it has none.
    package let hasStarted: Bool

    /// How often it has ended.
    package var ends: Int {
        switch state {
        case .running: restarts
        case .ended: restarts + 1
        case .waiting: before == nil ? restarts : restarts + 1
        }
    }

    /// How it ended last.
    package var lastEnding: Ending? {
        if case .ended(let ending) = state { ending } else { before }
    }

    /// What it is in the middle of.
    var run: Run {
        let stage: Run.Stage =
            switch state {
            case .waiting(.starting): .starting
            case .waiting: .failing
            case .running: .running
            case .ended: .ended
            }
        return Run(stage: stage, restarts: restarts)
    }

    /// Reads one entry of `containerStatuses`; nil when it has no name.
    ///
    /// A node that waits before it tries an image again no longer says why it could not be pulled: `previous` does.
    init?(_ status: JSONValue, after previous: ContainerFacts?) {
        guard let name = status["name"]?.string else { return nil }
        self.name = name
        before = status["lastState", "terminated"].map(Ending.init)
        restarts = max(0, status["restartCount"]?.integer ?? 0)
        hasStarted = status["started"]?.bool ?? false
        if let ending = status["state", "terminated"] {
            state = .ended(Ending(ending))
        } else if status["state", "running"] != nil {
            state = .running
        } else {
            state = .waiting(Waiting(status, after: previous?.state))
        }
    }
}

extension ContainerFacts.Waiting {
    /// Reads a `ContainerStateWaiting`: the words are the kubelet's (pkg/kubelet/images/types.go, container/sync_result.go).
    init(_ status: JSONValue, after previous: ContainerFacts.State?) {
        let message = Sentence.bounded(status["state", "waiting", "message"]?.string ?? "")
        switch status["state", "waiting", "reason"]?.string ?? "" {
        case "ErrImagePull", "ImageInspectError", "RegistryUnavailable":
            self =
                Self.saysMissing(message)
                ? .imageMissing(status["image"]?.string ?? "of this name") : .imageUnavailable(message)
        case "ImagePullBackOff":
            if case .waiting(let known)? = previous, known.isOfImage {
                self = known
            } else {
                self = .imageUnavailable(message)
            }
        case "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError",
            "RunContainerError", "PreStartHookError", "PostStartHookError":
            self = .impossible(message)
        case "CrashLoopBackOff": self = .crashLoop
        default: self = .starting
        }
    }

    private var isOfImage: Bool {
        switch self {
        case .imageMissing, .imageUnavailable: true
        case .starting, .impossible, .crashLoop: false
        }
    }

    /// What containerd and CRI-O say of a registry's 404.
    private static func saysMissing(_ message: String) -> Bool {
        ["not found", "manifest unknown", "name unknown", "repository does not exist"].contains { message.contains($0) }
    }
}

extension ContainerFacts.Ending {
    /// Reads a `ContainerStateTerminated`.
    init(_ value: JSONValue) {
        code = value["exitCode"]?.integer ?? -1
        let reason = value["reason"]?.string ?? ""
        isOutOfMemory = reason == "OOMKilled"
        startFault =
            ["StartError", "ContainerCannotRun"].contains(reason)
            ? Sentence.bounded(value["message"]?.string ?? reason) : nil
        let started = value["startedAt"]?.string.flatMap { CalendarTime($0.utf8) }
        let finished = value["finishedAt"]?.string.flatMap { CalendarTime($0.utf8) }
        seconds = started.flatMap { start in finished.map { max(0, $0.seconds - start.seconds) } } ?? 0
    }
}
