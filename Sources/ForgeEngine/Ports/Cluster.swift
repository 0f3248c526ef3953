// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Where workloads and tasks run (specs/architecture.md §4).
///
/// Nothing here blocks until something has come true: `advance` does what can be done now and says how far things are,
/// so it can be called again at any time, by any process, after any crash. `changes` tells when calling again is worth it.
package protocol Cluster: Sendable {
    /// The cluster's language.
    var dialect: any Dialect { get }

    /// What the cluster holds of an app; throws `ClusterError` when it cannot be seen completely.
    func observe(_ app: AppName) async throws -> ClusterObservation

    /// Makes an app's walls; does nothing when they stand.
    func prepare(_ space: Space) async throws
    /// Moves a process type towards what is described: new containers become ready before old ones are asked to stop.
    ///
    /// The image of `workload` must be known. When it returns `.failed`, the containers that served before still do.
    func advance(_ workload: Workload, generation: Generation) async throws -> RolloutState
    /// Starts a task, or its next phase; never starts the same phase twice.
    func advance(_ task: ClusterTask) async throws -> TaskState
    /// Stops a task if it runs, and removes its containers and scratch volumes.
    func discard(_ task: String, of app: AppName) async throws
    /// Removes one object of the app, by the reference that `observe` gave; does nothing when it is gone.
    func remove(_ object: ObjectReference, of app: AppName) async throws

    /// The app of every change that may matter, as it happens: hints, never facts. Ends when the cluster is closed.
    func changes() -> AsyncStream<AppName>
    /// Lines of an app's containers.
    func logs(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error>
    /// The output of one phase from its first line on, following it until it has ended.
    func output(of task: ClusterTask, phase: Int) -> AsyncThrowingStream<String, any Error>
}

/// Which log lines are asked for.
package struct LogQuery: Hashable, Sendable {
    /// The app.
    package let app: AppName
    /// Only this process type, if given.
    package let process: ProcessType?
    /// How many of the newest lines, over all containers, come first.
    package let tail: Int
    /// Whether new lines follow as they are written, containers that start later included.
    package let follow: Bool

    /// Describes a question.
    package init(app: AppName, process: ProcessType?, tail: Int, follow: Bool) {
        self.app = app
        self.process = process
        self.tail = tail
        self.follow = follow
    }
}

/// One line that a container wrote.
package struct LogLine: Hashable, Sendable, Codable {
    /// When it was written.
    package let at: Timestamp
    /// The process type.
    package let process: ProcessType
    /// The container, in few letters: `web.7f3a`.
    package let instance: String
    /// The line without its end, at most 64 KiB.
    package let text: String

    /// Holds a line.
    package init(at: Timestamp, process: ProcessType, instance: String, text: String) {
        self.at = at
        self.process = process
        self.instance = instance
        self.text = text
    }
}

/// Why a cluster did not do what it was asked.
package struct ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is: it decides whether trying again helps.
    package enum Code: Sendable { case unreachable, refused, conflict, invalid }

    /// What kind of fault it is.
    package let code: Code
    /// One line that names the object and the remedy.
    package let message: String

    /// Describes a fault.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
