// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

extension ManifestReader {
    /// The `build` block (specs/forge-yaml.md §3.3).
    mutating func readBuild(_ build: YAMLMapping) -> BuildSettings {
        var settings = BuildSettings()
        if let node = build.entry("path")?.value, let path = value(node, path: "build.path", make: BuildPath.normalise)
        {
            settings.path = path
        }
        if let env = block(build.entry("env")?.value, nil, path: "build.env") {
            settings.env = readVariables(env, path: "build.env")
        }
        return settings
    }

    /// `env` and `build.env`: a mapping of names to source texts (specs/forge-yaml.md §3.4).
    mutating func readVariables(_ mapping: YAMLMapping, path: String) -> [String: String] {
        var variables: [String: String] = [:]
        var bytes = 0
        for entry in mapping.entries {
            let name = entry.key.text
            let place = Self.join(path, name)
            guard checkVariableName(entry.key, path: path), let value = readVariable(entry.value, path: place) else {
                continue
            }
            bytes += name.utf8.count + value.utf8.count
            variables[name] = value
        }
        if mapping.entries.count > ManifestRules.variables {
            let count = mapping.entries.count
            report(
                mapping.start,
                path,
                "\(path) has \(count) variables; at most \(ManifestRules.variables) are allowed"
            )
        }
        if bytes > ManifestRules.variablesBytes {
            report(
                mapping.start,
                path,
                "\(path) has \(bytes) bytes; at most \(ManifestRules.variablesBytes) are allowed"
            )
        }
        return variables
    }

    private mutating func checkVariableName(_ key: YAMLScalar, path: String) -> Bool {
        let name = key.text
        let place = Self.join(path, name)
        guard VariableName.isValid(name) else {
            report(
                key.start,
                place,
                "\(YAMLError.quote(name)) is not a variable name in \(path)",
                hint: "use letters, digits and '_', not starting with a digit"
            )
            return false
        }
        if name.hasPrefix("CNB_") {
            report(
                key.start,
                place,
                "\(place): names that begin with CNB_ belong to the buildpacks lifecycle",
                hint: "rename it"
            )
            return false
        }
        if name == "PORT" {
            report(key.start, place, "\(place): the platform sets PORT", hint: "set processes.web.port")
            return false
        }
        return true
    }

    private mutating func readVariable(_ node: YAMLNode, path: String) -> String? {
        if case .mapping(let mapping) = node, let key = mapping.entries.first?.key,
            ManifestBlock.variable.isComing(key.text)
        {
            report(
                key.start,
                Self.join(path, key.text),
                "'\(Self.join(path, key.text))' is not supported yet",
                hint: "remove it"
            )
            return nil
        }
        guard node.tag != nil || !node.isNull else {
            report(node.start, path, "\(path) has no value", hint: "write '' for an empty one, or remove it")
            return nil
        }
        guard let text = text(node, path: path), checkText(text, at: node.start, path: path) else { return nil }
        return text
    }
}
