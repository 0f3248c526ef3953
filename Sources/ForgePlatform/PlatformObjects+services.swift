// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import FoundationEssentials

/// The three roles of `forged serve`, each a Deployment.
extension PlatformObjects {
    /// From here on a port is one that Kubernetes opens on every node (`--service-node-port-range`).
    private static let firstNodePort = 30_000

    /// The settings file's text: keys in order, so that equal settings are equal bytes.
    var settingsText: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(installation.settings), as: UTF8.self) + "\n"
        }
    }

    /// API, reconciler and router.
    var services: [PlatformObject] {
        get throws {
            var objects = [
                service(
                    "forge-api",
                    port: PlatformInstallation.Ports.api,
                    target: PlatformInstallation.Ports.api,
                    nodePort: installation.apiPort
                ),
                deployment(try api), deployment(try reconciler),
            ]
            guard installation.hasRouter else { return objects }
            objects.append(ingressClass)
            if installation.routerPort >= Self.firstNodePort {
                objects.append(
                    service(
                        "forge-router",
                        port: 80,
                        target: PlatformInstallation.Ports.router,
                        nodePort: installation.routerPort
                    )
                )
            }
            objects.append(deployment(try router))
            return objects
        }
    }

    private var api: PodShape {
        get throws {
            let health: JSONValue = ["httpGet": ["path": "/healthz", "port": "main"]]
            var pod = try role("api", readiness: health, liveness: health, memory: (128, 512))
            pod.port = PlatformInstallation.Ports.api
            pod.secrets["forge-admin"] = "/etc/forge/secrets/admin"
            return withState(pod)
        }
    }

    /// It answers nobody, so it says that it is alive by touching a file.
    private var reconciler: PodShape {
        get throws {
            let alive: JSONValue = ["exec": ["command": .strings(["/bin/sh", "-c", Self.isAlive])]]
            var pod = withState(try role("reconciler", readiness: alive, liveness: alive, memory: (192, 768)))
            if case .own = installation.registry {
                pod.before = [("copy-images", copyImages, registryVariables)]
            }
            return pod
        }
    }

    private var router: PodShape {
        get throws {
            let listens: JSONValue = ["tcpSocket": ["port": "main"]]
            var pod = try role("router", readiness: listens, liveness: listens, memory: (96, 384))
            pod.port = PlatformInstallation.Ports.router
            if installation.routerPort < Self.firstNodePort { pod.hostPort = installation.routerPort }
            return pod
        }
    }

    /// A folder of forged's own: the one that is mounted is the group's.
    private static let state = "/run/forge/state"
    /// Was touched within the last minute.
    private static let isAlive = "test $(($(date +%s) - $(stat -c %Y \(state)/alive))) -lt 60"

    private func role(
        _ role: String,
        readiness: JSONValue,
        liveness: JSONValue,
        memory: (Int, Int)
    ) throws -> PodShape {
        PodShape(
            part: "forge-\(role)",
            image: image,
            command: [
                "/usr/bin/forged", "serve", "--roles", role, "--settings",
                "/etc/forge/settings/\(PlatformSettings.fileName)",
                "--secrets", "/etc/forge/secrets", "--state", Self.state,
            ],
            configs: ["forge-settings": "/etc/forge/settings"],
            scratch: ["run": "/run/forge"],
            readiness: readiness,
            liveness: liveness,
            memory: memory,
            account: "forge-\(role)",
            fingerprint: Fingerprint.of(try settingsText + (installation.certificates ?? ""))
        )
    }

    /// What a role gets that works on Redis and the registry.
    private func withState(_ pod: PodShape) -> PodShape {
        var pod = pod
        pod.secrets["forge-redis"] = "/etc/forge/secrets/redis"
        if installation.hasRegistryCredentials { pod.secrets["forge-registry"] = "/etc/forge/secrets/registry" }
        return pod
    }

    /// The builder, run and tools images come into the installed registry from where the platform's own image is.
    private var copyImages: [String] {
        [
            "/usr/bin/forged", "platform", "images", "--from", installation.image.registry, "--registry",
            installation.registryAddresses.push, "--insecure",
        ]
    }

    private var registryVariables: [String: JSONValue] {
        ["CNB_REGISTRY_AUTH": ["secretKeyRef": ["name": "forge-registry", "key": "auth.json"]]]
    }

    /// A port of a node is taken by one pod at a time: the old one has to go first.
    private func deployment(_ pod: PodShape) -> PlatformObject {
        let rollout: JSONValue =
            pod.hostPort == nil ? ["maxSurge": 1, "maxUnavailable": 0] : ["maxSurge": 0, "maxUnavailable": 1]
        return system(
            "apps/v1",
            "Deployment",
            pod.part,
            [
                "spec": [
                    "replicas": .int(installation.replicas),
                    "revisionHistoryLimit": 2,
                    "selector": selector(pod.part),
                    "strategy": ["type": "RollingUpdate", "rollingUpdate": rollout],
                    "template": pod.template(labels: labels(pod.part)),
                ]
            ]
        )
    }

    private var ingressClass: PlatformObject {
        PlatformObject(
            "networking.k8s.io/v1",
            "IngressClass",
            installation.ingressClass,
            in: nil,
            labels: labels(),
            ["spec": ["controller": "paas.forge/router"]]
        )
    }
}
