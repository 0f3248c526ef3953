// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Synchronization
import Testing

@testable import ForgeLifecycle

/// Whole builds of one app, `apps/shop:v1`, into a registry.
extension Workbench {
    /// Installs an app, and a buildpack that makes a layer once and keeps it as long as its key stays. With the
    /// variable CHANGE set, its other layer, which is only cached, is another one after every build.
    func installDependencies() throws {
        try buildpack(
            "x/deps",
            build: """
                if [ -d $1/deps ] && grep -q 'key = "one"' $1/deps.toml; then echo kept > $1/../note; else
                    mkdir -p $1/deps/bin $1/deps/deep; echo made > $1/../note
                    echo tool > $1/deps/bin/tool; chmod 755 $1/deps/bin/tool; ln $1/deps/bin/tool $1/deps/deep/same
                    ln -s /usr/bin/env $1/deps/env
                fi
                printf '[types]\\nlaunch = true\\ncache = true\\n[metadata]\\nkey = "one"\\n' > $1/deps.toml
                mkdir -p $1/keep
                printf '[types]\\ncache = true\\n' > $1/keep.toml
                if [ ! -f $1/keep/log ] || [ -n "$CHANGE" ]; then echo cached >> $1/keep/log; fi
                printf '[[processes]]\\ntype = "web"\\ncommand = ["tool"]\\ndefault = true\\n' > $1/launch.toml
                """
        )
        try order(["x/deps"])
        try write("workspace/app.txt", "hello")
        try write("platform/env/CHANGE", "1")
    }

    /// Runs every phase, and keeps what this build says.
    ///
    /// - Parameter later: flags for every phase but the first.
    func build(
        _ registry: RegistryFixture,
        _ more: [String] = [],
        later: [String] = [],
        environment: [String: String] = [:]
    ) async throws {
        let environment = ["CNB_REGISTRY_AUTH": registry.auth].merging(environment) { $1 }
        let owner = ["-uid", "1001", "-gid", "1001"]
        let names = ["-run-image", "\(registry.host)/forge/run:12", "\(registry.host)/apps/shop:v1"]
        lines.withLock { $0 = [] }
        try await AnalyzerPhase(settings(owner + more + names, environment: environment), log: log).run()
        let settings = try settings(owner + more + later + names, environment: environment)
        try await DetectorPhase(settings, log: log).run()
        try await RestorerPhase(settings, log: log).run()
        var builder = try BuilderPhase(settings, log: log)
        try await builder.run()
        try await ExporterPhase(settings, log: log).run()
    }

    /// What the exporter said for programs.
    func result() throws -> JSONValue {
        let line = try #require(output.last { $0.hasPrefix("forge-result: ") })
        return try CanonicalJSON.decode(JSONValue.self, from: Array(line.dropFirst(14).utf8), kind: "result")
    }

    /// What was warned of.
    var warnings: [String] { output.filter { $0.hasPrefix("Warning: ") } }
}
