// SPDX-License-Identifier: Apache-2.0

/// Which field tells the items of a list apart, for the lists that our objects have. Of a port it is the name that we
/// always give it, so that another number is a change of that port and not another port.
enum ListKeys {
    private static let keys = [
        "containers": "name", "initContainers": "name", "env": "name", "ports": "name", "volumes": "name",
        "volumeMounts": "mountPath", "limits": "type",
        "topologySpreadConstraints": "topologyKey", "rules": "host", "paths": "path",
    ]

    /// The key of the list under a name; nil for lists whose order matters.
    static func key(of list: String?) -> String? { list.flatMap { keys[$0] } }
}
