// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What podman is asked to create: its `SpecGenerator`, in the fields that are used here, hardened.
///
/// Every container gets the same walls: never root, no capability, no new privileges, podman's default seccomp filter,
/// its own namespaces, bounds on memory (swap included), processor time and processes.
struct ContainerSpec: Encodable, Sendable {
    /// A named volume.
    struct Volume: Encodable, Sendable {
        let name: String
        let path: String

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case path = "Dest"
            case options = "Options"
        }

        /// `nocopy`: a volume starts empty and not with what the image has at its place.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(path, forKey: .path)
            try container.encode(["nocopy", "nosuid", "nodev"], forKey: .options)
        }
    }

    /// A file of the host, read-only.
    struct BoundFile: Encodable, Sendable {
        let source: String
        let destination: String
        private let type = "bind"
        private let options = ["ro", "bind", "nosuid", "nodev", "noexec"]

        init(source: String, destination: String) {
            self.source = source
            self.destination = destination
        }
    }

    /// What the container is connected to.
    enum Network: Sendable {
        case bridge(name: String, aliases: [String])
        case host
    }

    let name: String
    let image: ImageReference
    let entrypoint: [String]
    let command: [String]
    let env: [String: String]
    let labels: [String: String]
    /// `uid:gid`.
    let user: String
    let network: Network
    let resources: Resources
    let limits: ContainerLimits
    let logBytes: Int
    var hostname: String?
    /// Seconds between SIGTERM and SIGKILL.
    var stopTimeout = 10
    /// How often podman itself starts it again at once after it failed.
    var quickRestarts = 0
    var volumes: [Volume] = []
    var files: [BoundFile] = []
    /// Environment variables whose values are podman secrets, by the secrets' names.
    var secrets: [String: String] = [:]

    private enum CodingKeys: String, CodingKey {
        case name, image, entrypoint, command, env, labels, user, hostname, netns, networks, volumes, mounts
        case hasInit = "init"
        case stopTimeout = "stop_timeout"
        case restartPolicy = "restart_policy"
        case restartTries = "restart_tries"
        case secrets = "secret_env"
        case droppedCapabilities = "cap_drop"
        case forbidsNewPrivileges = "no_new_privileges"
        case log = "log_configuration"
        case resources = "resource_limits"
        case processLimits = "r_limits"
        case passesProxy = "httpproxy"
        case imageVolumes = "image_volume_mode"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(image.description, forKey: .image)
        try container.encode(entrypoint, forKey: .entrypoint)
        try container.encode(command, forKey: .command)
        try container.encode(env, forKey: .env)
        try container.encode(labels, forKey: .labels)
        try container.encode(user, forKey: .user)
        try container.encodeIfPresent(hostname, forKey: .hostname)
        try container.encode(stopTimeout, forKey: .stopTimeout)
        try container.encode(quickRestarts > 0 ? "on-failure" : "no", forKey: .restartPolicy)
        if quickRestarts > 0 { try container.encode(quickRestarts, forKey: .restartTries) }
        try container.encode(volumes, forKey: .volumes)
        try container.encode(files, forKey: .mounts)
        if !secrets.isEmpty { try container.encode(secrets, forKey: .secrets) }
        try encodeNetwork(to: &container)
        try encodeWalls(to: &container)
        // The host's proxy variables are no part of an app's configuration, and podman would add them.
        try container.encode(false, forKey: .passesProxy)
        try container.encode("ignore", forKey: .imageVolumes)
        try container.encode(LogConfiguration(size: logBytes), forKey: .log)
    }

    private func encodeNetwork(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        switch network {
        case .host: try container.encode(["nsmode": "host"], forKey: .netns)
        case .bridge(let name, let aliases):
            try container.encode(["nsmode": "bridge"], forKey: .netns)
            try container.encode([name: ["aliases": aliases]], forKey: .networks)
        }
    }

    private func encodeWalls(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(["ALL"], forKey: .droppedCapabilities)
        try container.encode(true, forKey: .forbidsNewPrivileges)
        // A first process that hands on signals and collects orphans: one without handlers would ignore SIGTERM.
        try container.encode(true, forKey: .hasInit)
        try container.encode(
            [
                // 4.3 fails with the prefix RLIMIT_.
                ProcessLimit(type: "NOFILE", soft: limits.openFiles, hard: limits.openFiles),
                ProcessLimit(type: "NPROC", soft: limits.userProcesses, hard: limits.userProcesses),
            ],
            forKey: .processLimits
        )
        try container.encode(
            Bounds(
                memory: Bounds.Memory(limit: resources.memory.bytes, swap: resources.memory.bytes),
                cpu: Bounds.Processor(quota: max(resources.cpu.millicores * 100, 1000), period: 100_000),
                pids: Bounds.Processes(limit: limits.processes)
            ),
            forKey: .resources
        )
    }
}

private struct LogConfiguration: Encodable {
    let driver = "k8s-file"
    let size: Int
}

private struct ProcessLimit: Encodable {
    let type: String
    let soft: UInt64
    let hard: UInt64
}

/// OCI runtime-spec, config-linux §control-groups.
private struct Bounds: Encodable {
    struct Memory: Encodable {
        let limit: Int
        /// Memory and swap together: equal to `limit` there is no swap.
        let swap: Int
    }

    struct Processor: Encodable {
        /// Microseconds of each period; the kernel refuses less than 1000.
        let quota: Int
        let period: Int
    }

    struct Processes: Encodable {
        let limit: Int
    }

    let memory: Memory
    let cpu: Processor
    let pids: Processes
}
