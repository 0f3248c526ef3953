// SPDX-License-Identifier: Apache-2.0

extension KubernetesDialect {
    private static let template = "spec.template.spec.containers[name="

    /// Paths in a workload's container that have a short word.
    private static let containerWords = [
        "command[0]": "program", "command[1]": "command", "ports[name=http].containerPort": "port",
        "resources.limits.cpu": "resources.cpu", "resources.limits.memory": "resources.memory",
        "resources.requests.cpu": "resources.cpu (requested)",
        "resources.requests.memory": "resources.memory (requested)",
        "startupProbe.failureThreshold": "healthcheck.grace",
        "readinessProbe.httpGet.path": "healthcheck.path", "startupProbe.httpGet.path": "healthcheck.path (at start)",
    ]

    /// Paths of other places that have a short word, by kind.
    private static let words = [
        "Deployment": [
            "spec.replicas": "instances", "spec.template.spec.terminationGracePeriodSeconds": "stopTimeout",
        ],
        "Service": ["spec.ports[name=http].port": "port"],
    ]

    /// The path that people read: words of the manifest where there is one, else the object's own without `spec.`.
    static func shown(_ path: String, in kind: String) -> String {
        if let word = words[kind]?[path] { return word }
        if kind == "Deployment", path.hasPrefix(template), let end = path.range(of: "].", after: template) {
            return shown(inContainer: String(path[end...]))
        }
        return path.hasPrefix("spec.") ? String(path.dropFirst(5)) : path
    }

    private static func shown(inContainer path: String) -> String {
        if let word = containerWords[path] { return word }
        let variable = "env[name="
        if path.hasPrefix(variable), path.hasSuffix("].value") {
            return "env." + path.dropFirst(variable.utf8.count).dropLast("].value".utf8.count)
        }
        for (probe, word) in [("readinessProbe.", "healthcheck."), ("startupProbe.", "healthcheck (at start).")]
        where path.hasPrefix(probe) { return word + path.dropFirst(probe.utf8.count) }
        return path
    }
}

extension String {
    /// Where the text goes on behind the first `separator` that follows `prefix`.
    fileprivate func range(of separator: String, after prefix: String) -> Index? {
        var rest = dropFirst(prefix.count)
        while !rest.isEmpty {
            if rest.hasPrefix(separator) { return rest.index(rest.startIndex, offsetBy: separator.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
