// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// The keys of specs/storage.md; an app's own share a hash tag.
enum StorageKey {
    /// The set of apps that have desired state.
    static let apps = "forge:apps"
    /// The apps that wait for work, by the time at which they are due.
    static let due = "forge:ready:due"
    /// The apps that are worked on, by the time at which their lease ends.
    static let leases = "forge:ready:leases"
    /// The apps that were woken while they were worked on, by the time at which they are due again.
    static let dirty = "forge:ready:dirty"
    /// Who works on an app.
    static let workers = "forge:ready:workers"
    /// The digests of tokens by name.
    static let tokens = "forge:tokens"

    static func desired(_ app: AppName) -> String { "forge:app:{\(app)}:desired" }
    static func numbers(_ app: AppName) -> String { "forge:app:{\(app)}:numbers" }
    static func record(_ app: AppName) -> String { "forge:app:{\(app)}:record" }
    static func releases(_ app: AppName) -> String { "forge:app:{\(app)}:releases" }
    static func journal(_ app: AppName) -> String { "forge:app:{\(app)}:journal" }
    static func fence(_ app: AppName) -> String { "forge:app:{\(app)}:fence" }
    static func events(_ app: AppName) -> String { "forge:app:{\(app)}:events" }
    static func output(_ task: ClusterTask) -> String {
        "forge:app:{\(task.app)}:output:\(task.generation):\(task.name)"
    }
}
