// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import Foundation
import Testing

@testable import ForgePlatform

/// What `forge platform install` prints, as files beside this one. With FORGE_UPDATE_GOLDENS they are written anew.
@Suite struct PlatformObjectsTests {
    private static func installation(_ registry: PlatformInstallation.Registry) throws -> PlatformInstallation {
        let image = ImageReference(
            registry: "registry.example:5000",
            repository: "platform/forge",
            digest: try Digest("sha256:" + String(repeating: "ab", count: 32))
        )
        return PlatformInstallation(image: image, registry: registry, baseDomain: try Host("apps.example"))
    }

    private func check(_ name: String, _ installation: PlatformInstallation) throws {
        let text = ManifestText.stream(try PlatformObjects(installation).all)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name).yaml")
        if ProcessInfo.processInfo.environment["FORGE_UPDATE_GOLDENS"] != nil {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func `an installation with a registry that is there prints the same objects in the same order`() throws {
        var installation = try Self.installation(
            .external(host: "registry.example:5000", isInsecure: false, hasCredentials: false)
        )
        installation.storage = .ephemeral
        try check("external-registry", installation)
    }

    @Test func `an installation with its own registry, on ports of nodes, beside another platform`() throws {
        var installation = try Self.installation(.own(nodePort: 5000))
        installation.instance = "two"
        installation.routerPort = 80
        installation.storage = .claims(storageClass: "fast")
        installation.replicas = 2
        try check("own-registry", installation)
    }

    @Test func `with the class of another controller, no router of ours runs`() throws {
        var installation = try Self.installation(.own(nodePort: 5000))
        installation.ingressClass = "traefik"
        let titles = try PlatformObjects(installation).all.map(\.title)
        #expect(!titles.contains { $0.contains("router") || $0.hasPrefix("IngressClass") })
    }

    @Test func `no secret is among what is printed, and every one that pods mount is made`() throws {
        let installation = try Self.installation(.own(nodePort: 5000))
        let objects = try PlatformObjects(installation).all
        #expect(!objects.contains { $0.kind == "Secret" })
        let text = ManifestText.stream(objects)
        let mounted = text.split(separator: "\n").compactMap { line in
            line.firstRange(of: "secretName: ").map { String(line[$0.upperBound...]) }
        }
        #expect(Set(mounted) == Set(PlatformSecret.all(installation).map(\.name)))
    }

    @Test func `every pod runs without root, without capabilities and within limits`() throws {
        let objects = try PlatformObjects(Self.installation(.own(nodePort: 5000))).all
        for object in objects {
            guard let pod = object.body["spec", "template", "spec"] else { continue }
            #expect(pod["securityContext", "runAsNonRoot"] == true, "\(object.title)")
            #expect(pod["securityContext", "seccompProfile", "type"] == "RuntimeDefault")
            for container in (pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? []) {
                #expect(container["securityContext", "capabilities", "drop"] == ["ALL"])
                #expect(container["securityContext", "allowPrivilegeEscalation"] == false)
                #expect(container["resources", "limits", "memory"] != nil)
            }
        }
    }

    @Test func `secrets hold what the parts that share them need`() throws {
        let installation = try Self.installation(.own(nodePort: 5000))
        var number = 0
        let secrets = Dictionary(
            uniqueKeysWithValues: PlatformSecret.all(installation).map { secret in
                let content = secret.content(
                    random: {
                        number += 1
                        return "r\(number)"
                    },
                    registryAuth: nil
                )
                #expect(content.keys.sorted() == secret.keys)
                return (secret.name, content)
            }
        )
        #expect(secrets["forge-admin"] == ["token": "forge_r1"])
        #expect(secrets["forge-redis"] == ["password": "r2", "auth.conf": "requirepass r2\n"])
        let pair = Data("forge:r3".utf8).base64EncodedString()
        #expect(
            secrets["forge-registry"]
                == [
                    "password": "r3", "auth.json": "{\"forge-registry.forge-system:5000\":\"Basic \(pair)\"}",
                    "proxy.conf": "proxy_set_header Authorization \"Basic \(pair)\";\n",
                ]
        )
    }
}

/// YAML that kubectl reads as the objects that were meant.
@Suite struct ManifestTextTests {
    @Test(arguments: [
        ("yes", "\"yes\""), ("1Gi", "\"1Gi\""), ("0644", "\"0644\""), ("web", "web"), ("/bin/sh", "/bin/sh"),
        ("a: b", "\"a: b\""), ("a:", "\"a:\""), ("- x", "\"- x\""), ("", "\"\""), ("null", "\"null\""),
        ("say \"hi\"\\", "\"say \\\"hi\\\"\\\\\""), ("line\tend", "\"line\\tend\""), ("~", "\"~\""),
        ("registry.example:5000/a@sha256:00", "registry.example:5000/a@sha256:00"),
    ])
    func `texts are quoted where they could be read as something else`(text: String, written: String) {
        #expect(ManifestText.document(["a": .string(text)]) == "a: \(written)\n")
    }

    @Test func `what an object is comes first, lists and blocks are nested, empty ones stay`() {
        let value: JSONValue = [
            "spec": ["b": [["x": 1, "name": "n"], "s", ["t", "u"]], "a": [:], "c": []],
            "kind": "K", "apiVersion": "v1", "data": ["f": "one\n\n  two\n"],
        ]
        let expected = """
            apiVersion: v1
            kind: K
            data:
              f: |
                one

                  two
            spec:
              a: {}
              b:
                - name: "n"
                  x: 1
                - s
                - - t
                  - u
              c: []

            """
        #expect(ManifestText.document(value) == expected)
    }
}
