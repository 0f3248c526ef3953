// SPDX-License-Identifier: Apache-2.0

/// The execution parameters: the `config` object (image-spec, config.md §properties).
extension ImageConfig {
    /// The user as `uid:gid`, `uid` or a name.
    package var user: String? {
        get { execution("User")?.string }
        set { setExecution("User", newValue.map(JSONValue.string)) }
    }

    /// The working directory.
    package var workingDirectory: String? {
        get { execution("WorkingDir")?.string }
        set { setExecution("WorkingDir", newValue.map(JSONValue.string)) }
    }

    /// The words that every command starts with.
    package var entrypoint: [String]? {
        get { strings("Entrypoint") }
        set { setExecution("Entrypoint", newValue.map(Self.array)) }
    }

    /// The default arguments.
    package var command: [String]? {
        get { strings("Cmd") }
        set { setExecution("Cmd", newValue.map(Self.array)) }
    }

    /// The labels; an empty map removes the key.
    package var labels: [String: String] {
        get { (execution("Labels")?.object ?? [:]).compactMapValues(\.string) }
        set { setExecution("Labels", newValue.isEmpty ? nil : .object(newValue.mapValues(JSONValue.string))) }
    }

    /// The environment in its order; later entries of a base image win, as in every container engine.
    package var environment: [(name: String, value: String)] {
        get {
            (strings("Env") ?? []).map { entry in
                let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
            }
        }
        set { setExecution("Env", Self.array(newValue.map { "\($0.name)=\($0.value)" })) }
    }

    /// The value of one variable.
    package func variable(_ name: String) -> String? { environment.last { $0.name == name }?.value }

    /// Sets one variable, in place when it is there.
    package mutating func setVariable(_ name: String, to value: String) {
        var variables = environment
        if let index = variables.lastIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append((name, value))
        }
        environment = variables
    }

    private func execution(_ key: String) -> JSONValue? { document["config"]?[key] }

    private mutating func setExecution(_ key: String, _ value: JSONValue?) {
        var members = document["config"] ?? .object([:])
        members[key] = value
        replaceExecution(members)
    }

    private func strings(_ key: String) -> [String]? { execution(key)?.array.map { $0.compactMap(\.string) } }

    private static func array(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
