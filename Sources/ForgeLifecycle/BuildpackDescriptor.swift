// SPDX-License-Identifier: Apache-2.0

import ForgeOCI

/// A buildpack.toml (buildpack specification, buildpack.toml), as far as the lifecycle reads it.
struct BuildpackDescriptor: Hashable, Sendable, Decodable {
    struct Info: Hashable, Sendable, Decodable {
        var id: String
        var version: String
        var name: String?
        var homepage: String?
        var clearEnvironment: Bool?
        var execEnvironments: [ExecEnvironment]?

        private enum CodingKeys: String, CodingKey {
            case id, version, name, homepage
            case clearEnvironment = "clear-env"
            case execEnvironments = "exec-env"
        }
    }

    /// The specification shows a table with a name, the reference reads a string: both are accepted.
    struct ExecEnvironment: Hashable, Sendable, Decodable {
        var name: String

        private enum CodingKeys: String, CodingKey { case name }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                name = text
            } else {
                name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
            }
        }
    }

    struct Target: Hashable, Sendable, Decodable {
        struct Distribution: Hashable, Sendable, Decodable {
            var name: String?
            var version: String?
        }

        var os: String?
        var arch: String?
        var variant: String?
        var distros: [Distribution]?
    }

    struct Stack: Hashable, Sendable, Decodable {
        var id: String
    }

    var api: String
    var buildpack: Info
    var targets: [Target]?
    var stacks: [Stack]?
    /// The groups that a composite buildpack stands for.
    var order: [OrderGroup]?
    /// Where it lies.
    var directory = ""

    private enum CodingKeys: String, CodingKey { case api, buildpack, targets, stacks, order }

    var clearsEnvironment: Bool { buildpack.clearEnvironment ?? false }

    /// Whether it takes part in an execution environment.
    func isEligible(in environment: String) -> Bool {
        guard let names = buildpack.execEnvironments, !names.isEmpty else { return true }
        return names.contains { $0.name == environment || $0.name == "*" }
    }

    /// Whether it works on a target (buildpack specification, Targets): an absent field means any.
    func matches(_ target: BuildTarget) -> Bool {
        let offered = targets ?? []
        guard offered.isEmpty else { return offered.contains { Self.matches($0, target) } }
        // Before targets there were stacks; without both, a Linux script is what there is.
        let names = (stacks ?? []).map(\.id)
        if names.isEmpty || names.contains("*") { return target.os == "linux" }
        return names.contains("io.buildpacks.stacks.bionic") && target.os == "linux" && target.arch == "amd64"
            && target.distribution == "ubuntu" && target.distributionVersion == "18.04"
    }

    private static func matches(_ offered: Target, _ target: BuildTarget) -> Bool {
        func fits(_ offered: String?, _ wanted: String?) -> Bool {
            guard let offered, !offered.isEmpty, offered != "*", let wanted, !wanted.isEmpty else { return true }
            return offered == wanted
        }
        guard fits(offered.os, target.os), fits(offered.arch, target.arch), fits(offered.variant, target.variant) else {
            return false
        }
        let distributions = offered.distros ?? []
        return distributions.isEmpty
            || distributions.contains {
                fits($0.name, target.distribution) && fits($0.version, target.distributionVersion)
            }
    }
}

/// One group of an order.
struct OrderGroup: Hashable, Sendable, Decodable {
    struct Entry: Hashable, Sendable, Decodable {
        var id: String
        var version: String
        var optional: Bool?
    }

    var group: [Entry]
}

/// What is built for.
struct BuildTarget: Hashable, Sendable {
    var os = "linux"
    var arch = ImagePlatform.current.architecture
    var variant: String?
    var distribution: String?
    var distributionVersion: String?

    /// The variables that tell buildpacks (buildpack specification, Provided by the Lifecycle, API 0.10).
    var variables: [String: String] {
        var variables = ["CNB_TARGET_OS": os, "CNB_TARGET_ARCH": arch]
        variables["CNB_TARGET_ARCH_VARIANT"] = variant
        variables["CNB_TARGET_DISTRO_NAME"] = distribution
        variables["CNB_TARGET_DISTRO_VERSION"] = distributionVersion
        return variables
    }
}
