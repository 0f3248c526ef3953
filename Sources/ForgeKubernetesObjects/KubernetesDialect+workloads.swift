// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
package import ForgeModel

extension KubernetesDialect {
    /// How long a pod goes on serving when it has been told to stop, in seconds: routers learn of it meanwhile.
    static let lingering = 5
    /// How long a rollout may make no progress beyond the grace, in seconds: nodes pull images in that time.
    private static let progressSlack = 600
    /// How long a container without healthcheck has to run before it counts, in seconds: one that ends at once never
    /// served.
    private static let settling = 2

    /// Deployment; Service where there is a port; disruption budget where there are instances to spare.
    func objects(of workload: Workload) -> [KubernetesObject] {
        var objects = [deployment(of: workload)]
        if workload.port != nil { objects.append(service(of: workload)) }
        if workload.instances > 1 { objects.append(budget(of: workload)) }
        return objects
    }

    /// The hash of a workload's pod template, by which its pods are told from older ones; nil while its image is not
    /// known.
    package func set(of workload: Workload) -> String? {
        workload.image.value == nil ? nil : ShortHash(of: JSONValue.object(template(of: workload)).bytes()).description
    }

    private func object(
        _ apiVersion: String,
        _ kind: String,
        of workload: Workload,
        spec: [String: JSONValue]
    ) -> KubernetesObject {
        KubernetesObject(
            apiVersion,
            kind,
            naming.workload(workload.app, workload.process),
            in: naming.appsNamespace,
            process: workload.process,
            labels: naming.labels(workload.app, workload.process),
            content: ["spec": .object(spec)]
        )
    }

    private func selector(of workload: Workload) -> [String: String] {
        naming.podSelector(workload.app, workload.process)
    }

    // MARK: Service and budget

    private func service(of workload: Workload) -> KubernetesObject {
        let port: JSONValue = ["name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"]
        return object(
            "v1",
            "Service",
            of: workload,
            spec: ["ports": [port], "selector": .texts(selector(of: workload))]
        )
    }

    private func budget(of workload: Workload) -> KubernetesObject {
        object(
            versions.disruptionBudget,
            "PodDisruptionBudget",
            of: workload,
            spec: ["maxUnavailable": 1, "selector": .matching(selector(of: workload))]
        )
    }

    // MARK: Deployment

    private func deployment(of workload: Workload) -> KubernetesObject {
        var labels = naming.labels(workload.app, workload.process)
        labels[KubernetesLabel.set] = set(of: workload)
        var template = template(of: workload)
        template["metadata"] = ["labels": .texts(labels)]
        var spec: [String: JSONValue] = [
            "replicas": .number(workload.instances),
            "selector": .matching(selector(of: workload)),
            "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": 0]],
            "revisionHistoryLimit": 3,
            "progressDeadlineSeconds": .number(workload.healthcheck.grace.wholeSeconds + Self.progressSlack),
            "template": .object(template),
        ]
        if workload.healthcheck == .none { spec["minReadySeconds"] = .number(Self.settling) }
        return object("apps/v1", "Deployment", of: workload, spec: spec)
    }

    /// The template without the label that is its own hash.
    private func template(of workload: Workload) -> [String: JSONValue] {
        var spec: [String: JSONValue] = [
            "automountServiceAccountToken": false,
            "containers": [.object(container(of: workload))],
            "enableServiceLinks": false,
            "securityContext": .object(ContainerEncoding.podSecurity),
            "serviceAccountName": .string(workload.app.text),
            "terminationGracePeriodSeconds": .number(workload.stopTimeout.wholeSeconds + Self.lingering),
            "topologySpreadConstraints": [
                [
                    "labelSelector": .matching(selector(of: workload)), "maxSkew": 1,
                    "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
                ]
            ],
        ]
        spec["imagePullSecrets"] = naming.pullSecret.map { [["name": .string($0)]] }
        return [
            "metadata": ["labels": .texts(naming.labels(workload.app, workload.process))], "spec": .object(spec),
        ]
    }

    private func container(of workload: Workload) -> [String: JSONValue] {
        // Memory that was given cannot be taken back, processor time can.
        let requested = Resources(
            cpu: CPU(millicores: max(workload.resources.cpu.millicores / 5, 10)),
            memory: workload.resources.memory
        )
        var container: [String: JSONValue] = [
            "name": .string(workload.process.text),
            "image": .string(workload.image.value?.description ?? CanonicalFields.imageAfterBuild),
            "imagePullPolicy": "IfNotPresent",
            "command": ContainerEncoding.command(Self.program(of: workload)),
            "env": ContainerEncoding.variables(workload.env.merging(ContainerEncoding.home) { given, _ in given }),
            "lifecycle": ["preStop": lingering],
            "resources": ContainerEncoding.resources(workload.resources, requested: requested),
            "securityContext": .object(ContainerEncoding.containerSecurity),
        ]
        if let port = workload.port {
            container["ports"] = [["name": "http", "containerPort": .number(port), "protocol": "TCP"]]
        }
        container.merge(Self.probes(workload.healthcheck)) { $1 }
        return container
    }

    /// The launcher runs a single argument with bash, behind the image's environment (Platform API, launcher).
    private static func program(of workload: Workload) -> [String] {
        switch workload.command {
        case .image: ["/cnb/process/\(workload.process)"]
        case .shell(let line): ["/cnb/lifecycle/launcher", line]
        }
    }

    private var lingering: JSONValue {
        versions.hasNativeSleep
            ? ["sleep": ["seconds": .number(Self.lingering)]]
            : ["exec": ["command": ["sleep", .string(String(Self.lingering))]]]
    }

    /// Every default that the server would add to a probe is written, for older servers (seen on v1.20) leave their defaults
    /// behind when a field set goes, and what is left of the probe is then refused.
    ///
    /// At start once a second until the grace is over, then every 2 s; three answers have to be missing in a row.
    private static func probes(_ healthcheck: Healthcheck) -> [String: JSONValue] {
        let question: (name: String, value: JSONValue)
        switch healthcheck {
        case .none: return [:]
        case .tcp: question = ("tcpSocket", ["port": "http"])
        case .http(let path, _): question = ("httpGet", ["path": .string(path), "port": "http", "scheme": "HTTP"])
        }
        let grace = JSONValue.number(healthcheck.grace.wholeSeconds)
        return [
            "startupProbe": .object([
                question.name: question.value, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": grace,
                "successThreshold": 1,
            ]),
            "readinessProbe": .object([
                question.name: question.value, "periodSeconds": 2, "timeoutSeconds": 5, "failureThreshold": 3,
                "successThreshold": 1,
            ]),
        ]
    }
}

extension TimeSpan {
    /// Whole seconds, rounded up: Kubernetes knows no others.
    var wholeSeconds: Int { (milliseconds + 999) / 1000 }
}
