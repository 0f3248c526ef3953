// SPDX-License-Identifier: Apache-2.0

/// The flags of all phases (platform specification, Operations) and the variables that stand in for them.
///
/// Every phase takes every flag and reads those that it needs; only unknown ones are refused.
enum PhaseFlag: String, CaseIterable, Sendable {
    case analyzed, app, buildConfig = "build-config", buildpacks, cacheDir = "cache-dir", cacheImage = "cache-image"
    case daemon, force, gid, group, insecureRegistry = "insecure-registry"
    case launchCache = "launch-cache", launcher, layerCompression = "layer-compression", layers, logLevel = "log-level"
    case noColor = "no-color", order, parallel, path, plan, platform, previousImage = "previous-image"
    case processType = "process-type", projectMetadata = "project-metadata", report, run, runImage = "run-image"
    case skipLayers = "skip-layers", skipRestore = "skip-restore", source, stack, system, tag, uid, version

    var isBoolean: Bool {
        switch self {
        case .daemon, .force, .noColor, .parallel, .skipLayers, .skipRestore, .version: true
        default: false
        }
    }

    /// The variable that gives the value when the flag is absent.
    var variable: String? {
        switch self {
        case .analyzed: "CNB_ANALYZED_PATH"
        case .app: "CNB_APP_DIR"
        case .buildConfig: "CNB_BUILD_CONFIG_DIR"
        case .buildpacks: "CNB_BUILDPACKS_DIR"
        case .cacheDir: "CNB_CACHE_DIR"
        case .cacheImage: "CNB_CACHE_IMAGE"
        case .daemon: "CNB_USE_DAEMON"
        case .gid: "CNB_GROUP_ID"
        case .group: "CNB_GROUP_PATH"
        case .insecureRegistry: "CNB_INSECURE_REGISTRIES"
        case .layers: "CNB_LAYERS_DIR"
        case .logLevel: "CNB_LOG_LEVEL"
        case .noColor: "CNB_NO_COLOR"
        case .order: "CNB_ORDER_PATH"
        case .parallel: "CNB_PARALLEL_EXPORT"
        case .plan: "CNB_PLAN_PATH"
        case .platform: "CNB_PLATFORM_DIR"
        case .previousImage: "CNB_PREVIOUS_IMAGE"
        case .processType: "CNB_PROCESS_TYPE"
        case .projectMetadata: "CNB_PROJECT_METADATA_PATH"
        case .report: "CNB_REPORT_PATH"
        case .run: "CNB_RUN_PATH"
        case .runImage: "CNB_RUN_IMAGE"
        case .skipLayers: "CNB_SKIP_LAYERS"
        case .skipRestore: "CNB_SKIP_RESTORE"
        case .system: "CNB_SYSTEM_PATH"
        case .uid: "CNB_USER_ID"
        case .force, .launchCache, .launcher, .layerCompression, .path, .source, .stack, .tag, .version: nil
        }
    }
}

/// A command line in the syntax of Go's `flag` package, which every platform writes: `-flag value`, `-flag=value`,
/// `--flag`, booleans as `-flag` or `-flag=false`, empty values allowed, `--` or the first other word ends the flags.
struct PhaseFlags: Hashable, Sendable {
    private(set) var values: [PhaseFlag: [String]] = [:]
    private(set) var arguments: [String] = []

    /// Throws ``PhaseError`` with exit code 3.
    init(_ words: [String]) throws(PhaseError) {
        var rest = words[...]
        while let word = rest.first {
            guard word.hasPrefix("-"), word != "-" else { break }
            rest = rest.dropFirst()
            if word == "--" { break }
            let body = word.drop { $0 == "-" }
            guard word.count - body.count <= 2 else { throw Self.error("bad flag syntax: \(word)") }
            let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let flag = PhaseFlag(rawValue: String(parts[0])) else {
                throw Self.error("flag provided but not defined: -\(parts[0])")
            }
            if parts.count == 2 {
                values[flag, default: []].append(String(parts[1]))
            } else if flag.isBoolean {
                values[flag, default: []].append("true")
            } else if let value = rest.first {
                values[flag, default: []].append(value)
                rest = rest.dropFirst()
            } else {
                throw Self.error("flag needs an argument: -\(parts[0])")
            }
        }
        arguments = Array(rest)
        for (flag, given) in values where flag.isBoolean {
            for value in given where Self.boolean(value) == nil {
                throw Self.error("invalid boolean value '\(value)' for -\(flag.rawValue)")
            }
        }
    }

    /// The truth of the words that Go's `strconv.ParseBool` knows.
    static func boolean(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    private static func error(_ text: String) -> PhaseError { PhaseError(PhaseError.Code.arguments, text) }
}
