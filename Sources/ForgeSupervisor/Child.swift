// SPDX-License-Identifier: Apache-2.0

/// One part of the platform that runs as a process of its own (specs/supervisor.md §3).
package struct Child: Sendable {
    /// Its name, also of its log: `redis`.
    package let name: String
    /// How long it may take to end after it was asked, before it is killed.
    package let patience: Duration
    /// Whether processes that it leaves behind are killed with it. podman's are not: they are the apps' containers.
    package let endsGroup: Bool
    /// Whether its output goes to a log of its own in the state folder; otherwise it is this program's.
    package let hasLog: Bool
    /// Makes what it needs anew, before each start, and gives the command.
    package let command: @Sendable () async throws -> ChildCommand
    /// Whether it answers now.
    package let probe: @Sendable () async -> Bool

    /// Describes a part.
    package init(
        name: String,
        patience: Duration,
        endsGroup: Bool = true,
        hasLog: Bool = true,
        command: @escaping @Sendable () async throws -> ChildCommand,
        probe: @escaping @Sendable () async -> Bool
    ) {
        self.name = name
        self.patience = patience
        self.endsGroup = endsGroup
        self.hasLog = hasLog
        self.command = command
        self.probe = probe
    }
}
