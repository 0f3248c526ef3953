// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Testing

@testable import ForgePodman

@Suite struct PodmanDialectTests {
    private let dialect = PodmanDialect()

    private func workload(
        image: Output<ImageReference> = .afterBuild,
        command: ProcessCommand = .image,
        env: [String: String] = ["PORT": "8080", "TEXT": "a \"b\" /c"],
        instances: Int = 2,
        healthcheck: Healthcheck = .http(path: "/up", grace: TimeSpan(seconds: 90))
    ) -> Workload {
        Workload(
            app: AppNames.shop,
            process: .web,
            image: image,
            command: command,
            env: env,
            instances: instances,
            resources: Resources(),
            port: 8080,
            healthcheck: healthcheck
        )
    }

    @Test func encodesAWorkload() throws {
        let object = try #require(dialect.encode(.workload(workload())).first)
        #expect(object.reference == ObjectReference(kind: "containers", name: "shop.web"))
        #expect(object.process == .web)
        #expect(
            object.fields
                == .map([
                    "image": .afterBuild,
                    "command": .text("/cnb/process/web"),
                    "env": .map(["PORT": .text("8080"), "TEXT": .text("a \"b\" /c")]),
                    "instances": .text("2"),
                    "resources": .map(["cpu": .text("500m"), "memory": .text("512Mi")]),
                    "port": .text("8080"),
                    "healthcheck": .map(["type": .text("http"), "path": .text("/up"), "grace": .text("90s")]),
                    "stopTimeout": .text("30s"),
                ])
        )
    }

    @Test func encodesNothingForNoInstancesAndForRoutes() throws {
        #expect(dialect.encode(.workload(workload(instances: 0))).isEmpty)
        let route = Route(host: try Host("shop.localhost"), app: AppNames.shop, process: .web)
        #expect(dialect.encode(.route(route)).isEmpty)
        #expect(dialect.encode(.space(Space(app: AppNames.shop))).map(\.reference.description) == ["network/shop"])
    }

    @Test func labelsGiveTheFieldsBack() throws {
        let fields = UnitFields(PodmanDialect.fields(of: workload()).filter { $0.key != "image" })
        let read = try #require(UnitFields(json: try fields.json()))
        #expect(read == fields)
        #expect(read.healthcheck == .http(path: "/up", grace: TimeSpan(seconds: 90)))
        #expect(read["resources", "memory"] == "512Mi")
        #expect(UnitFields(json: "[1]") == nil)
    }

    @Test func setsDifferByEverythingButTheirNumber() throws {
        let id = try ContainerSet(workload()).id
        #expect(try ContainerSet(workload(instances: 5)).id == id)
        #expect(try ContainerSet(workload(command: .shell("run"))).id != id)
        #expect(try ContainerSet(workload(env: ["PORT": "8080"])).id != id)
        #expect(try ContainerSet(workload(healthcheck: .none)).id != id)
        #expect(id.utf8.count == 10)
    }

    @Test(arguments: ["", "Forge", "a-b", "abcdefghijklm"])
    func instanceNamesAreChecked(_ name: String) {
        #expect(throws: InvalidValue.self) { try PodmanSettings(socket: "/s", instance: name) }
    }

    @Test func passwordsAreNotPrinted() {
        let credentials = RegistryCredentials(host: "127.0.0.1:5000", username: "forge", password: "hunter2")
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!"\(credentials) \(dumped) \(String(reflecting: credentials))".contains("hunter2"))
    }
}
