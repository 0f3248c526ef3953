// SPDX-License-Identifier: Apache-2.0

import ForgeClusterTesting
import ForgeHTTP
import ForgeModel
import ForgeTesting
import Foundation
import Testing

@testable import ForgePodman

/// A podman service of a test's own, with all its state in one temporary folder, and a small image in it.
///
/// `end` removes every container and network, ends the service and deletes the folder.
final class PodmanService: Sendable {
    let folder: String
    /// Label value and name prefix of what the test makes.
    let instance: String
    /// An image with a shell, a web server as `/cnb/process/web`, and `/cnb/lifecycle/launcher`.
    let image: ImageReference
    private let process: ServiceProcess
    private let transport = HTTPTransport()

    var socket: String { "\(folder)/podman.sock" }

    init() async throws {
        instance = "t" + String(UInt32.random(in: .min ... .max), radix: 36)
        folder = "/tmp/forge-podman-\(instance)"
        for name in ["storage", "run", "networks", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Self.configuration(folder).write(toFile: "\(folder)/containers.conf", atomically: true, encoding: .utf8)
        process = ServiceProcess(folder: folder)
        try process.start()
        image = try await Self.importImage(folder, transport)
    }

    /// Runs a test with a service, and leaves nothing.
    static func with(_ body: (PodmanService) async throws -> Void) async throws {
        let service = try await PodmanService()
        do {
            try await body(service)
        } catch {
            try? await service.end()
            throw error
        }
        try await service.end()
    }

    /// Kills the service as a crash would.
    func kill() { process.kill() }

    /// Starts it again on the same folder.
    func restart() async throws {
        try process.start()
        try await Self.waitUntilItAnswers(socket, transport)
    }

    private func end() async throws {
        let containers = try await json("GET", "/containers/json?all=true") as? [[String: Any]] ?? []
        for container in containers {
            guard let id = container["Id"] as? String else { continue }
            _ = try await call("DELETE", "/containers/\(id)?force=true&timeout=0")
        }
        let networks = try await json("GET", "/networks/json") as? [[String: Any]] ?? []
        for case let name as String in networks.map({ $0["name"] }) where name != "podman" {
            _ = try await call("DELETE", "/networks/\(name)?force=true")
        }
        transport.close()
        process.stop()
        try await NetworkIsolation(instance: instance).remove()
        // podman keeps its storage mounted on itself.
        umount2("\(folder)/storage/overlay", Int32(MNT_DETACH))
        try FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Talking

    /// Calls the API, for what a test has to see or do behind the adapter's back.
    @discardableResult
    func call(
        _ method: String,
        _ path: String,
        type: String? = nil,
        body: [UInt8]? = nil
    ) async throws -> (status: Int, body: [UInt8]) {
        try await Self.call(socket, transport, method, path, type: type, body: body)
    }

    /// Calls the API and reads the answer.
    func json(_ method: String, _ path: String) async throws -> Any {
        try JSONSerialization.jsonObject(with: Data(try await call(method, path).body), options: .fragmentsAllowed)
    }

    /// The names and states of all containers, sorted.
    func containers() async throws -> [(name: String, state: String)] {
        let list = try await json("GET", "/containers/json?all=true") as? [[String: Any]] ?? []
        return list.compactMap { item in
            guard let names = item["Names"] as? [String], let state = item["State"] as? String else { return nil }
            return (names.first ?? "", state)
        }
        .sorted { $0.0 < $1.0 }
    }

    /// Pushes the test image to a registry of the test and removes it here, so that it has to be pulled.
    func push(_ repository: String, to host: String) async throws -> ImageReference {
        let auth = Data(#"{"username":"forge","password":"hunter2"}"#.utf8).base64EncodedString()
        let destination = "\(host)/\(repository):1"
        let pushed = try await transport.perform(
            HTTPRequest(
                method: "POST",
                url:
                    "http://podman/v4.0.0/libpod/images/localhost/test:1/push?destination=\(destination)&tlsVerify=false",
                headers: ["X-Registry-Auth": auth],
                unixSocket: socket
            )
        )
        let body = String(decoding: try await pushed.body.collect(limit: 1 << 20), as: UTF8.self)
        try #require(pushed.status == 200 && !body.contains("error"), "\(body)")
        let basic = Data("forge:hunter2".utf8).base64EncodedString()
        let manifest = try await transport.perform(
            HTTPRequest(
                url: "http://\(host)/v2/\(repository)/manifests/1",
                headers: [
                    "Authorization": "Basic \(basic)", "Accept": "application/vnd.oci.image.manifest.v1+json",
                ]
            )
        )
        _ = try await manifest.body.collect(limit: 1 << 20)
        try await call("DELETE", "/images/localhost/test:1?force=true")
        let digest = try #require(manifest.headers["Docker-Content-Digest"])
        return ImageReference(registry: host, repository: repository, digest: try Digest(digest))
    }

    private static func call(
        _ socket: String,
        _ transport: HTTPTransport,
        _ method: String,
        _ path: String,
        type: String? = nil,
        body: [UInt8]? = nil
    ) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPRequest(
            method: method,
            url: "http://podman/v4.0.0/libpod" + path,
            body: body.map { .bytes($0) } ?? .none,
            unixSocket: socket
        )
        if let type { request.headers["Content-Type"] = type }
        let response = try await transport.perform(request)
        return (response.status, try await response.body.collect(limit: 64 << 20))
    }

    private static func waitUntilItAnswers(_ socket: String, _ transport: HTTPTransport) async throws {
        try await eventually("podman answers") {
            (try? await call(socket, transport, "GET", "/_ping").status) == 200
        }
    }

    // MARK: Making

    private static func configuration(_ folder: String) -> String {
        """
        [network]
        network_backend = "netavark"
        network_config_dir = "\(folder)/networks"
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        events_logfile_path = "\(folder)/events.log"
        lock_type = "file"
        static_dir = "\(folder)/libpod"
        tmp_dir = "\(folder)/run/libpod"
        volume_path = "\(folder)/volumes"
        image_copy_tmp_dir = "\(folder)/tmp"
        """
    }

    private static func importImage(_ folder: String, _ transport: HTTPTransport) async throws -> ImageReference {
        let socket = "\(folder)/podman.sock"
        try await waitUntilItAnswers(socket, transport)
        let changes = "changes=WORKDIR%20/workspace&changes=USER%201002:1000"
        let tar = try TestRoot.tar(in: "\(folder)/root")
        let imported = try await call(
            socket,
            transport,
            "POST",
            "/images/import?reference=localhost/test:1&\(changes)",
            type: "application/x-tar",
            body: tar
        )
        try #require(imported.status == 200, "\(String(decoding: imported.body, as: UTF8.self))")
        let list = try await call(socket, transport, "GET", "/images/json").body
        let images = try JSONSerialization.jsonObject(with: Data(list)) as? [[String: Any]]
        let digest = try #require(images?.first?["Digest"] as? String)
        return ImageReference(registry: "localhost", repository: "test", digest: try Digest(digest))
    }
}
