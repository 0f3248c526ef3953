// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// A cluster language that has several objects for one unit, some of them shared by all apps, and long paths.
struct ManyObjectsDialect: Dialect {
    let cluster = "many"

    func encode(_ unit: Unit) -> [NativeObject] {
        switch unit {
        case .space(let space):
            [
                object("Namespace", "apps", isShared: true, ["level": .text("restricted")]),
                object("NetworkPolicy", "closed", isShared: true, ["allow": .text("nothing")]),
                object("NetworkPolicy", space.app.text, ["allow": .text("itself")]),
            ]
        case .workload(let workload): objects(of: workload)
        case .route(let route): [object("Ingress", route.host.text, process: route.process, ["to": .text("web")])]
        }
    }

    private func objects(of workload: Workload) -> [NativeObject] {
        let name = "\(workload.app)-\(workload.process)"
        let image: FieldValue = workload.image.value.map { .text($0.description) } ?? .afterBuild
        let spec: [String: FieldValue] = ["replicas": .text("\(workload.instances)"), "image": image]
        var objects = [object("Deployment", name, process: workload.process, ["spec": .map(spec)])]
        if let port = workload.port {
            objects.append(object("Service", name, process: workload.process, ["port": .text("\(port)")]))
        }
        if workload.instances > 1 {
            objects.append(object("Budget", name, process: workload.process, ["unavailable": .text("1")]))
        }
        return objects
    }

    private func object(
        _ kind: String,
        _ name: String,
        process: ProcessType? = nil,
        isShared: Bool = false,
        _ fields: [String: FieldValue]
    ) -> NativeObject {
        NativeObject(
            reference: ObjectReference(kind: kind, name: name),
            process: process,
            fields: .map(fields),
            isShared: isShared
        )
    }

    func listKey(kind: String, path: [String]) -> String? { nil }

    func shown(kind: String, path: String) -> String {
        switch path {
        case "spec.replicas": "instances"
        case "spec.image": "image"
        default: path
        }
    }

    func unenforced(_ units: [Unit]) -> [String] { [] }
}
