// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ForgeHTTP

/// Against `openssl s_server`, which demands a client certificate.
@Suite struct HTTPTLSTests {
    /// A self-signed certificate for 127.0.0.1 and stub.internal, and its key, in `folder`.
    private static func makeCertificate(in folder: String) throws {
        let openssl = try ChildProcess(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-days", "2", "-subj", "/CN=stub", "-addext", "subjectAltName=IP:127.0.0.1,DNS:stub.internal"]
                + ["-keyout", "\(folder)/key.pem", "-out", "\(folder)/cert.pem"]
        )
        while openssl.readOutput() != nil {}
    }

    @Test func certificates() async throws {
        let folder = NSTemporaryDirectory() + "/forge-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.makeCertificate(in: folder)
        let certificate = "\(folder)/cert.pem"
        let server = try ChildProcess(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-Verify", "1", "-verify_return_error"]
                + ["-cert", certificate, "-key", "\(folder)/key.pem", "-CAfile", certificate]
        )
        var output = ""
        while output.firstMatch(of: /ACCEPT \S+:(\d+)\n/) == nil { output += try #require(server.readOutput()) }
        let port = try #require(output.firstMatch(of: /ACCEPT \S+:(\d+)\n/)).output.1
        let transport = HTTPTransport()
        func status(_ tls: TLSSettings) async throws -> Int {
            try await transport.perform(HTTPRequest(url: "https://127.0.0.1:\(port)/", tls: tls)).status
        }
        let bytes = try TLSSettings.PEM.bytes([UInt8](Data(contentsOf: URL(fileURLWithPath: certificate))))
        let file = TLSSettings.PEM.file(certificate)
        let key = TLSSettings.PEM.file("\(folder)/key.pem")
        for accepted in [
            TLSSettings(authority: bytes, clientCertificate: bytes, key: key),
            TLSSettings(authority: file, clientCertificate: file, key: key),
            TLSSettings(clientCertificate: file, key: key, verify: false),
            TLSSettings(authority: file, clientCertificate: file, key: key, serverName: "stub.internal"),
        ] {
            #expect(try await status(accepted) == 200)
        }
        for refused in [
            TLSSettings(clientCertificate: file, key: key), TLSSettings(authority: .file("\(folder)/missing.pem")),
            TLSSettings(authority: file, clientCertificate: file, key: key, serverName: "other.internal"),
        ] {
            await #expect { _ = try await status(refused) } throws: { ($0 as? HTTPError)?.code == .tls }
        }
        // With TLS 1.3 the server's refusal comes after the handshake, as an alert instead of a response.
        await #expect(throws: HTTPError.self) { _ = try await status(TLSSettings(authority: file)) }
        withExtendedLifetime(server) {}
    }
}
