// swift-tools-version: 6.2
import PackageDescription

// Arrows point down only (specs/architecture.md §3). `--explicit-target-dependency-import-check error`
// in every build turns an import that is not declared here into a failure.

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

// The launcher runs in every image, on any base: it must not need a library of it.
let fullyStatic = LinkerSetting.unsafeFlags(["-static-executable", "-Xlinker", "--gc-sections", "-Xlinker", "-s"])

// The lifecycle and the daemon run in images that have the C libraries but not Swift's; forge starts faster this way.
let staticSwift = LinkerSetting.unsafeFlags(["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections"])

// The API server's library brings the whole of Foundation with it.
let staticFoundation = LinkerSetting.unsafeFlags(["-lFoundation", "-lCoreFoundation", "-l_FoundationICU", "-lstdc++"])

let package = Package(
    name: "forge",
    products: [
        .executable(name: "forge", targets: ["forge"]),
        .executable(name: "forged", targets: ["forged"]),
        .executable(name: "forge-lifecycle", targets: ["forge-lifecycle"]),
        .executable(name: "forge-launcher", targets: ["forge-launcher"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // C: system libraries, each behind one Swift target.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Pure: no I/O, no clock, no randomness.
        .target(name: "ForgeModel"),
        .target(name: "ForgePlan", dependencies: ["ForgeModel"]),
        .target(name: "ForgeAPI", dependencies: ["ForgeModel", "ForgePlan"]),
        .target(name: "ForgeManifest", dependencies: ["ForgeModel", "ForgeYAML"]),
        .target(name: "ForgePlanner", dependencies: ["ForgeModel", "ForgePlan", crypto]),
        .target(name: "ForgeJSON"),
        .target(name: "ForgeKubernetesObjects", dependencies: ["ForgeJSON", "ForgeModel", crypto]),
        .target(name: "ForgePlatform", dependencies: ["ForgeJSON", "ForgeModel", crypto]),
        .target(name: "ForgeLaunch"),
        .target(name: "ForgeBuildpacks"),

        // Wire: one protocol or format each.
        .target(name: "ForgeYAML", dependencies: ["CYAML"]),
        .target(name: "ForgeHTTP", dependencies: ["CCurl"]),
        .target(name: "ForgeOCI", dependencies: ["CZlib", "ForgeModel", crypto]),
        .target(name: "ForgeRegistry", dependencies: ["ForgeHTTP", "ForgeModel", "ForgeOCI"]),
        .target(
            name: "ForgeKubernetesClient",
            dependencies: ["ForgeHTTP", "ForgeJSON", "ForgeYAML", log, subprocess, system]
        ),
        .target(name: "ForgeClient", dependencies: ["ForgeAPI", "ForgeHTTP", "ForgeModel", "ForgePlan"]),

        // Engine: ports, observer, reconciler, executor.
        .target(
            name: "ForgeEngine",
            dependencies: ["ForgeModel", "ForgePlan", "ForgePlanner", log, lifecycle, crypto]
        ),

        // Adapters: each conforms to the engine's ports, none knows another.
        .target(name: "ForgeRedis", dependencies: ["CHiredis", "ForgeEngine", "ForgeModel", "ForgePlan"]),
        .target(
            name: "ForgePodman",
            dependencies: ["ForgeEngine", "ForgeHTTP", "ForgeModel", log, lifecycle, crypto]
        ),
        .target(
            name: "ForgeKubernetes",
            dependencies: [
                "ForgeEngine", "ForgeHTTP", "ForgeJSON", "ForgeKubernetesClient", "ForgeKubernetesObjects",
                "ForgeModel", log, lifecycle, crypto,
            ]
        ),
        .target(name: "ForgeRouter", dependencies: ["ForgeEngine", "ForgeHTTP", "ForgeModel", log, subprocess]),
        .target(
            name: "ForgeImages",
            dependencies: ["ForgeEngine", "ForgeModel", "ForgeOCI", "ForgeRegistry"]
        ),

        // Edges.
        .target(
            name: "ForgeServer",
            dependencies: [
                "ForgeAPI", "ForgeEngine", "ForgeModel", "ForgePlan", hummingbird, httpTypes, nio, log, lifecycle,
                crypto,
            ]
        ),
        .target(
            name: "ForgeSupervisor",
            dependencies: ["ForgeHTTP", "ForgeModel", "ForgeOCI", "ForgeRegistry", log, lifecycle]
        ),
        .target(
            name: "ForgeCommands",
            dependencies: [
                "ForgeAPI", "ForgeClient", "ForgeHTTP", "ForgeJSON", "ForgeKubernetesClient", "ForgeManifest",
                "ForgeModel",
                "ForgeOCI", "ForgePlan", "ForgePlatform", "ForgeRegistry",
                arguments,
            ]
        ),
        .target(
            name: "ForgeLifecycle",
            dependencies: [
                "ForgeHTTP", "ForgeLaunch", "ForgeModel", "ForgeOCI", "ForgeRegistry", toml, subprocess, system,
            ]
        ),
        .executableTarget(name: "forge", dependencies: ["ForgeCommands"], linkerSettings: [staticSwift]),
        .executableTarget(
            name: "forged",
            dependencies: [
                "ForgeAPI", "ForgeBuildpacks", "ForgeEngine", "ForgeHTTP", "ForgeImages", "ForgeKubernetes",
                "ForgeKubernetesClient", "ForgeKubernetesObjects", "ForgeLaunch", "ForgeModel", "ForgePlan",
                "ForgePlatform", "ForgePodman", "ForgeRedis", "ForgeRegistry", "ForgeRouter", "ForgeServer",
                "ForgeSupervisor",
                arguments,
                log, lifecycle, signals,
            ],
            linkerSettings: [staticSwift, staticFoundation]
        ),
        .executableTarget(
            name: "forge-bench",
            dependencies: [
                "ForgeEngine", "ForgeHTTP", "ForgeJSON", "ForgeKubernetes", "ForgeKubernetesClient",
                "ForgeKubernetesObjects", "ForgeModel", "ForgePlan", "ForgePlanner", arguments, log, subprocess, system,
            ]
        ),
        .executableTarget(
            name: "forge-lifecycle",
            dependencies: ["ForgeLifecycle"],
            linkerSettings: [staticSwift]
        ),
        .executableTarget(name: "forge-launcher", dependencies: ["ForgeLaunch"], linkerSettings: [fullyStatic]),

        // Tests.
        .target(
            name: "ForgeTesting",
            dependencies: ["ForgeEngine", "ForgeModel", "ForgePlan"],
            path: "Tests/ForgeTesting"
        ),
        .target(
            name: "ForgeClusterTesting",
            dependencies: ["ForgeEngine", "ForgeModel", "ForgeTesting"],
            path: "Tests/ForgeClusterTesting"
        ),
        .target(
            name: "ForgeKubernetesTesting",
            dependencies: ["ForgeHTTP", "ForgeJSON", "ForgeKubernetesClient", "ForgeTesting"],
            path: "Tests/ForgeKubernetesTesting"
        ),
        .target(
            name: "ForgeServerTesting",
            dependencies: [
                "ForgeAPI", "ForgeEngine", "ForgeModel", "ForgePlan", "ForgePlanner", "ForgeServer", "ForgeTesting",
                log,
                lifecycle,
            ],
            path: "Tests/ForgeServerTesting"
        ),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "EndToEndTests", dependencies: ["ForgeTesting"]),
        .testTarget(name: "ForgeAPITests", dependencies: ["ForgeAPI", "ForgeModel", "ForgePlan"]),
        .testTarget(
            name: "ForgeCommandsTests",
            dependencies: [
                "ForgeAPI", "ForgeClient", "ForgeCommands", "ForgeEngine", "ForgeModel", "ForgePlan", "ForgeServer",
                "ForgeServerTesting", "ForgeTesting",
            ]
        ),
        .testTarget(
            name: "ForgeEngineTests",
            dependencies: ["ForgeEngine", "ForgeModel", "ForgePlan", "ForgePlanner", "ForgeTesting", log]
        ),
        .testTarget(name: "ForgeHTTPTests", dependencies: ["ForgeHTTP", "ForgeTesting"]),
        .testTarget(
            name: "ForgeImagesTests",
            dependencies: [
                "ForgeEngine", "ForgeHTTP", "ForgeImages", "ForgeModel", "ForgeOCI", "ForgeRegistry", "ForgeTesting",
            ]
        ),
        .testTarget(name: "ForgeJSONTests", dependencies: ["ForgeJSON"]),
        .testTarget(
            name: "ForgeKubernetesClientTests",
            dependencies: [
                "ForgeHTTP", "ForgeJSON", "ForgeKubernetesClient", "ForgeKubernetesTesting", "ForgeTesting", log,
            ]
        ),
        .testTarget(
            name: "ForgeKubernetesObjectsTests",
            dependencies: [
                "ForgeJSON", "ForgeKubernetesClient", "ForgeKubernetesObjects", "ForgeKubernetesTesting",
                "ForgeModel", "ForgePlan", "ForgePlanner", "ForgeTesting",
            ]
        ),
        .testTarget(
            name: "ForgeKubernetesTests",
            dependencies: [
                "ForgeClusterTesting", "ForgeEngine", "ForgeHTTP", "ForgeJSON", "ForgeKubernetes",
                "ForgeKubernetesClient", "ForgeKubernetesObjects", "ForgeKubernetesTesting", "ForgeModel", "ForgeOCI",
                "ForgeRegistry", "ForgeTesting", log,
            ]
        ),
        .testTarget(name: "ForgeLaunchTests", dependencies: ["ForgeLaunch"]),
        .testTarget(
            name: "ForgeLifecycleTests",
            dependencies: [
                "ForgeBuildpacks", "ForgeHTTP", "ForgeLaunch", "ForgeLifecycle", "ForgeModel", "ForgeOCI",
                "ForgeRegistry", "ForgeTesting",
            ]
        ),
        .testTarget(name: "ForgeManifestTests", dependencies: ["ForgeManifest", "ForgeModel"]),
        .testTarget(name: "ForgeModelTests", dependencies: ["ForgeModel"]),
        .testTarget(
            name: "ForgePlatformTests",
            dependencies: ["ForgeJSON", "ForgeModel", "ForgePlatform"],
            exclude: ["Goldens"]
        ),
        .testTarget(name: "ForgeOCITests", dependencies: ["ForgeModel", "ForgeOCI"]),
        .testTarget(
            name: "ForgePlannerTests",
            dependencies: ["ForgeModel", "ForgePlan", "ForgePlanner", "ForgeTesting"]
        ),
        .testTarget(
            name: "ForgePodmanTests",
            dependencies: [
                "ForgeClusterTesting", "ForgeEngine", "ForgeHTTP", "ForgeModel", "ForgePodman", "ForgeTesting", log,
            ]
        ),
        .testTarget(
            name: "ForgeRedisTests",
            dependencies: ["ForgeEngine", "ForgeModel", "ForgePlan", "ForgeRedis", "ForgeTesting"]
        ),
        .testTarget(
            name: "ForgeRegistryTests",
            dependencies: ["ForgeHTTP", "ForgeModel", "ForgeOCI", "ForgeRegistry", "ForgeTesting"]
        ),
        .testTarget(
            name: "ForgeRouterTests",
            dependencies: ["ForgeEngine", "ForgeHTTP", "ForgeModel", "ForgeRouter", "ForgeTesting", log]
        ),
        .testTarget(
            name: "ForgeServerTests",
            dependencies: [
                "ForgeAPI", "ForgeClient", "ForgeEngine", "ForgeHTTP", "ForgeModel", "ForgePlan", "ForgeServer",
                "ForgeServerTesting", "ForgeTesting",
            ]
        ),
        .testTarget(
            name: "ForgeSupervisorTests",
            dependencies: [
                "ForgeHTTP", "ForgeModel", "ForgeOCI", "ForgeRegistry", "ForgeSupervisor", "ForgeTesting", log,
                lifecycle,
            ]
        ),
        .testTarget(name: "ForgeYAMLTests", dependencies: ["ForgeYAML"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}
