// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeModel

/// A container of a workload with what is known of it beside podman.
struct Member: Hashable, Sendable {
    let instance: Instance
    /// What probing this run has shown; nil before the first answer.
    var readiness: Readiness?
    /// Whether it counts as ready now.
    var isReady: Bool
    /// Whether it is on its way out.
    var isRetiring: Bool
    /// How often it ended in the runs before podman's own count started anew.
    var earlierExits = 0
    /// What an event said of its last end: podman forgets the exit code when it starts the container again.
    var lastExitCode: Int?

    /// How often it ended.
    var exits: Int { earlierExits + instance.restarts + (instance.state == .exited ? 1 : 0) }
    /// How it ended last, where that is known.
    var exitCode: Int? { instance.state == .exited ? instance.exitCode : lastExitCode }
    /// Whether it runs and is wanted.
    var isServingCandidate: Bool { isReady && !isRetiring }
}

/// The containers of one workload by set, oldest set first.
struct WorkloadSets: Sendable {
    /// Equal containers.
    struct Group: Sendable {
        let id: String
        let members: [Member]

        var oldest: Moment { members.map(\.instance.created).min() ?? Moment(nanoseconds: 0) }
    }

    let groups: [Group]

    init(_ members: [Member]) {
        groups = Dictionary(grouping: members, by: \.instance.set)
            .map { Group(id: $0, members: $1.sorted { $0.instance.ordinal < $1.instance.ordinal }) }
            .sorted { ($0.oldest, $0.id) < ($1.oldest, $1.id) }
    }

    /// The set that gets the traffic: the oldest with a container that answers, for a newer one takes over only when
    /// all of it is ready, and then the older one's containers are marked as retiring. If none answers, the oldest that
    /// runs, or that is there.
    var serving: Group? {
        groups.first { $0.members.contains(where: \.isServingCandidate) }
            ?? groups.first { $0.members.contains { $0.instance.state == .running && !$0.isRetiring } }
            ?? groups.first
    }

    /// Where requests go.
    var endpoints: [Endpoint] {
        serving?.members.filter(\.isServingCandidate).compactMap(\.instance.endpoint) ?? []
    }
}
