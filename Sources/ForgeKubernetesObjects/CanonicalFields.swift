// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

/// The one spelling in which wanted and live objects are compared (specs/kubernetes.md §4).
enum CanonicalFields {
    /// What stands in a body for an image that is not built yet: no image has such a name.
    static let imageAfterBuild = "(known after build)"

    /// The fields of an object besides its kind and name: labels, annotations, and what is neither metadata nor status.
    ///
    /// The label with the hash of the pod template is not among them: it follows from the others.
    static func of(_ object: JSONValue) -> FieldValue {
        var fields = object.object ?? [:]
        for name in ["apiVersion", "kind", "status", "metadata"] { fields[name] = nil }
        let metadata = (object["metadata"]?.object ?? [:]).filter { ["labels", "annotations"].contains($0.key) }
        fields["metadata"] = .object(metadata)
        return value(.object(fields), []) ?? .map([:])
    }

    /// One value, or nil for what equals absence: null, an empty text, map or list, and the protocol that is the default.
    private static func value(_ value: JSONValue, _ path: [String]) -> FieldValue? {
        switch value {
        case .null: return nil
        case .bool(let flag): return .text(flag ? "true" : "false")
        case .integer(let number): return .text(amount(String(number), path))
        case .number(let text): return .text(amount(text, path))
        case .string(imageAfterBuild) where path.last == "image": return .afterBuild
        // The value of a variable may be empty, which is not the same as no such variable.
        case .string("") where path.last != "value": return nil
        case .string("TCP") where path.last == "protocol": return nil
        case .string(let text): return .text(amount(text, path))
        case .array(let items): return list(items, path)
        case .object(let fields): return map(fields, path)
        }
    }

    private static func map(_ fields: [String: JSONValue], _ path: [String]) -> FieldValue? {
        var result: [String: FieldValue] = [:]
        for (name, field) in fields where !(name == KubernetesLabel.set && path.last == "labels") {
            result[name] = value(field, path + [name])
        }
        return result.isEmpty ? nil : .map(result)
    }

    private static func list(_ items: [JSONValue], _ path: [String]) -> FieldValue? {
        let values = items.compactMap { value($0, path) }
        guard !values.isEmpty else { return nil }
        guard let key = ListKeys.key(of: path.last) else { return .list(values) }
        let named = values.compactMap { item in item[key].map { (name: $0, item: item) } }
        guard named.count == values.count else { return .list(values) }
        return .list(named.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map(\.item))
    }

    /// Amounts stand in maps by resource, or under names of their own.
    private static func amount(_ text: String, _ path: [String]) -> String {
        let maps: Set<String> = ["limits", "requests", "hard", "default", "defaultRequest", "max", "min"]
        guard let name = path.last,
            ["sizeLimit", "storage"].contains(name) || maps.contains(path.dropLast().last ?? "")
        else { return text }
        return Quantity(text)?.description ?? text
    }
}

extension FieldValue {
    /// A text field of a map.
    fileprivate subscript(name: String) -> String? {
        if case .map(let fields) = self, case .text(let text)? = fields[name] { text } else { nil }
    }
}
