// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// The names of podman's objects. Dots separate parts, for app names have none; a part with an underscore is the
/// platform's own, for app names have none of those either.
struct PodmanNames: Sendable, Hashable {
    /// The platform instance.
    let instance: String

    /// A workload's container.
    func container(_ app: AppName, _ process: ProcessType, set: String, ordinal: Int) -> String {
        "\(instance).\(app).\(process).\(set).\(ordinal)"
    }

    /// An app's network.
    func network(_ app: AppName) -> String { "\(instance).\(app)" }

    /// The network of builds.
    var egress: String { "\(instance)._egress" }

    /// The container of a task's phase.
    func phase(_ index: Int, of task: String, _ app: AppName) -> String { "\(instance).\(app)._task.\(task).\(index)" }

    /// A volume of a task.
    func scratch(_ name: String, of task: String, _ app: AppName) -> String {
        "\(instance).\(app)._task.\(task).\(name)"
    }

    /// A volume of an app that outlives tasks.
    func cache(_ name: String, _ app: AppName) -> String { "\(instance).\(app)._cache.\(name)" }

    /// The secret with which a task reaches the registry.
    func credentials(of task: String, _ app: AppName) -> String { "\(instance).\(app)._task.\(task)" }
}
