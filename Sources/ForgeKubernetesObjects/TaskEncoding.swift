// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import FoundationEssentials

/// The parts of a task's job: its phases are the containers of one pod, all but the last as init containers, which run
/// one after another (specs/kubernetes.md §7).
struct TaskEncoding {
    let task: ClusterTask
    let provisions: TaskProvisions
    let naming: KubernetesNaming

    /// The job's name.
    var name: String { naming.task(task.name, of: task.app) }
    /// Where it runs.
    var namespace: String { naming.namespace(of: task.kind) }
    /// The labels of the job and its pod.
    var labels: [String: String] { naming.labels(task.app).merging([KubernetesLabel.task: task.name]) { $1 } }

    /// The pod. Its own deadline ends it and leaves its output; a job's deadline would take that away too.
    var pod: [String: JSONValue] {
        let containers = task.phases.map { JSONValue.object(container(of: $0)) }
        var pod: [String: JSONValue] = [
            "activeDeadlineSeconds": .number(task.timeout.wholeSeconds),
            "automountServiceAccountToken": false,
            "containers": .array(Array(containers.suffix(1))),
            "enableServiceLinks": false,
            "initContainers": .array(Array(containers.dropLast())),
            "restartPolicy": "Never",
            "securityContext": .object(podSecurity),
            "volumes": .array(volumes),
        ]
        if task.kind == .release { pod["serviceAccountName"] = .string(task.app.text) }
        pod["imagePullSecrets"] = naming.pullSecret.map { [["name": .string($0)]] }
        return pod
    }

    // MARK: Phases

    private func container(of phase: TaskPhase) -> [String: JSONValue] {
        // Tasks are short: what they reserve is a part of what they may take.
        let requested = Resources(
            cpu: CPU(millicores: max(phase.resources.cpu.millicores / 10, 10)),
            memory: Memory(bytes: max(phase.resources.memory.bytes / 4, 1 << 20))
        )
        var security = ContainerEncoding.containerSecurity
        for (name, id) in zip(["runAsUser", "runAsGroup"], Self.ids(of: phase.user)) { security[name] = .number(id) }
        return [
            "name": .string(phase.name),
            "image": .string(phase.image.description),
            "imagePullPolicy": "IfNotPresent",
            "command": ContainerEncoding.command(phase.command),
            "env": .array((ContainerEncoding.variables(environment(of: phase)).array ?? []) + secrets(of: phase)),
            "resources": ContainerEncoding.resources(phase.resources, requested: requested),
            "securityContext": .object(security),
            "volumeMounts": .array(phase.mounts.compactMap(mount)),
        ]
    }

    private func environment(of phase: TaskPhase) -> [String: String] {
        var env: [String: String]
        switch phase.network {
        case .app: env = ContainerEncoding.home
        case .egress: env = provisions.egressEnvironment
        case .registry: env = [:]
        }
        if provisions.certificates != nil, let mount = phase.mounts.first(where: { $0.source == .certificates }) {
            for name in TaskPhase.certificateVariables { env[name] = mount.path }
        }
        return env.merging(phase.env) { _, given in given }
    }

    private func secrets(of phase: TaskPhase) -> [JSONValue] {
        guard phase.needsRegistryCredentials, provisions.registryAuth != nil else { return [] }
        let reference: JSONValue = ["name": .string(name), "key": .string(Self.authVariable)]
        return [["name": .string(Self.authVariable), "valueFrom": ["secretKeyRef": reference]]]
    }

    // MARK: Volumes

    private static let cacheVolume = "forge-cache"
    private static let certificatesVolume = "forge-certificates"
    private static let certificatesFile = "certificates.pem"
    private static let authVariable = "CNB_REGISTRY_AUTH"

    /// Nil for what the platform does not have.
    private func mount(_ mount: TaskPhase.Mount) -> JSONValue? {
        switch mount.source {
        case .scratch(let name): ["name": .string(name), "mountPath": .string(mount.path)]
        case .cache where task.cacheVolume != nil:
            ["name": .string(Self.cacheVolume), "mountPath": .string(mount.path)]
        case .certificates where provisions.certificates != nil:
            [
                "name": .string(Self.certificatesVolume), "mountPath": .string(mount.path),
                "subPath": .string(Self.certificatesFile), "readOnly": true,
            ]
        case .cache, .certificates: nil
        }
    }

    private var volumes: [JSONValue] {
        var scratch: [String] = []
        for mount in task.phases.flatMap(\.mounts) {
            if case .scratch(let name) = mount.source, !scratch.contains(name) { scratch.append(name) }
        }
        var volumes: [JSONValue] = scratch.map { ["name": .string($0), "emptyDir": [:]] }
        if task.cacheVolume != nil {
            let source: (name: String, value: JSONValue) =
                cache.map { ("persistentVolumeClaim", ["claimName": .string($0.name)]) } ?? ("emptyDir", [:])
            volumes.append(.object(["name": .string(Self.cacheVolume), source.name: source.value]))
        }
        if let certificates {
            volumes.append([
                "name": .string(Self.certificatesVolume), "configMap": ["name": .string(certificates.name)],
            ])
        }
        return volumes
    }

    /// Volumes are writable for the group of the first phase that names one.
    private var podSecurity: [String: JSONValue] {
        var security = ContainerEncoding.podSecurity
        if let group = task.phases.lazy.map({ Self.ids(of: $0.user) }).first(where: { $0.count == 2 })?.last {
            security["fsGroup"] = .number(group)
        }
        return security
    }

    /// User and group of `1001:1001`; empty when nothing is named.
    private static func ids(of user: String?) -> [Int] { (user ?? "").split(separator: ":").compactMap { Int($0) } }

    // MARK: Objects beside the job

    /// The Secret that phases get the registry's credentials from; nil when none does.
    var credentials: KubernetesObject? {
        guard let auth = provisions.registryAuth, task.phases.contains(where: \.needsRegistryCredentials) else {
            return nil
        }
        return KubernetesObject(
            "v1",
            "Secret",
            name,
            in: namespace,
            labels: labels,
            content: ["type": "Opaque", "data": [Self.authVariable: .string(Data(auth.utf8).base64EncodedString())]]
        )
    }

    /// The trusted certificates, under a name that changes with them; shared by all tasks of the namespace.
    var certificates: KubernetesObject? {
        guard let certificates = provisions.certificates,
            task.phases.contains(where: { $0.mounts.contains { $0.source == .certificates } })
        else { return nil }
        return KubernetesObject(
            "v1",
            "ConfigMap",
            "forge.certificates.\(ShortHash(of: certificates.utf8))",
            in: namespace,
            isShared: true,
            labels: naming.labels(),
            content: ["data": [Self.certificatesFile: .string(certificates)]]
        )
    }

    /// The app's cache volume; nil without a storage class.
    var cache: KubernetesObject? {
        guard let volume = task.cacheVolume, let storageClass = provisions.cacheStorageClass else { return nil }
        return KubernetesObject(
            "v1",
            "PersistentVolumeClaim",
            volume,
            in: namespace,
            labels: naming.labels(task.app),
            content: [
                "spec": [
                    "accessModes": ["ReadWriteOnce"], "storageClassName": .string(storageClass),
                    "resources": ["requests": ["storage": .string(provisions.cacheSize)]],
                ]
            ]
        )
    }
}
