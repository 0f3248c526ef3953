// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import Testing

@testable import ForgeRouter

@Suite struct NginxConfigurationTests {
    @Test func theTextIsTheGoldenOne() throws {
        var settings = RouterSettings(
            stateFolder: "/srv/router",
            listen: ["127.0.0.1:8080", "[::1]:8080"],
            baseDomain: "apps.example.com",
            workerUser: "www-data"
        )
        settings.trustedProxies = ["10.0.0.0/8", "fd00::/8"]
        let text = try NginxConfiguration(settings).text
        let script = try #require(text.firstRange(of: "        local balancer = "))
        let end = try #require(text.firstRange(of: #"package.loaded["forge.router"] = router"#))
        #expect(
            text.replacingRange(script.lowerBound..<end.upperBound, with: "        (script)") == goldenConfiguration
        )
    }

    @Test(
        arguments: [
            { $0.stateFolder = "relative" }, { $0.stateFolder = "/a b" },
            { $0.stateFolder = "/a\"; include /etc/passwd" },
            { $0.stateFolder = "/$home" }, { $0.stateFolder = "/" + String(repeating: "a", count: 120) },
            { $0.listen = [] }, { $0.listen = ["8080"] }, { $0.listen = ["127.0.0.1:0"] },
            { $0.listen = ["127.0.0.1:80; }"] }, { $0.listen = ["localhost:80"] }, { $0.baseDomain = "a\"b" },
            { $0.baseDomain = "" }, { $0.workerUser = "www-data root;" }, { $0.trustedProxies = ["10.0.0.0/8 1;"] },
            { $0.trustedProxies = [""] }, { $0.workerProcesses = 0 }, { $0.bodyLimitMegabytes = 0 },
            { $0.accessLog = "/dev/stdout main;" },
        ] as [@Sendable (inout RouterSettings) -> Void]
    )
    func settingsThatWouldBreakTheFileAreRefused(change: @Sendable (inout RouterSettings) -> Void) {
        var settings = RouterSettings(stateFolder: "/srv/router")
        change(&settings)
        #expect(throws: RouterError.self) { try NginxConfiguration(settings) }
    }
}

extension String {
    fileprivate func replacingRange(_ range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
