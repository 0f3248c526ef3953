// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Values that tests share.
package enum Sample {
    /// The app.
    package static let app = name("shop")
    /// A platform.
    package static let platform = Platform(
        registry: "127.0.0.1:5000",
        builder: image("platform/builder", "b"),
        runImage: image("platform/run", "c"),
        toolsImage: image("platform/tools", "d"),
        buildUser: "1001:1000",
        target: "linux/amd64",
        baseDomain: host("localhost"),
        routerPort: 8080
    )

    /// A manifest with a web process, and a worker if there is a number of them.
    package static func manifest(
        env: [String: String] = [:],
        release: ProcessCommand? = nil,
        web: Int = 1,
        worker: Int? = nil
    ) -> AppManifest {
        var processes: [ProcessType: ProcessSettings] = [.web: .defaults(for: .web)]
        processes[.web]?.instances = web
        if let worker { processes[type("worker")] = ProcessSettings(command: .image, instances: worker) }
        return AppManifest(name: app, env: env, release: release, processes: processes)
    }

    /// An app name.
    package static func name(_ text: String) -> AppName { value { try AppName(text) } }
    /// A host.
    package static func host(_ text: String) -> Host { value { try Host(text) } }
    /// A process type.
    package static func type(_ text: String) -> ProcessType { value { try ProcessType(text) } }
    /// A digest of one digit, again and again.
    package static func digest(_ digit: Character) -> Digest {
        value { try Digest("sha256:" + String(repeating: digit, count: 64)) }
    }
    /// An image by such a digest.
    package static func image(_ repository: String, _ digit: Character) -> ImageReference {
        ImageReference(registry: "127.0.0.1:5000", repository: repository, digest: digest(digit))
    }

    private static func value<Value>(_ make: () throws -> Value) -> Value {
        do { return try make() } catch { preconditionFailure("a sample is not valid: \(error)") }
    }
}
