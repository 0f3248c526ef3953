// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgeYAML

extension ManifestReader {
    /// The `processes` block (specs/forge-yaml.md §3.6).
    mutating func readProcesses(_ mapping: YAMLMapping) -> [ProcessType: ManifestDraft.ProcessDraft] {
        if mapping.entries.count > ManifestRules.processes {
            report(
                mapping.start,
                "processes",
                "processes has \(mapping.entries.count) entries; at most \(ManifestRules.processes) are allowed"
            )
        }
        var processes: [ProcessType: ManifestDraft.ProcessDraft] = [:]
        for entry in mapping.entries {
            let path = Self.join("processes", entry.key.text)
            guard let type = value(.scalar(entry.key), path: path, make: { try ProcessType($0) }) else { continue }
            guard type != .release else {
                report(
                    entry.key.start,
                    path,
                    "the release command is not a process",
                    hint: "write 'release: { command: … }'"
                )
                continue
            }
            let block = block(entry.value, .process, path: path)
            processes[type] = block.map { readProcess($0, type, path: path) } ?? ManifestDraft.ProcessDraft()
        }
        return processes
    }

    private mutating func readProcess(
        _ block: YAMLMapping,
        _ type: ProcessType,
        path: String
    ) -> ManifestDraft.ProcessDraft {
        var draft = ManifestDraft.ProcessDraft()
        draft.command = readCommand(block, path: path)
        if let node = block.entry("instances")?.value {
            draft.instances = number(node, path: "\(path).instances", in: ManifestRules.instances)
        }
        if let resources = self.block(block.entry("resources")?.value, .resources, path: "\(path).resources") {
            readResources(resources, path: "\(path).resources", into: &draft)
        }
        if let entry = block.entry("port") {
            if type == .web {
                draft.port = number(
                    entry.value,
                    path: "\(path).port",
                    in: ManifestRules.ports,
                    below: "lower ports need privileges, which no process has"
                )
            } else {
                report(
                    entry.key.start,
                    "\(path).port",
                    "only the web process has a port until 'expose' is supported",
                    hint: "remove it"
                )
            }
        }
        if let entry = block.entry("healthcheck") {
            if type == .web {
                draft.healthcheck = readHealthcheck(entry.value, path: "\(path).healthcheck")
            } else {
                report(
                    entry.key.start,
                    "\(path).healthcheck",
                    "a healthcheck needs a port, which only the web process has",
                    hint: "remove it"
                )
            }
        }
        return draft
    }

    private mutating func readResources(
        _ block: YAMLMapping,
        path: String,
        into draft: inout ManifestDraft.ProcessDraft
    ) {
        if let node = block.entry("cpu")?.value {
            draft.cpu = atLeast(ManifestRules.leastCPU, node, path: "\(path).cpu") { try CPU($0) }
        }
        if let node = block.entry("memory")?.value {
            draft.memory = atLeast(ManifestRules.leastMemory, node, path: "\(path).memory") { try Memory($0) }
        }
    }

    /// A quantity that is enough for a process to start at all. Only memory can be too little without a unit.
    private mutating func atLeast<Quantity: TextValue>(
        _ least: Quantity,
        _ node: YAMLNode,
        path: String,
        make: (String) throws -> Quantity
    ) -> Quantity? {
        guard let quantity = value(node, path: path, make: make) else { return nil }
        guard quantity >= least else {
            let hasUnit = if case .scalar(let scalar) = node { !scalar.text.allSatisfy(\.isNumber) } else { true }
            report(
                node.start,
                path,
                "\(path) must be at least \(least), not \(node.shown)",
                hint: hasUnit ? nil : "without a unit it is bytes"
            )
            return nil
        }
        return quantity
    }

    /// `none`, or `{ path, grace }`, both optional.
    private mutating func readHealthcheck(_ node: YAMLNode, path: String) -> Healthcheck? {
        if case .scalar(let scalar) = node, node.tag == nil {
            guard scalar.text == "none" else {
                report(node.start, path, "\(path) must be 'none' or a mapping with path and grace, not \(node.shown)")
                return nil
            }
            return Healthcheck.none
        }
        guard let block = mapping(node, path: path) else { return nil }
        checkKeys(of: block, .healthcheck, path: path)
        var grace = Healthcheck.defaultGrace
        if let node = block.entry("grace")?.value {
            grace = value(node, path: "\(path).grace") { try TimeSpan($0) } ?? grace
        }
        guard let node = block.entry("path")?.value else { return .tcp(grace: grace) }
        guard let requestPath = readRequestPath(node, path: "\(path).path") else { return nil }
        return .http(path: requestPath, grace: grace)
    }

    /// The path of a healthcheck.
    private mutating func readRequestPath(_ node: YAMLNode, path: String) -> String? {
        guard let text = text(node, path: path) else { return nil }
        guard text.hasPrefix("/") else {
            report(node.start, path, "\(path) must begin with '/', unlike \(node.shown)")
            return nil
        }
        guard ManifestRules.isRequestPath(text) else {
            report(
                node.start,
                path,
                "\(path): \(node.shown) is not the path of a URL",
                hint: "write other characters as %XX, and at most \(ManifestRules.pathBytes) bytes"
            )
            return nil
        }
        return text
    }
}
