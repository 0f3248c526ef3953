// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Testing

@testable import ForgeSupervisor

@Suite struct BuilderRecipeTests {
    private let order = """
        [[order]]

        [[order.group]]
        id = "forge/python"
        version = "1.0.0"

        [[order.group]]
        id = "forge/procfile"
        version = "1.0.0"
        optional = true

        [[order]]

        [[order.group]]
        id = "forge/procfile"
        version = "1.0.0"

        """

    private func recipe(lifecycle: String = "/bin/sh", launcher: String = "/bin/sh") -> BuilderRecipe {
        BuilderRecipe(
            files: [
                .init(path: "cnb/buildpacks/forge_python/1.0.0/bin/detect", bytes: [1], isExecutable: true),
                .init(path: "cnb/buildpacks/forge_python/1.0.0/buildpack.toml", bytes: [2], isExecutable: false),
            ],
            orderFile: order,
            interfaces: .init(buildpack: ["0.9", "0.10"], platform: ["0.12"]),
            version: "0.1.0",
            lifecycle: lifecycle,
            launcher: launcher
        )
    }

    @Test func `the order is read for the labels`() {
        let groups = recipe().order
        #expect(groups.map { $0.group.map(\.id) } == [["forge/python", "forge/procfile"], ["forge/procfile"]])
        #expect(groups[0].group.map(\.optional) == [nil, true])
        #expect(BuildpackGroup.members(of: groups).map(\.id) == ["forge/python", "forge/procfile"])
    }

    @Test func `the labels are those that other tools read`() throws {
        let labels = try BuilderLabels.builder(recipe(), runImage: "127.0.0.1:5000/platform/run:latest")
        #expect(
            labels["io.buildpacks.buildpack.order"] == """
                [{"group":[{"id":"forge/python","version":"1.0.0"},\
                {"id":"forge/procfile","optional":true,"version":"1.0.0"}]},\
                {"group":[{"id":"forge/procfile","version":"1.0.0"}]}]
                """
        )
        #expect(
            labels["io.buildpacks.builder.metadata"] == """
                {"buildpacks":[{"id":"forge/python","version":"1.0.0"},{"id":"forge/procfile","version":"1.0.0"}],\
                "createdBy":{"name":"forged","version":"0.1.0"},"description":"Debian 12 with the ForgePaaS buildpacks",\
                "images":[{"image":"127.0.0.1:5000/platform/run:latest","mirrors":[]}],\
                "lifecycle":{"api":{"buildpack":"0.10","platform":"0.12"},\
                "apis":{"buildpack":{"deprecated":[],"supported":["0.9","0.10"]},\
                "platform":{"deprecated":[],"supported":["0.12"]}},"version":"0.1.0"},\
                "stack":{"runImage":{"image":"127.0.0.1:5000/platform/run:latest","mirrors":[]}}}
                """
        )
    }

    @Test func `the builder's own layer has the lifecycle, the buildpacks and the build user's folders`() throws {
        let program = "/usr/bin/env"
        let layer = try recipe(lifecycle: program, launcher: program).builderLayer(runImage: "r/run:latest", epoch: 7)
        let entries = Dictionary(uniqueKeysWithValues: layer.map { ($0.name, $0) })
        #expect(entries.count == layer.count)
        for phase in ["analyzer", "detector", "restorer", "builder", "exporter", "creator"] {
            #expect(entries["cnb/lifecycle/\(phase)"]?.kind == .symbolicLink(target: "forge-lifecycle"))
        }
        #expect(entries["cnb/lifecycle/launcher"]?.mode == 0o755)
        #expect(entries["cnb/buildpacks/forge_python/1.0.0/bin"]?.kind == .directory)
        #expect(entries["cnb/buildpacks/forge_python/1.0.0/bin/detect"]?.mode == 0o755)
        #expect(entries["cnb/run.toml"]?.kind == .bytes(Array("[[images]]\nimage = \"r/run:latest\"\n".utf8)))
        for folder in ["workspace", "layers", "platform"] {
            #expect(entries[folder]?.uid == 1001)
            #expect(entries[folder]?.gid == 1000)
        }
        #expect(layer.allSatisfy { $0.modified == 7 })
        let order = layer.map(\.name)
        for name in order where name.contains("/") {
            let parent = name.split(separator: "/").dropLast().joined(separator: "/")
            #expect(order.firstIndex(of: parent) ?? .max < order.firstIndex(of: name) ?? .min)
        }
    }

    @Test func `users differ between builds and apps`() {
        var run = ImageConfig(platform: .current)
        PlatformImage.run.configure(&run)
        var builder = ImageConfig(platform: .current)
        PlatformImage.builder.configure(&builder)
        #expect(run.user == "1002:1000")
        #expect(builder.user == "1001:1000")
        #expect(builder.variable("CNB_USER_ID") == "1001")
        #expect(builder.variable("CNB_GROUP_ID") == "1000")
    }
}
