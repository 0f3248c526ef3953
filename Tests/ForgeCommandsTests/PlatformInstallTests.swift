// SPDX-License-Identifier: Apache-2.0

import Testing

/// `forge platform` without a cluster: what is printed, and what is refused.
@Suite struct PlatformInstallTests {
    private static let image = "registry.example:5000/platform/forge@sha256:" + String(repeating: "0a", count: 32)

    @Test func `install prints what would be applied, with no secret's content, and calls nobody`() async throws {
        let fixture = try CommandLineFixture()
        defer { fixture.remove() }
        let run = await fixture.run("platform", "install", "--image", Self.image)
        #expect(run.status == 0)
        #expect(run.error == "")
        #expect(run.output.contains("#   Secret forge-redis (auth.conf, password) in forge-system"))
        #expect(run.output.contains("\n# Deployment forge-system/forge-reconciler\napiVersion: apps/v1\n"))
        #expect(run.output.contains(Self.image))
        #expect(!run.output.contains("requirepass"))
        #expect(await fixture.run("platform", "install", "--image", Self.image).output == run.output)
    }

    @Test func `install says that nothing outlives a pod without storage`() async throws {
        let fixture = try CommandLineFixture()
        defer { fixture.remove() }
        let run = await fixture.run("platform", "install", "--image", Self.image, "--storage-class", "none")
        #expect(run.error.hasPrefix("warning: there is no storage class"))
        #expect(!run.output.contains("volumeClaimTemplates"))
    }

    @Test(arguments: [
        ["--registry-node-port", "5000"], ["--image", "forge:latest"], ["--image", "x", "--instance", "Two"],
        ["--image", "x", "--namespace", "-a"], ["--image", "x", "--apps-namespace", "forge-system"],
        ["--image", "x", "--api-port", "80"], ["--image", "x", "--build-env", "A"],
    ])
    func `a flag that cannot be used is refused`(flags: [String]) async throws {
        let fixture = try CommandLineFixture()
        defer { fixture.remove() }
        #expect(await fixture.run(["platform", "install"] + flags).status == 64)
    }

    @Test func `uninstall asks for the namespace's name, and does nothing without it`() async throws {
        var fixture = try CommandLineFixture()
        defer { fixture.remove() }
        let run = await fixture.run("platform", "uninstall")
        #expect(run.status == 5)
        #expect(run.error.contains("--confirm forge-system"))
        fixture.isTerminal = true
        fixture.answer = "yes"
        #expect(await fixture.run("platform", "uninstall", "--delete-data").status == 5)
    }
}
