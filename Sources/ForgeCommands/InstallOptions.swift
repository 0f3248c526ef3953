// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeHTTP
import ForgeModel
import ForgePlatform
import ForgeRegistry

/// What is installed, as flags.
struct InstallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The registry of the apps' images (default: one is installed).", valueName: "host:port")
    )
    var registry: String?
    @Option(
        help: ArgumentHelp(
            "Where forged platform images put the images (default: the registry of --registry).",
            valueName: "host:port"
        )
    )
    var images: String?
    @Option(
        help: ArgumentHelp(
            "The platform's image by digest (default: the newest in --images).",
            valueName: "image@digest"
        )
    )
    var image: String?
    @Flag(help: "Speak to the registries without TLS, wherever they are.")
    var insecure = false
    @Option(
        name: .customLong("base-domain"),
        help: ArgumentHelp("The domain below which apps get their hosts.", valueName: "domain")
    )
    var baseDomain = "localhost"
    @Option(
        name: .customLong("ingress-class"),
        help: ArgumentHelp(
            "The class of the apps' Ingresses; with any but forge, no router is installed.",
            valueName: "name"
        )
    )
    var ingressClass = PlatformInstallation.ownIngressClass
    @Option(
        name: .customLong("router-port"),
        help: ArgumentHelp("The router's port on every node; from 30000 on, a node port.", valueName: "port")
    )
    var routerPort = 30_080
    @Option(name: .customLong("api-port"), help: ArgumentHelp("The API's node port.", valueName: "port"))
    var apiPort = 30_777
    @Option(
        name: .customLong("api-host"),
        help: ArgumentHelp("A name by which the API is called; may be repeated.", valueName: "name")
    )
    var apiHosts: [String] = []
    @Option(
        name: .customLong("storage-class"),
        help: ArgumentHelp(
            "The class of the volumes of Redis and registry (default: the cluster's; none: no volumes).",
            valueName: "name"
        )
    )
    var storageClass: String?
    @Option(
        name: .customLong("registry-node-port"),
        help: ArgumentHelp(
            "The port of every node's 127.0.0.1 on which an installed registry answers.",
            valueName: "port"
        )
    )
    var registryNodePort = 5000
    @Option(help: ArgumentHelp("How many pods API, reconciler and router have each.", valueName: "count"))
    var replicas = 1
    @Option(help: ArgumentHelp("How many builds run at once.", valueName: "count"))
    var builds = 2
    @Option(
        name: .customLong("build-env"),
        help: ArgumentHelp(
            "What builds get into their environment, no secret; may be repeated.",
            valueName: "NAME=value"
        )
    )
    var buildEnvironment: [String] = []
    @Option(
        name: .customLong("ca-bundle"),
        help: ArgumentHelp("The certificates (PEM) that builds trust.", valueName: "file")
    )
    var certificates: String?

    func validate() throws {
        if image == nil, images == nil, registry == nil {
            throw ValidationError("name --registry, --images or --image: the platform's own image comes from there")
        }
        for port in [routerPort, apiPort, registryNodePort] where !(1...65_535).contains(port) {
            throw ValidationError("a port is 1 to 65535, not \(port)")
        }
        guard apiPort >= 30_000 else { throw ValidationError("--api-port is a node port: 30000 or more") }
        guard (1...20).contains(replicas), (1...100).contains(builds) else {
            throw ValidationError("--replicas takes 1 to 20, --builds 1 to 100")
        }
        for entry in buildEnvironment where !entry.contains("=") || entry.hasPrefix("=") {
            throw ValidationError("--build-env takes NAME=value, not '\(entry)'")
        }
    }

    /// What these flags describe; asks the registry for the image's digest where it is not given.
    func installation(_ cluster: ClusterOptions, _ surroundings: Surroundings) async throws -> PlatformInstallation {
        let own = PlatformInstallation.Registry.own(nodePort: registryNodePort)
        let keychain = try Keychain(environment: surroundings.environment)
        var installation = PlatformInstallation(
            image: try await platformImage(keychain),
            registry: registry.map {
                .external(host: $0, isInsecure: insecure, hasCredentials: keychain.credentials(for: $0) != nil)
            } ?? own,
            baseDomain: try Host(baseDomain)
        )
        installation.instance = cluster.instance
        installation.namespaces = .init(
            system: cluster.namespace,
            apps: cluster.appsNamespace,
            builds: cluster.buildsNamespace
        )
        installation.ingressClass = ingressClass
        installation.routerPort = routerPort
        installation.apiPort = apiPort
        installation.apiHosts = apiHosts.map { $0.lowercased() }
        installation.storage = storageClass == "none" ? .ephemeral : .claims(storageClass: storageClass)
        installation.replicas = replicas
        installation.builds = builds
        installation.buildEnvironment = Dictionary(
            buildEnvironment.map { entry in
                let name = entry.prefix { $0 != "=" }
                return (String(name), String(entry.dropFirst(name.count + 1)))
            }
        ) { $1 }
        installation.certificates = try certificates.map { path in
            guard let file = try TextFile.read(path, limit: 900 << 10) else {
                throw CommandFailure("unreadable", "there is no file \(path)", .data)
            }
            return String(decoding: file.bytes, as: UTF8.self)
        }
        return installation
    }

    private func platformImage(_ keychain: Keychain) async throws -> ImageReference {
        if let image { return try Self.reference(image) }
        let host = images ?? registry ?? ""
        let transport = HTTPTransport()
        defer { transport.close() }
        let client = RegistryClient(
            endpoint: RegistryEndpoint(host, insecure: insecure ? [host] : []),
            credentials: keychain.credentials(for: host),
            transport: transport
        )
        guard let digest = try await client.headManifest("platform/forge", "latest") else {
            throw CommandFailure(
                "no-image",
                "\(host) has no platform/forge; forged platform images --registry \(host) puts it there",
                .unavailable
            )
        }
        return ImageReference(registry: host, repository: "platform/forge", digest: digest)
    }

    /// `host:port/repository@sha256:…`: only a digest says for certain what will run.
    private static func reference(_ text: String) throws -> ImageReference {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        let parts = halves[0].split(separator: "/", maxSplits: 1).map(String.init)
        guard halves.count == 2, parts.count == 2 else {
            throw CommandFailure("usage", "--image '\(text)': write it as host:port/repository@sha256:…", .usage)
        }
        return ImageReference(registry: parts[0], repository: parts[1], digest: try Digest(halves[1]))
    }
}
