// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Testing

@testable import ForgeSupervisor

@Suite struct SettingsTests {
    let surroundings = Surroundings.observe(environment: ["PIP_INDEX_URL": "https://pypi.example/simple"])

    @Test func `ports chosen at the first start stay`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let first = try Settings.settle(state.folder, flags: .init(), surroundings: surroundings)
        #expect(first.apiPort == 7777)
        #expect(first.httpPort == 8080)
        #expect(first.registryPort > 0)
        let second = try Settings.settle(state.folder, flags: .init(), surroundings: .observe(environment: [:]))
        #expect(second == first)
        #expect(try Settings.load(state.folder) == first)
        #expect(try FileStatus(of: state.folder.settings).mode == 0o600)
    }

    @Test func `flags win and are kept`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        _ = try Settings.settle(state.folder, flags: .init(), surroundings: surroundings)
        let flags = Settings.Flags(apiPort: 17777, httpPort: 18080, registryPort: 15000, caBundle: "/etc/own.pem")
        let changed = try Settings.settle(state.folder, flags: flags, surroundings: surroundings)
        #expect(changed.apiPort == 17777)
        #expect(changed.caBundle == "/etc/own.pem")
        #expect(try Settings.settle(state.folder, flags: .init(), surroundings: surroundings) == changed)
    }

    @Test(arguments: [
        Settings.Flags(apiPort: 0), .init(httpPort: 70_000), .init(apiPort: 8080), .init(caBundle: "relative.pem"),
        .init(baseDomain: "two words"),
    ])
    func `what cannot work is refused and not kept`(flags: Settings.Flags) throws {
        let state = try TemporaryState()
        try state.folder.make()
        #expect(throws: SupervisorError.self) {
            try Settings.settle(state.folder, flags: flags, surroundings: surroundings)
        }
        #expect(try StateFile.read(state.folder.settings) == nil)
    }

    @Test func `a platform that was never started has no settings`() throws {
        let state = try TemporaryState()
        try state.folder.make()
        let error = #expect(throws: SupervisorError.self) { try Settings.load(state.folder) }
        #expect(error?.code == .unavailable)
    }

    @Test func `the environment's proxies and indexes reach builds, a local folder of packages does not`() {
        let environment = [
            "PIP_INDEX_URL": "https://pypi.example/simple", "https_proxy": "http://proxy:3128",
            "PIP_FIND_LINKS": "/wheels",
            "HOME": "/nowhere", "SSL_CERT_FILE": "/nowhere/bundle.pem",
        ]
        let observed = Surroundings.observe(environment: environment)
        #expect(observed.buildEnvironment["PIP_INDEX_URL"] == "https://pypi.example/simple")
        #expect(observed.buildEnvironment["https_proxy"] == "http://proxy:3128")
        #expect(observed.buildEnvironment["PIP_FIND_LINKS"] == nil)
        #expect(observed.caBundle == Surroundings.debianBundle)
    }

    @Test func `pip's own files are read as pip does`() {
        let text = """
            # the company's index
            [global]
            index-url = https://pypi.example/simple
            extra-index-url =
                https://one.example/simple
                https://two.example/simple
            [freeze]
            timeout = 10
            """
        #expect(
            Surroundings.pipConfiguration(text) == [
                "index-url": "https://pypi.example/simple",
                "extra-index-url": "https://one.example/simple https://two.example/simple",
            ]
        )
    }
}
