// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import ForgeYAML
import FoundationEssentials

extension ExecPlugin {
    private static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
    /// The extension of a cluster that plugins are told of.
    private static let clusterExtension = "client.authentication.k8s.io/exec"

    /// Reads the `exec` part of a user.
    init(
        _ exec: KubeconfigEntry,
        cluster: KubeconfigEntry,
        server: String,
        tls: TLSSettings
    ) throws(KubernetesError) {
        guard let version = try exec.string("apiVersion"), Self.versions.contains(version) else {
            throw exec.mistake(
                "exec: apiVersion must be \(Self.versions.joined(separator: " or ")); update the plugin",
                at: exec.mark("apiVersion")
            )
        }
        guard let command = try exec.string("command") else { throw exec.mistake("exec: it has no command") }
        let modeText = try exec.string("interactiveMode") ?? InteractiveMode.ifAvailable.rawValue
        guard let mode = InteractiveMode(rawValue: modeText) else {
            throw exec.mistake(
                "exec: interactiveMode must be Never, IfAvailable or Always",
                at: exec.mark("interactiveMode")
            )
        }
        let isTold = try exec.flag("provideClusterInfo")
        self.init(
            apiVersion: version,
            // As for kubectl: only a name without a slash is looked for in PATH.
            command: command.contains("/") ? exec.resolved(command) : command,
            arguments: try Self.arguments(exec),
            environment: try Self.environment(exec),
            interactiveMode: mode,
            clusterInfo: isTold ? try Self.clusterInfo(cluster, server: server, tls: tls) : nil,
            installHint: try exec.string("installHint")
        )
    }

    private static func arguments(_ exec: KubeconfigEntry) throws(KubernetesError) -> [String] {
        var arguments: [String] = []
        for item in try exec.items("args") {
            guard case .scalar(let scalar) = item else {
                throw exec.mistake("exec: each of args must be text", at: item.start)
            }
            arguments.append(scalar.text)
        }
        return arguments
    }

    private static func environment(_ exec: KubeconfigEntry) throws(KubernetesError) -> [String: String] {
        var environment: [String: String] = [:]
        for item in try exec.items("env") {
            guard case .mapping(let mapping) = item else {
                throw exec.mistake("exec: each of env must have name and value", at: item.start)
            }
            let variable = KubeconfigEntry(label: exec.label, mapping: mapping, path: exec.path)
            guard let name = try variable.string("name"), !name.contains("=") else {
                throw variable.mistake("exec: a variable has no name")
            }
            environment[name] = try variable.string("value") ?? ""
        }
        return environment
    }

    /// `spec.cluster` of an ExecCredential (client.authentication.k8s.io/v1, "Cluster").
    private static func clusterInfo(
        _ cluster: KubeconfigEntry,
        server: String,
        tls: TLSSettings
    ) throws(KubernetesError) -> [UInt8] {
        var info: [String: JSONValue] = ["server": .string(server)]
        info["tls-server-name"] = tls.serverName.map { .string($0) }
        if !tls.verify { info["insecure-skip-tls-verify"] = true }
        info["proxy-url"] = try cluster.string("proxy-url").map { .string($0) }
        switch tls.authority {
        case .bytes(let bytes): info["certificate-authority-data"] = .string(Data(bytes).base64EncodedString())
        case .file(let path):
            let bytes = try SmallFile.read(path) ?? []
            info["certificate-authority-data"] = .string(Data(bytes).base64EncodedString())
        case nil: break
        }
        for item in try cluster.items("extensions") {
            guard case .mapping(let mapping) = item else { continue }
            let named = KubeconfigEntry(label: cluster.label, mapping: mapping, path: cluster.path)
            guard try named.string("name") == clusterExtension, let config = mapping.entry("extension") else {
                continue
            }
            info["config"] = JSONValue(config.value)
        }
        return JSONValue.object(info).bytes()
    }
}

extension JSONValue {
    /// A YAML value by the rules of YAML's JSON schema (YAML 1.2.2 §10.2): what a plain scalar looks like is what it is.
    fileprivate init(_ node: YAMLNode) {
        switch node {
        case .sequence(let sequence): self = .array(sequence.items.map { JSONValue($0) })
        case .mapping(let mapping):
            self = .object(Dictionary(mapping.entries.map { ($0.key.text, JSONValue($0.value)) }) { $1 })
        case .scalar(let scalar):
            if scalar.isNull {
                self = .null
            } else if scalar.style == .plain, let value = try? JSONValue(parsing: Array(scalar.text.utf8)) {
                self = value
            } else {
                self = .string(scalar.text)
            }
        }
    }
}
