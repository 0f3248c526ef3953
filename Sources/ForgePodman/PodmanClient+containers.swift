// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

/// One container of a list.
struct ContainerSummary: Decodable, Sendable {
    let id: String
    let state: String
    private let ownLabels: [String: String]?
    /// Seconds since 1970.
    let startedAt: Int64

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case state = "State"
        case ownLabels = "Labels"
        case startedAt = "StartedAt"
    }

    var labels: [String: String] { ownLabels ?? [:] }
}

/// What podman knows of one container.
struct ContainerDetails: Decodable, Sendable {
    /// How it is now.
    struct State: Decodable, Sendable {
        let status: String
        let exitCode: Int
        let startedAt: Moment
        let finishedAt: Moment

        private enum CodingKeys: String, CodingKey {
            case status = "Status"
            case exitCode = "ExitCode"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
        }
    }

    private struct Configuration: Decodable, Sendable {
        let labels: [String: String]?
        let stopTimeout: Int?

        private enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case stopTimeout = "StopTimeout"
        }
    }

    private struct Host: Decodable, Sendable {
        let log: Log

        private enum CodingKeys: String, CodingKey { case log = "LogConfig" }
    }

    private struct Log: Decodable, Sendable {
        let path: String

        private enum CodingKeys: String, CodingKey { case path = "Path" }
    }

    private struct Networking: Decodable, Sendable {
        let networks: [String: Address]?

        private enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    private struct Address: Decodable, Sendable {
        let address: String

        private enum CodingKeys: String, CodingKey { case address = "IPAddress" }
    }

    let id: String
    let created: Moment
    let state: State
    /// How often podman started it again since it was last started by a call.
    let restarts: Int
    private let configuration: Configuration
    private let host: Host
    private let networking: Networking

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case created = "Created"
        case state = "State"
        case restarts = "RestartCount"
        case configuration = "Config"
        case host = "HostConfig"
        case networking = "NetworkSettings"
    }

    var labels: [String: String] { configuration.labels ?? [:] }
    /// Seconds.
    var stopTimeout: Int { configuration.stopTimeout ?? 10 }
    var logPath: String { host.log.path }
    /// The address on its only network; nil unless it runs.
    var address: String? { networking.networks?.values.map(\.address).first { !$0.isEmpty } }
}

extension PodmanClient {
    /// Every container with these labels, stopped ones included.
    func containers(_ labels: [(String, String)]) async throws -> [ContainerSummary] {
        let answer = try await send("GET", "/containers/json", query: [("all", "true"), try Self.filter(labels)])
        return try answer.decoded([ContainerSummary].self).filter { container in
            labels.allSatisfy { container.labels[$0] == $1 }
        }
    }

    /// All of one container; nil when it is gone.
    func container(_ id: String) async throws -> ContainerDetails? {
        let answer = try await send("GET", "/containers/\(id)/json", accepting: [404, 500])
        if answer.isAboutNothing { return nil }
        guard answer.status < 400 else { throw answer.error }
        return try answer.decoded(ContainerDetails.self)
    }

    /// Everything of every container with these labels; containers that go meanwhile are left out.
    func details(_ labels: [(String, String)]) async throws -> [ContainerDetails] {
        var all: [ContainerDetails] = []
        for summary in try await containers(labels) {
            if let details = try await container(summary.id) { all.append(details) }
        }
        return all
    }

    /// Creates a container; does nothing when its name is taken, for then it is there already.
    func create(_ spec: ContainerSpec) async throws {
        let answer = try await post("/containers/create", json: spec, accepting: [409, 500])
        guard answer.status >= 400, answer.cause != "that name is already in use" else { return }
        throw answer.error
    }

    /// How a call to start a container ended.
    enum Start: Sendable {
        case started
        /// It ran already.
        case runs
        /// Its program cannot be run, in podman's words: the image's fault, not podman's.
        case fault(String)
    }

    /// Starts a container.
    func start(_ name: String) async throws -> Start {
        let answer = try await send("POST", "/containers/\(name)/start", accepting: [500])
        guard answer.status >= 400 else { return answer.status == 304 ? .runs : .started }
        guard answer.cause.hasPrefix("OCI") else { throw answer.error }
        return .fault(answer.message)
    }

    /// Asks a container to stop, and kills it after that many seconds; returns when it has stopped or is gone.
    func stop(_ id: String, seconds: Int) async throws {
        let answer = try await send(
            "POST",
            "/containers/\(id)/stop",
            query: [("timeout", "\(seconds)")],
            accepting: [404, 500],
            idle: .seconds(seconds + 60)
        )
        // A container that was created and never started cannot be stopped, and does not have to be.
        guard answer.status < 400 || answer.isAboutNothing || answer.cause.contains("container state improper") else {
            throw answer.error
        }
    }

    /// Kills a container; does nothing when it does not run.
    func kill(_ id: String) async throws {
        _ = try await send("POST", "/containers/\(id)/kill", query: [("signal", "KILL")], accepting: [404, 409, 500])
    }

    /// Removes a container, killing it if it runs; does nothing when it is gone.
    func remove(_ id: String) async throws {
        let answer = try await send(
            "DELETE",
            "/containers/\(id)",
            query: [("force", "true"), ("timeout", "0")],
            accepting: [404, 500]
        )
        guard answer.status < 400 || answer.isAboutNothing else { throw answer.error }
    }
}
