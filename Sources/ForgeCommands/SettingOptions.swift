// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeModel

/// What a platform keeps from one start to the next (specs/supervisor.md §4), as flags that change it.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("api-port"),
        help: ArgumentHelp("The API's port on loopback (at first: 7777).", valueName: "port")
    )
    var apiPort: Int?
    @Option(
        name: .customLong("http-port"),
        help: ArgumentHelp("The port on loopback on which apps answer (at first: 8080).", valueName: "port")
    )
    var httpPort: Int?
    @Option(
        name: .customLong("registry-port"),
        help: ArgumentHelp("The registry's port on loopback (at first: a free one).", valueName: "port")
    )
    var registryPort: Int?
    @Option(
        name: .customLong("base-domain"),
        help: ArgumentHelp("The domain below which apps get their hosts (at first: localhost).", valueName: "domain")
    )
    var baseDomain: String?
    @Option(
        name: .customLong("ca-bundle"),
        help: ArgumentHelp("The certificates that builds trust (at first: this machine's).", valueName: "file")
    )
    var caBundle: String?

    func validate() throws {
        for port in [apiPort, httpPort, registryPort].compactMap(\.self) where !(1...65535).contains(port) {
            throw ValidationError("a port is 1 to 65535, not \(port)")
        }
    }

    /// The flags that were given, each with its value, as `forged supervise` takes them.
    func flags() throws -> [(name: String, value: String)] {
        [
            ("--api-port", apiPort.map(String.init)),
            ("--http-port", httpPort.map(String.init)),
            ("--registry-port", registryPort.map(String.init)),
            ("--base-domain", try baseDomain.map { try Host($0).text }),
            ("--ca-bundle", try caBundle.map { try LocalPlatform.absolute($0) }),
        ]
        .compactMap { name, value in value.map { (name, $0) } }
    }
}
