// SPDX-License-Identifier: Apache-2.0

/// The labels that hold all that this adapter knows of what it made (specs/podman.md §3).
enum Label {
    /// The platform instance that owns the object.
    static let instance = "forge.instance"
    /// The app.
    static let app = "forge.app"
    /// The process type of a workload's container.
    static let process = "forge.process"
    /// The fields of the set, as JSON.
    static let unit = "forge.unit"
    /// The identity of the set.
    static let set = "forge.set"
    /// Which of the set's containers this one is, from 1.
    static let ordinal = "forge.ordinal"
    /// The generation that made the container.
    static let generation = "forge.generation"
    /// The user id that an app's containers run as; on its network.
    static let user = "forge.user"
    /// The task of a phase's container or of a scratch volume.
    static let task = "forge.task"
    /// The place of a phase in its task, from 0.
    static let phase = "forge.phase"
    /// The name of a phase.
    static let phaseName = "forge.phase-name"
    /// How many phases the task has.
    static let phases = "forge.phases"
    /// When the task has taken too long, in milliseconds since 1970.
    static let deadline = "forge.deadline"
    /// How long the task may take, as people write it.
    static let timeout = "forge.timeout"
}
