// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// How podman spells units, as a pure value (specs/podman.md §2).
///
/// podman has no word for "this many equal containers"; the object `containers/<app>.<process>` stands for them.
package struct PodmanDialect: Dialect {
    /// The kind of object that stands for all containers of a process type.
    static let containers = "containers"
    /// The kind of an app's network.
    static let network = "network"

    /// A dialect has no settings.
    package init() {}

    /// `podman`.
    package var cluster: String { "podman" }

    /// The containers of a workload with at least one instance, or the network of a space; routes are the router's.
    package func encode(_ unit: Unit) -> [NativeObject] {
        switch unit {
        case .space(let space): [Self.object(of: space.app)]
        case .workload(let workload): workload.instances > 0 ? [Self.object(of: workload)] : []
        case .route: []
        }
    }

    /// No object of podman has a list.
    package func listKey(kind: String, path: [String]) -> String? { nil }

    /// Everything is enforced: networks by `isolate`, bounds by cgroups, users and capabilities by the kernel.
    package func unenforced(_ units: [Unit]) -> [String] { [] }

    /// The network of an app.
    static func object(of app: AppName) -> NativeObject {
        NativeObject(
            reference: ObjectReference(kind: network, name: app.text),
            fields: .map(["isolation": .text("other apps")])
        )
    }

    private static func object(of workload: Workload) -> NativeObject {
        NativeObject(
            reference: ObjectReference(kind: containers, name: workload.service),
            process: workload.process,
            fields: .map(fields(of: workload).merging(["instances": .text("\(workload.instances)")]) { $1 })
        )
    }

    /// All that decides whether two containers are alike: everything but their number.
    static func fields(of workload: Workload) -> [String: FieldValue] {
        var fields: [String: FieldValue] = [
            "image": workload.image.value.map { .text($0.description) } ?? .afterBuild,
            "command": .text(command(of: workload)),
            "env": .map(workload.env.mapValues { .text($0) }),
            "resources": .map([
                "cpu": .text(workload.resources.cpu.text), "memory": .text(workload.resources.memory.text),
            ]),
            "healthcheck": fields(of: workload.healthcheck),
            "stopTimeout": .text(workload.stopTimeout.text),
        ]
        if let port = workload.port { fields["port"] = .text("\(port)") }
        return fields
    }

    private static func command(of workload: Workload) -> String {
        switch workload.command {
        case .image: "/cnb/process/\(workload.process)"
        case .shell(let line): line
        }
    }

    private static func fields(of healthcheck: Healthcheck) -> FieldValue {
        switch healthcheck {
        case .none: .map(["type": .text("none")])
        case .tcp(let grace): .map(["type": .text("tcp"), "grace": .text(grace.text)])
        case .http(let path, let grace):
            .map(["type": .text("http"), "path": .text(path), "grace": .text(grace.text)])
        }
    }
}
