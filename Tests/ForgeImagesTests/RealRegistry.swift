// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeRegistry
import Foundation
import Glibc

@testable import ForgeImages

/// A real registry on loopback, without users, in a folder that is removed with it.
final class RealRegistry: Sendable {
    let client: RegistryClient
    let images: RegistryImages
    private let process: Process
    private let folder: URL

    /// Starts one on a free port and waits until it answers.
    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "forge-images-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try Self.freePort()
        let config = folder.appending(path: "config.yml")
        try """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: "\(folder.path)/data"}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:\(port)", secret: test}

        """.write(to: config, atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/docker-registry")
        process.arguments = ["serve", config.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        client = RegistryClient(
            endpoint: RegistryEndpoint("127.0.0.1:\(port)", insecure: [String]()),
            credentials: nil,
            transport: HTTPTransport()
        )
        images = RegistryImages(
            registry: client,
            settings: .init(baseDomain: try Host("localhost"), routerPort: 8080)
        )
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? await client.ping()) == nil {
            guard ContinuousClock.now < deadline else { throw NoAnswer() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    deinit { stop() }

    /// Ends it; the folder goes with it.
    func stop() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    struct NoAnswer: Error {}

    private static func freePort() throws -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(file, generic, length)
                _ = getsockname(file, generic, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
