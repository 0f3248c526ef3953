// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// A small cluster language: one object per workload and per space, fields as text.
package struct PlainDialect: Dialect {
    /// Its name in plans.
    package let cluster = "testbed"

    /// Encodes in this language.
    package init() {}

    /// The objects of a unit.
    package func encode(_ unit: Unit) -> [NativeObject] {
        switch unit {
        case .space(let space):
            return [NativeObject(reference: ObjectReference(kind: "network", name: space.app.text), fields: .map([:]))]
        case .route: return []
        case .workload(let workload):
            let image: FieldValue = workload.image.value.map { .text($0.description) } ?? .afterBuild
            let command: String
            switch workload.command {
            case .image: command = "/cnb/process/\(workload.process)"
            case .shell(let line): command = line
            }
            return [
                NativeObject(
                    reference: ObjectReference(kind: "containers", name: workload.service),
                    process: workload.process,
                    fields: .map([
                        "image": image,
                        "command": .text(command),
                        "env": .map(workload.env.mapValues { .text($0) }),
                        "instances": .text("\(workload.instances)"),
                        "memory": .text(workload.resources.memory.text),
                    ])
                )
            ]
        }
    }

    /// No list has a key.
    package func listKey(kind: String, path: [String]) -> String? { nil }
    /// Everything is enforced.
    package func unenforced(_ units: [Unit]) -> [String] { [] }
}
