// SPDX-License-Identifier: Apache-2.0

import ForgeYAML

/// Kubeconfig files merged as kubectl does it: of entries with equal names, and of settings, the first counts.
struct Kubeconfig {
    /// The kinds of named entries.
    enum Section: String, CaseIterable {
        case cluster, user, context
    }

    private(set) var currentContext: String?
    private var entries: [Section: [String: KubeconfigEntry]] = [:]
    /// The files that were read, for messages.
    private var paths: [String] = []

    /// Adds what a file has beyond the ones before it.
    mutating func merge(_ bytes: [UInt8], path: String) throws(KubernetesError) {
        paths.append(path)
        guard let file = try Self.root(bytes, path: path) else { return }
        if currentContext == nil { currentContext = try file.string("current-context") }
        for section in Section.allCases {
            for item in try file.items("\(section.rawValue)s") {
                guard case .mapping(let mapping) = item else {
                    throw file.mistake("each of \(section.rawValue)s must be a mapping", at: item.start)
                }
                let entry = KubeconfigEntry(label: section.rawValue, mapping: mapping, path: path)
                guard let name = try entry.string("name") else { throw entry.mistake("it has no name") }
                guard entries[section]?[name] == nil else { continue }
                let label = "\(section.rawValue) \"\(name)\""
                let named = KubeconfigEntry(label: label, mapping: mapping, path: path)
                entries[section, default: [:]][name] = try named.part(section.rawValue) ?? named
            }
        }
    }

    /// An entry that another one or the caller names.
    func entry(_ section: Section, _ name: String) throws(KubernetesError) -> KubeconfigEntry {
        if let entry = entries[section]?[name] { return entry }
        let known = (entries[section]?.keys).map { $0.sorted() } ?? []
        let list = known.isEmpty ? "there is none" : "there are: " + known.joined(separator: ", ")
        throw KubernetesError(.configuration, "no \(section.rawValue) \"\(name)\" in \(files); \(list)")
    }

    /// The files, as messages name them.
    var files: String { paths.joined(separator: ", ") }

    private static func root(_ bytes: [UInt8], path: String) throws(KubernetesError) -> KubeconfigEntry? {
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument(parsing: bytes)
            if let mistake = document.mistakes.first { throw mistake }
        } catch {
            throw KubernetesError(.configuration, "\(path):\(error.line): \(error.message)")
        }
        guard let root = document.root else { return nil }
        guard case .mapping(let mapping) = root else {
            throw KubernetesError(.configuration, "\(path):\(root.start.line): a kubeconfig must be a mapping")
        }
        return KubeconfigEntry(label: "kubeconfig", mapping: mapping, path: path)
    }
}
