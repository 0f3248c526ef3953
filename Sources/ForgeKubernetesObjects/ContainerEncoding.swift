// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

/// What the containers of workloads and of tasks have in common.
enum ContainerEncoding {
    /// The one folder that any user may write in.
    static let home = ["HOME": "/tmp"]

    /// The walls of a pod: Pod Security Standards, profile "restricted".
    static var podSecurity: [String: JSONValue] {
        ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]]
    }

    /// The walls of a container, from the same profile.
    static var containerSecurity: [String: JSONValue] {
        ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]]
    }

    /// Variables in the order of their names.
    static func variables(_ env: [String: String]) -> JSONValue {
        .array(
            env.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, value in
                ["name": .string(name), "value": .string(literal(value))]
            }
        )
    }

    /// A program with its arguments.
    static func command(_ words: [String]) -> JSONValue { .texts(words.map(literal)) }

    /// Bounds, with what is reserved of them.
    static func resources(_ limits: Resources, requested: Resources) -> JSONValue {
        [
            "limits": ["cpu": .string(limits.cpu.text), "memory": .string(limits.memory.text)],
            "requests": ["cpu": .string(requested.cpu.text), "memory": .string(requested.memory.text)],
        ]
    }

    /// A text that the kubelet leaves as it is: it would replace `$(NAME)` and take `$$` for `$`
    /// (kubernetes/third_party/forked/golang/expansion).
    static func literal(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            result.unicodeScalars.append(scalar)
            if scalar == "$", scalars.first == "(" || scalars.first == "$" { result.append("$") }
        }
        return result
    }
}
