// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import Foundation
import Testing

/// A real docker-registry on a free loopback port that asks for the password `hunter2` of the user `forge`.
final class RegistryService {
    let host: String
    private let process = Process()
    private let folder: String

    init(folder: String) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let port = try Self.freePort()
        host = "127.0.0.1:\(port)"
        // bcrypt of hunter2.
        let users = "forge:$2b$05$abcdefghijklmnopqrstuuoXuKqgZXLiJqzfmMXDDhSFPIvxV7t8.\n"
        try users.write(toFile: "\(folder)/users", atomically: true, encoding: .utf8)
        let configuration = """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: "\(folder)/data"}}
            http: {addr: "\(host)"}
            auth: {htpasswd: {realm: test, path: "\(folder)/users"}}
            """
        try configuration.write(toFile: "\(folder)/registry.yml", atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/docker-registry")
        process.arguments = ["serve", "\(folder)/registry.yml"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let transport = HTTPTransport()
        defer { transport.close() }
        try await eventually(within: .seconds(30), "the registry answers") {
            (try? await transport.perform(HTTPRequest(url: "http://\(host)/v2/")))?.status == 401
        }
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: Int? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, size) == 0 && getsockname(socket, generic, &size) == 0
            }
                ? Int(UInt16(bigEndian: pointer.pointee.sin_port)) : nil
        }
        return try #require(port)
    }
}
