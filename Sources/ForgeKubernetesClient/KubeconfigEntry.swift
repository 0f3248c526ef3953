// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeYAML
import FoundationEssentials
import SystemPackage

/// A named cluster, user or context of a kubeconfig file, or a part of one, with where it was written: for the messages,
/// and because paths in it are relative to its file.
struct KubeconfigEntry {
    /// `user "admin"`.
    let label: String
    let mapping: YAMLMapping
    let path: String

    /// Whether a field is there, with any value.
    func has(_ key: String) -> Bool { mapping.entry(key) != nil }

    /// The text of a field; nil when it is absent, null or empty.
    func string(_ key: String) throws(KubernetesError) -> String? {
        guard let value = mapping.entry(key)?.value else { return nil }
        guard case .scalar(let scalar) = value else { throw mistake("\(key) must be text", at: value.start) }
        return scalar.isNull || scalar.text.isEmpty ? nil : scalar.text
    }

    /// A truth value; false when it is absent.
    func flag(_ key: String) throws(KubernetesError) -> Bool {
        switch try string(key) {
        case nil, "false"?: return false
        case "true"?: return true
        default: throw mistake("\(key) must be true or false", at: mark(key))
        }
    }

    /// A mapping; nil when it is absent or null.
    func part(_ key: String) throws(KubernetesError) -> KubeconfigEntry? {
        switch mapping.entry(key)?.value {
        case nil: return nil
        case .mapping(let part): return KubeconfigEntry(label: label, mapping: part, path: path)
        case .scalar(let scalar) where scalar.isNull: return nil
        case let value?: throw mistake("\(key) must be a mapping", at: value.start)
        }
    }

    /// The items of a list; none when it is absent or null.
    func items(_ key: String) throws(KubernetesError) -> [YAMLNode] {
        switch mapping.entry(key)?.value {
        case nil: return []
        case .sequence(let sequence): return sequence.items
        case .scalar(let scalar) where scalar.isNull: return []
        case let value?: throw mistake("\(key) must be a list", at: value.start)
        }
    }

    /// PEM text from `<key>-data`, or from the file that `<key>` names; the first wins, as for kubectl.
    func pem(_ key: String) throws(KubernetesError) -> TLSSettings.PEM? {
        if let text = try string("\(key)-data") {
            guard let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) else {
                throw mistake("\(key)-data is not base64", at: mark("\(key)-data"))
            }
            return .bytes([UInt8](data))
        }
        return try file(key).map { .file($0) }
    }

    /// The file that a field names; it must be readable, so that the mistake is told here and not by the first call.
    func file(_ key: String) throws(KubernetesError) -> String? {
        guard let name = try string(key) else { return nil }
        let file = resolved(name)
        let isThere: Bool
        do throws(KubernetesError) {
            isThere = try SmallFile.read(file) != nil
        } catch {
            throw mistake("\(key): \(error.message)", at: mark(key))
        }
        guard isThere else { throw mistake("\(key): \(file) does not exist", at: mark(key)) }
        return file
    }

    /// A path, which is relative to the folder of the kubeconfig.
    func resolved(_ name: String) -> String {
        FilePath(path).removingLastComponent().pushing(FilePath(name)).string
    }

    /// Where a field is, or the entry itself.
    func mark(_ key: String) -> YAMLMark { mapping.entry(key)?.key.start ?? mapping.start }

    /// A mistake in the file.
    func mistake(_ message: String, at mark: YAMLMark? = nil) -> KubernetesError {
        KubernetesError(.configuration, "\(path):\((mark ?? mapping.start).line): \(label): \(message)")
    }
}
