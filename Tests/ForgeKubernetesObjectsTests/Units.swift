// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetesObjects
import ForgeModel
import ForgeTesting

/// Units and a dialect that tests share.
enum Units {
    static func naming(_ change: (inout KubernetesNaming) -> Void = { _ in }) throws -> KubernetesNaming {
        var naming = try KubernetesNaming(instance: "test")
        change(&naming)
        return naming
    }

    static func dialect(_ change: (inout KubernetesNaming) -> Void = { _ in }) throws -> KubernetesDialect {
        KubernetesDialect(try naming(change), versions: .current)
    }

    static func workload(
        _ process: ProcessType = .web,
        image: Output<ImageReference> = .known(Sample.image("apps/shop", "a")),
        command: ProcessCommand = .image,
        env: [String: String] = ["LOG_LEVEL": "info", "PORT": "8080"],
        instances: Int = 2,
        port: Int? = 8080,
        healthcheck: Healthcheck = .http(path: "/healthz", grace: TimeSpan(seconds: 60))
    ) -> Workload {
        Workload(
            app: Sample.app,
            process: process,
            image: image,
            command: command,
            env: env,
            instances: instances,
            resources: Resources(cpu: CPU(millicores: 1000), memory: Memory(bytes: 256 << 20)),
            port: port,
            healthcheck: healthcheck,
            stopTimeout: TimeSpan(seconds: 30)
        )
    }

    static func phase(
        _ name: String,
        network: TaskPhase.Network = .egress,
        mounts: [TaskPhase.Mount] = [TaskPhase.Mount(.scratch("workspace"), at: "/workspace")],
        needsRegistryCredentials: Bool = false
    ) -> TaskPhase {
        TaskPhase(
            name: name,
            image: Sample.platform.builder,
            command: ["/cnb/lifecycle/\(name)", "-app=$(pwd)"],
            env: ["CNB_PLATFORM_API": "0.14"],
            network: network,
            mounts: mounts,
            user: "1001:1000",
            needsRegistryCredentials: needsRegistryCredentials
        )
    }

    static func build() -> ClusterTask {
        let cache = TaskPhase.Mount(.cache, at: "/cache")
        let certificates = TaskPhase.Mount(.certificates, at: "/etc/forge/certificates.pem")
        let workspace = TaskPhase.Mount(.scratch("workspace"), at: "/workspace")
        return ClusterTask(
            name: "build-7-0123456789",
            app: Sample.app,
            kind: .build,
            generation: Generation(number: 7),
            phases: [
                phase("detect", mounts: [workspace, certificates]),
                phase("export", network: .registry, mounts: [workspace, cache], needsRegistryCredentials: true),
            ],
            timeout: TimeSpan(seconds: 1800),
            cacheVolume: "cache-shop"
        )
    }
}
