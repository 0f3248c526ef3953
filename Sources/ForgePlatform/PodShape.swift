// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// A pod of the platform with one main container: without root, without capabilities, on a read-only file system, under
/// limits.
struct PodShape {
    /// The user that every part runs as: any but root, and no user of a node.
    static let user = 10_001

    /// A part's name, also its container's.
    let part: String
    let image: String
    let command: [String]
    var env: [String: JSONValue] = [:]
    /// By container port, the name.
    var port: Int?
    var hostPort: Int?
    var hostAddress: String?
    /// Where a Secret is mounted, by its name; read-only.
    var secrets: [String: String] = [:]
    /// Where a ConfigMap is mounted, by its name; read-only.
    var configs: [String: String] = [:]
    /// Where an empty folder is mounted, by its volume's name.
    var scratch: [String: String] = [:]
    /// Where claimed volumes are mounted, by the claim template's name.
    var claims: [String: String] = [:]
    var readiness: JSONValue
    var liveness: JSONValue
    /// CPU in millicores that is requested, and MiB of memory that are requested and that are the limit.
    var cpu = 50
    var memory: (request: Int, limit: Int)
    /// The account whose token is mounted; nil mounts none.
    var account: String?
    /// Containers that end before the main one starts: name, command.
    var before: [(name: String, command: [String], env: [String: JSONValue])] = []
    /// Seconds between the request to end and the kill.
    var grace = 30
    /// What the pod is started again for when it changes.
    var fingerprint: String?

    /// The pod template.
    func template(labels: [String: JSONValue]) -> JSONValue {
        var spec: [String: JSONValue] = [
            "automountServiceAccountToken": .bool(account != nil),
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": .int(grace),
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": .int(Self.user), "runAsGroup": .int(Self.user),
                "fsGroup": .int(Self.user), "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "containers": [.object(main)],
            "volumes": .array(volumes),
        ]
        if let account { spec["serviceAccountName"] = .string(account) }
        if !before.isEmpty {
            spec["initContainers"] = .array(
                before.map { step in
                    .object(base(step.name, step.command).merging(["env": variables(step.env)]) { $1 })
                }
            )
        }
        var metadata: [String: JSONValue] = ["labels": .object(labels)]
        if let fingerprint { metadata["annotations"] = ["paas.forge/settings": .string(fingerprint)] }
        return ["metadata": .object(metadata), "spec": .object(spec)]
    }

    private var main: [String: JSONValue] {
        var container = base(part, command)
        container["readinessProbe"] = probe(readiness, every: 5, failures: 3)
        container["livenessProbe"] = probe(liveness, every: 10, failures: 6)
        if !env.isEmpty { container["env"] = variables(env) }
        if let port {
            var entry: [String: JSONValue] = ["name": "main", "containerPort": .int(port), "protocol": "TCP"]
            if let hostPort { entry["hostPort"] = .int(hostPort) }
            if let hostAddress { entry["hostIP"] = .string(hostAddress) }
            container["ports"] = [.object(entry)]
        }
        return container
    }

    private func base(_ name: String, _ command: [String]) -> [String: JSONValue] {
        [
            "name": .string(name),
            "image": .string(image),
            "command": .strings(command),
            "resources": [
                "requests": ["cpu": .string("\(cpu)m"), "memory": .string("\(memory.request)Mi")],
                "limits": ["memory": .string("\(memory.limit)Mi")],
            ],
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
            ],
            "volumeMounts": .array(mounts),
        ]
    }

    private func variables(_ values: [String: JSONValue]) -> JSONValue {
        .array(
            values.sorted { $0.key < $1.key }.map { name, value in
                switch value {
                case .object: ["name": .string(name), "valueFrom": value]
                default: ["name": .string(name), "value": value]
                }
            }
        )
    }

    private func probe(_ how: JSONValue, every seconds: Int, failures: Int) -> JSONValue {
        .object(
            (how.object ?? [:]).merging([
                "periodSeconds": .int(seconds), "timeoutSeconds": 5, "failureThreshold": .int(failures),
            ]) { $1 }
        )
    }

    // MARK: Volumes

    private var mounts: [JSONValue] {
        let readOnly = [secrets, configs].flatMap { $0.sorted { $0.key < $1.key } }.map { name, path -> JSONValue in
            ["name": .string(name), "mountPath": .string(path), "readOnly": true]
        }
        let writable = [scratch, claims].flatMap { $0.sorted { $0.key < $1.key } }.map { name, path -> JSONValue in
            ["name": .string(name), "mountPath": .string(path)]
        }
        return readOnly + writable
    }

    /// The modes let the group of the pod read, and nobody else.
    private var volumes: [JSONValue] {
        secrets.keys.sorted().map { name -> JSONValue in
            ["name": .string(name), "secret": ["secretName": .string(name), "defaultMode": .int(0o440)]]
        }
            + configs.keys.sorted().map { name -> JSONValue in
                ["name": .string(name), "configMap": ["name": .string(name), "defaultMode": .int(0o444)]]
            }
            + scratch.keys.sorted().map { name -> JSONValue in ["name": .string(name), "emptyDir": [:]] }
    }
}
