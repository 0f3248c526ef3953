// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// One thing that keeps a pod from becoming ready, and from when on it counts as failed.
struct PodFinding: Hashable, Sendable {
    /// How long the scheduler may find no node, and a quota no room, before that is told, in milliseconds: what ends may
    /// still make room.
    static let patienceForRoom = 10_000
    /// How long an image may be unavailable, in milliseconds: the registry may be starting.
    static let patienceForImage = 20_000
    /// A container that ended this often has failed.
    static let tolerableEnds = 2

    /// What happened, to be put behind the service's name.
    let sentence: String
    /// Whose log says more.
    let log: LogSource?
    /// From when on it counts.
    let from: Timestamp

    /// What is wrong with a workload's pod; nil when nothing is.
    init?(_ pod: PodFacts, of workload: Workload) { return nil }

    /// Why pods do not even come to be.
    init?(refusalOf deployment: DeploymentFacts, service: String) { return nil }
}
