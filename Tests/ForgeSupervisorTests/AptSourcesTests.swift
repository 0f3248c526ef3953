// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeSupervisor

@Suite struct AptSourcesTests {
    @Test func `stanzas of the suite are taken, others are not`() {
        var sources = AptSources()
        sources.add(
            deb822: """
                # Debian
                Types: deb deb-src
                URIs: http://mirror.example/debian
                Suites: bookworm bookworm-updates bookworm-backports
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: https://other.example/node
                Suites: nodistro
                Components: main

                Enabled: no
                Types: deb
                URIs: http://off.example/debian
                Suites: bookworm
                Components: main
                """
        )
        #expect(sources.servesSuite)
        #expect(
            sources.stanzas == [
                """
                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm bookworm-updates
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                """
            ]
        )
    }

    @Test func `one-line entries are taken with their options`() {
        var sources = AptSources()
        sources.add(
            list: """
                # deb http://commented.example/debian bookworm main
                deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian  bookworm main # the mirror
                deb-src http://mirror.example/debian bookworm main
                deb [ arch=amd64 ] http://security.example/debian bookworm-security main
                deb https://cloud.example/apt cloud-bookworm main
                """
        )
        #expect(
            sources.lines == [
                "deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian bookworm main",
                "deb [ arch=amd64 ] http://security.example/debian bookworm-security main",
            ]
        )
        #expect(sources.servesSuite)
    }

    @Test func `updates alone do not serve the suite`() {
        var sources = AptSources()
        sources.add(list: "deb http://mirror.example/debian bookworm-updates main")
        #expect(!sources.servesSuite)
    }

    @Test func `only what reaches the mirrors is passed on from apt's settings`() {
        let dump = """
            APT::Architecture "amd64";
            Acquire::http::Proxy "http://proxy:3128";
            Acquire::https "";
            Acquire::https::CaInfo "/etc/ssl/own.pem";
            Acquire::Retries "5";
            DPkg::Post-Invoke:: "touch /tmp/x";
            """
        #expect(
            AptOptions.connection(dump: dump) == [
                "Acquire::http::Proxy \"http://proxy:3128\";", "Acquire::https::CaInfo \"/etc/ssl/own.pem\";",
                "Acquire::Retries \"5\";",
            ]
        )
    }

    @Test func `no secret of the machine is among mmdebstrap's words`() {
        let plan = BuilderRoots.plan(run: "/srv/build/run", build: "/srv/build/build")
        let words = Bootstrap.arguments(plan, options: "/srv/build/apt.conf")
        #expect(words.contains("--aptopt=/srv/build/apt.conf"))
        #expect(words.suffix(2) == ["bookworm", "/srv/build/build"])
        #expect(words.contains { $0.contains("useradd --uid 1001 --gid 1000") })
    }
}
