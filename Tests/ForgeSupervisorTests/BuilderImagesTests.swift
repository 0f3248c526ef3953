// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import ForgeOCI
import ForgeRegistry
import ForgeTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ForgeSupervisor

/// The images in a real registry, made of small file systems instead of Debian's.
@Suite struct BuilderImagesTests {
    /// Where everything is, and how often file systems were made.
    private final class Fixture: Sendable {
        let folder: StateFolder
        let registry: RegistryClient
        let made = Mutex(0)
        let lines = Mutex([String]())
        private let process: ChildProcess

        init() async throws {
            folder = try StateFolder("/tmp/forge-test-\(RandomText.hexadecimal(bytes: 6))")
            try folder.make()
            let programs = ProgramSearch(path: nil)
            let server = RegistryServer(
                folder: folder,
                port: try LoopbackPort.anyFree(),
                executable: try programs.require("docker-registry", from: "docker-registry"),
                htpasswd: try programs.require("htpasswd", from: "apache2-utils"),
                call: LocalCall(transport: HTTPTransport())
            )
            let child = server.child
            process = try await ChildProcess.start(child.command(), log: folder.log(of: "registry"), endsGroup: true)
            registry = RegistryClient(
                endpoint: RegistryEndpoint("127.0.0.1:\(server.port)", insecure: [String]()),
                credentials: .init(username: RegistryServer.user, password: try folder.readRegistryPassword()),
                transport: HTTPTransport()
            )
            try await eventually("the registry") { await child.probe() }
            try write("one", to: "forge-lifecycle")
            try write("launcher", to: "forge-launcher")
        }

        func end() async {
            process.signal(SIGKILL)
            _ = await process.exit()
            try? FileManager.default.removeItem(atPath: folder.path)
        }

        func write(_ text: String, to name: String) throws {
            try StateFile.replace(folder.path + "/" + name, with: Array(text.utf8))
        }

        func create(refresh: Bool = false) async throws -> Bool {
            let recipe = BuilderRecipe(
                files: [.init(path: "cnb/buildpacks/a/1/bin/detect", bytes: [1], isExecutable: true)],
                orderFile: "[[order]]\n[[order.group]]\nid = \"a\"\nversion = \"1\"\n",
                interfaces: .init(buildpack: ["0.10"], platform: ["0.12"]),
                version: "0.1.0",
                lifecycle: folder.path + "/forge-lifecycle",
                launcher: folder.path + "/forge-launcher"
            )
            let images = BuilderImages(recipe: recipe, registry: registry, folder: folder) { line in
                self.lines.withLock { $0.append(line) }
            } roots: { work in
                self.made.withLock { $0 += 1 }
                return try Self.roots(in: work)
            }
            return try await images.create(refresh: refresh)
        }

        func createPlatform(_ program: String) async throws -> Bool {
            try write(program, to: "forged")
            let image = ForgeImage(program: folder.path + "/forged", registry: registry, folder: folder) { line in
                self.lines.withLock { $0.append(line) }
            } root: { work in
                self.made.withLock { $0 += 1 }
                return try Self.roots(in: work).run
            }
            return try await image.create(refresh: false)
        }

        private static func roots(in work: String) throws -> (run: String, build: String) {
            for (root, files) in [("run", ["bin/sh"]), ("build", ["bin/sh", "bin/cc"])] {
                for file in files {
                    let path = "\(work)/\(root)/\(file)"
                    let parent = URL(filePath: path).deletingLastPathComponent()
                    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                    try Data(file.utf8).write(to: URL(filePath: path))
                    let time = timespec(tv_sec: 1_600_000_000, tv_nsec: 0)
                    utimensat(AT_FDCWD, path, [time, time], 0)
                }
            }
            return ("\(work)/run", "\(work)/build")
        }

        func manifest(_ image: PlatformImage) async throws -> (digest: Digest, layers: [Digest], config: ImageConfig) {
            let stored = try #require(try await registry.manifest(image.repository, "latest"))
            let manifest = try ImageManifest(decoding: stored.bytes)
            let config = try await registry.blobBytes(image.repository, manifest.config.digest)
            return (stored.digest, manifest.layers.map(\.digest), try ImageConfig(decoding: config))
        }
    }

    private func withFixture(_ body: (Fixture) async throws -> Void) async throws {
        let fixture = try await Fixture()
        do {
            try await body(fixture)
        } catch {
            await fixture.end()
            throw error
        }
        await fixture.end()
    }

    @Test func `three images share their layers`() async throws {
        try await withFixture { fixture in
            #expect(try await fixture.create())
            let run = try await fixture.manifest(.run)
            let builder = try await fixture.manifest(.builder)
            let tools = try await fixture.manifest(.tools)
            #expect(run.layers.count == 1)
            #expect(builder.layers.count == 3)
            #expect(builder.layers[0] == run.layers[0])
            #expect(tools.layers.count == 2)
            #expect(tools.layers[0] == run.layers[0])
            #expect(builder.config.diffIDs == builder.layers)
            #expect(run.config.created == "2020-09-13T12:26:40Z")
            #expect(run.config.labels["io.buildpacks.rebasable"] == "true")
            #expect(builder.config.labels["io.buildpacks.base.distro.name"] == "debian")
            #expect(builder.config.labels["io.buildpacks.builder.metadata"] != nil)
            #expect(try Directory.names(in: fixture.folder.temporary).isEmpty)
        }
    }

    @Test func `a second run has nothing to do`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.create()
            let before = try await fixture.manifest(.builder).digest
            #expect(try await !fixture.create())
            #expect(fixture.lines.withLock { $0.last } == "builder image is as described")
            #expect(try await fixture.manifest(.builder).digest == before)
            #expect(fixture.made.withLock { $0 } == 1)
        }
    }

    @Test func `a new lifecycle leaves Debian's layers and the run image as they are`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.create()
            let run = try await fixture.manifest(.run).digest
            let before = try await fixture.manifest(.builder).layers
            try fixture.write("two", to: "forge-lifecycle")
            #expect(try await fixture.create())
            let after = try await fixture.manifest(.builder).layers
            #expect(after.prefix(2) == before.prefix(2))
            #expect(after[2] != before[2])
            #expect(try await fixture.manifest(.run).digest == run)
            #expect(fixture.made.withLock { $0 } == 1)
        }
    }

    @Test func `a refresh with the same packages makes the same images`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.create()
            let before = try await [fixture.manifest(.run).digest, fixture.manifest(.builder).digest]
            #expect(try await fixture.create(refresh: true))
            #expect(try await [fixture.manifest(.run).digest, fixture.manifest(.builder).digest] == before)
            #expect(fixture.made.withLock { $0 } == 2)
        }
    }

    @Test func `the platform's image is made once, and with another forged keeps Debian's layer`() async throws {
        try await withFixture { fixture in
            #expect(try await fixture.createPlatform("one"))
            let before = try await fixture.manifest(.forge)
            #expect(try await !fixture.createPlatform("one"))
            #expect(fixture.lines.withLock { $0.last } == "platform image is as described")
            #expect(try await fixture.createPlatform("two"))
            let after = try await fixture.manifest(.forge)
            #expect(before.layers[0] == after.layers[0])
            #expect(before.layers[1] != after.layers[1])
            #expect(after.config.user == "10001:10001")
            #expect(fixture.made.withLock { $0 } == 1)
        }
    }

    @Test func `images are copied from registry to registry with their digests, and only once`() async throws {
        try await withFixture { source in
            try await withFixture { target in
                _ = try await source.create()
                let copy = ImageCopy(from: source.registry, to: target.registry) { line in
                    target.lines.withLock { $0.append(line) }
                }
                try await copy.run()
                for image in [PlatformImage.run, .builder, .tools] {
                    #expect(try await target.manifest(image).digest == source.manifest(image).digest)
                }
                target.lines.withLock { $0 = [] }
                try await copy.run()
                #expect(target.lines.withLock { $0.allSatisfy { $0.contains(" is as in ") } })
            }
        }
    }

    @Test func `an image that the other registry has not is named, with the command that makes it`() async throws {
        try await withFixture { empty in
            let copy = ImageCopy(from: empty.registry, to: empty.registry) { _ in }
            await #expect { try await copy.run() } throws: { "\($0)".contains("forged platform images") }
        }
    }
}
