// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import Foundation
import Testing

@testable import ForgeRegistry

@Suite struct RegistryNamesTests {
    @Test(arguments: [
        ("localhost:5000", "http"), ("127.0.0.1:5000", "http"), ("[::1]:5000", "http"), ("10.88.0.1:5000", "http"),
        ("172.16.0.1", "http"), ("172.32.0.1", "https"), ("192.168.1.2", "http"), ("192.169.1.2", "https"),
        ("registry.local:5000", "http"), ("registry.example.com", "https"), ("10.example.com", "https"),
        ("127.example.com", "https"), ("plain.example.com:80", "http"), ("localhost.example.com", "https"),
    ]) func schemes(host: String, scheme: String) {
        let endpoint = RegistryEndpoint(host, insecure: ["plain.example.com:80"])
        #expect(endpoint.scheme.rawValue == scheme)
        #expect(endpoint.owns("\(scheme)://\(host)/v2/"))
        #expect(!endpoint.owns("\(scheme)://\(host).evil.example/v2/"))
    }

    @Test func dockerHubHasAnotherHost() {
        #expect(RegistryEndpoint("docker.io").origin == "https://registry-1.docker.io")
    }

    @Test func repositoriesAndTags() {
        for name in ["shop", "a/b/c", "a-b", "a--b", "a_b", "a__b", "a.b", "0"] {
            #expect(RegistryName.isRepository(name), "\(name)")
        }
        for name in [
            "", "/", "a/", "/a", "a//b", "..", "a/../b", "A", "a___b", "a..b", "-a", "a-", "a?b", "a%2fb", "é",
        ]
            + [String(repeating: "a", count: 256)]
        {
            #expect(!RegistryName.isRepository(name), "\(name)")
        }
        for tag in ["latest", "V1.2-x_y", "_a", "0"] { #expect(RegistryName.isTag(tag), "\(tag)") }
        for tag in ["", ".a", "-a", "a/b", "a:b", "a b", String(repeating: "a", count: 129)] {
            #expect(!RegistryName.isTag(tag), "\(tag)")
        }
    }

    @Test func challenges() {
        #expect(AuthChallenge("Basic realm=\"x\"") == .basic)
        #expect(AuthChallenge("bearer realm=\"https://a/t\"") == .bearer(realm: "https://a/t", service: nil))
        #expect(
            AuthChallenge(#"Bearer realm="https://a/t?x=1,2", service=reg , scope="repository:a:pull,push""#)
                == .bearer(realm: "https://a/t?x=1,2", service: "reg")
        )
        #expect(AuthChallenge(#"Bearer realm="a\"b",service="open"#) == .bearer(realm: "a\"b", service: "open"))
        #expect(AuthChallenge("Bearer service=\"x\"") == nil)
        #expect(AuthChallenge("Negotiate") == nil)
    }

    @Test func credentialsShowNoSecret() {
        for credentials in [
            RegistryCredentials(username: "me", password: "secret"), .bearer("secret"), .identity("secret"),
        ] {
            var dumped = ""
            dump(credentials, to: &dumped)
            #expect(!"\(credentials) \(String(reflecting: credentials)) \(dumped)".contains("secret"))
            #expect(RegistryCredentials(headerValue: credentials.headerValue) == credentials)
        }
        #expect(RegistryCredentials(headerValue: "Basic !!") == nil)
        #expect(RegistryCredentials(headerValue: "Digest x") == nil)
    }

    @Test func keychainReadsItsSourcesInOrder() throws {
        let folder = NSTemporaryDirectory() + "/forge-keychain-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let config = """
            {"auths": {"https://index.docker.io/v1/": {"auth": "aHViOnB3"}, "localhost:5000": {"auth": "ZmlsZTpwdw=="},
             "b.example.com": {"username": "u", "password": "p"}, "c.example.com": {"identitytoken": "t"},
             "d.example.com": {}}, "credsStore": "desktop"}
            """
        try config.write(toFile: folder + "/config.json", atomically: true, encoding: .utf8)
        let auth = #"{"localhost:5000": "Basic ZW52OnB3", "e.example.com": "Bearer abc"}"#
        let keychain = try Keychain(environment: ["DOCKER_CONFIG": folder, "CNB_REGISTRY_AUTH": auth])
        #expect(keychain.credentials(for: "localhost:5000") == RegistryCredentials(username: "env", password: "pw"))
        #expect(keychain.credentials(for: "docker.io") == RegistryCredentials(username: "hub", password: "pw"))
        #expect(keychain.credentials(for: "b.example.com") == RegistryCredentials(username: "u", password: "p"))
        #expect(keychain.credentials(for: "c.example.com") == .identity("t"))
        #expect(keychain.credentials(for: "d.example.com") == nil)
        #expect(keychain.credentials(for: "e.example.com") == .bearer("abc"))
        #expect(keychain.credentials(for: "index.docker.io") == RegistryCredentials(username: "hub", password: "pw"))
        #expect(try Keychain(environment: ["HOME": folder]).credentials(for: "docker.io") == nil)
        for broken in ["{", #"{"a": 1}"#, #"{"a": "Digest secret"}"#] {
            #expect {
                try Keychain(environment: ["CNB_REGISTRY_AUTH": broken])
            } throws: { error in
                (error as? RegistryError)?.code == .invalidConfiguration && !"\(error)".contains("secret")
            }
        }
    }
}
