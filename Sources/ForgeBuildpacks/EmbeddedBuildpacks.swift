// SPDX-License-Identifier: Apache-2.0

/// The buildpacks that the platform's own builder image carries, as text: `forged builder create` writes them there.
package enum EmbeddedBuildpacks {
    /// One file of the builder image.
    package struct File: Hashable, Sendable {
        /// The path below `/cnb/buildpacks`: `<id, '/' as '_'>/<version>/…`.
        package let path: String
        /// The permission bits.
        package let mode: UInt32
        /// The whole content.
        package let contents: String
    }

    /// A buildpack, as a builder image's labels name it.
    package struct Buildpack: Hashable, Sendable {
        /// The identifier, such as `forge/python`.
        package let id: String
        /// The version.
        package let version: String
    }

    /// The buildpacks.
    package static let buildpacks = [python, procfile]

    /// Every file of every buildpack.
    package static let files: [File] =
        files(of: python, pythonDescriptor, detect: pythonDetect, build: pythonBuild)
        + files(of: procfile, procfileDescriptor, detect: procfileDetect, build: procfileBuild)

    /// The content of `/cnb/order.toml`: a Python app with or without a Procfile, or whatever a Procfile starts.
    package static let order = """
        [[order]]

        [[order.group]]
        id = "\(python.id)"
        version = "\(python.version)"

        [[order.group]]
        id = "\(procfile.id)"
        version = "\(procfile.version)"
        optional = true

        [[order]]

        [[order.group]]
        id = "\(procfile.id)"
        version = "\(procfile.version)"

        """

    static func descriptor(of buildpack: Buildpack, name: String, description: String) -> String {
        """
        api = "0.10"

        [buildpack]
        id = "\(buildpack.id)"
        version = "\(buildpack.version)"
        name = "\(name)"
        description = "\(description)"

        [[targets]]
        os = "linux"

        """
    }

    private static func files(of buildpack: Buildpack, _ descriptor: String, detect: String, build: String) -> [File] {
        let directory = String(buildpack.id.map { $0 == "/" ? "_" : $0 }) + "/" + buildpack.version
        return [
            File(path: directory + "/buildpack.toml", mode: 0o644, contents: descriptor),
            File(path: directory + "/bin/detect", mode: 0o755, contents: detect),
            File(path: directory + "/bin/build", mode: 0o755, contents: build),
        ]
    }
}
