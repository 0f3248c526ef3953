// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
import ForgePlan
import ForgeServerTesting
import ForgeTesting
import Testing

@testable import ForgeCommands

/// The texts, compared whole.
@Suite struct TextTests {
    private let now = Timestamp(number: 1_700_000_000_000)  // 2023-11-14 22:13:20 UTC
    private let style = TextStyle(glyphs: .unicode, colour: false)

    private func earlier(_ seconds: Int) -> Timestamp { now.adding(milliseconds: -seconds * 1000) }

    @Test(arguments: [
        (0, "just now"), (40, "40 seconds ago"), (60, "1 minute ago"), (185, "3 minutes ago"), (7200, "2 hours ago"),
        (5 * 86_400, "5 days ago"), (-10, "just now"),
    ])
    func `how long ago`(seconds: Int, text: String) {
        #expect(TimeText(now: now).ago(earlier(seconds)) == text)
    }

    @Test(arguments: [
        (0, 0, "22:13"), (0, 7200, "00:13"), (86_400, 0, "yesterday 22:13"), (3 * 86_400, 0, "2023-11-11 22:13"),
        (622 * 86_400, 0, "2022-03-02 22:13"), (625 * 86_400, 0, "2022-02-27 22:13"),
        (1_700_000_001, 0, "1969-12-31 23:59"),
    ])
    func `when`(seconds: Int, offset: Int, text: String) {
        #expect(TimeText(now: now, offset: offset).moment(earlier(seconds)) == text)
    }

    @Test(arguments: [(0, "<1 s"), (39_900, "39 s"), (125_000, "2 m 05 s"), (3_720_000, "1 h 02 m")])
    func `how long`(milliseconds: Int, text: String) {
        #expect(TimeText.span(milliseconds: milliseconds) == text)
    }

    @Test func `a status`() throws {
        let status = AppStatusDocument(
            app: try AppName("shop"),
            state: .deploying,
            release: ReleaseNumber(number: 42),
            since: earlier(3600),
            by: "ana",
            url: "http://shop.localhost:8080/",
            processes: [
                ProcessStatus(
                    type: .web,
                    ready: 3,
                    wanted: 3,
                    cpu: CPU(millicores: 250),
                    memory: Memory(bytes: 512 << 20),
                    healthcheck: "GET /up"
                ),
                ProcessStatus(
                    type: try ProcessType("worker"),
                    ready: nil,
                    wanted: 10,
                    cpu: CPU(millicores: 1000),
                    memory: Memory(bytes: 1 << 30)
                ),
            ],
            deploying: DeployStatus(generation: Generation(number: 7), step: "deploy/web", detail: "2 of 3 ready"),
            failure: DeployFailure(
                generation: Generation(number: 6),
                step: "build",
                message: "pip exited with 1",
                output: ["no such \u{1B}[31mpackage"],
                at: earlier(180)
            ),
            unknown: [Unknown(subject: "cluster", reason: "podman does not answer")]
        )
        #expect(
            StatusText(style: style, time: TimeText(now: now)).render(status) == """
                shop v42  deploying  since 21:13 by ana   http://shop.localhost:8080/
                  web      3 of 3 ready   250m / 512Mi  readiness GET /up
                  worker   ? of 10 ready  1 / 1Gi
                  ▸ generation 7 is under way: deploy web, 2 of 3 ready
                  ✗ last deploy failed 3 minutes ago at build: pip exited with 1
                      no such [31mpackage
                  ! cluster unknown: podman does not answer
                """
        )
    }

    @Test func `progress keeps what began and takes what is new`() throws {
        let app = try AppName("shop")
        let source = Sample.digest(of: [])
        let steps = try Sample.steps(of: app, .run(Sample.manifest(app), source: source))
        let document = PlanDocument(Sample.plan(app, steps: steps), fingerprint: source)
        var progress = DeployProgress(document)
        func event(_ kind: DeployEvent.Kind, _ step: String?, plan: PlanDocument? = nil) -> DeployEvent {
            DeployEvent(kind, generation: Generation(number: 1), at: now, plan: plan, step: step)
        }
        #expect(progress.apply(event(.planned, nil, plan: document)) == nil)
        _ = progress.apply(event(.started, "build"))
        _ = progress.apply(event(.done, "build"))
        #expect(progress.apply(event(.done, "build")) == nil)
        let after = PlanDocument(Sample.plan(app, steps: Array(steps.dropFirst(2))), fingerprint: source)
        let change = progress.apply(event(.planned, nil, plan: after))
        #expect(change == .replanned(left: ["route shop.localhost"]))
        #expect(progress.rows.map(\.label) == ["build", "route shop.localhost"])
        _ = progress.apply(event(.started, "deploy/worker"))
        #expect(progress.rows.map(\.label) == ["build", "deploy worker", "route shop.localhost"])
    }

    @Test func `a step that failed and goes back is a row of its own`() throws {
        let app = try AppName("shop")
        let source = Sample.digest(of: [])
        let steps = try Sample.steps(of: app, .run(Sample.manifest(app), source: source))
        var progress = DeployProgress(PlanDocument(Sample.plan(app, steps: steps), fingerprint: source))
        let kinds: [DeployEvent.Kind] = [.started, .failed, .started, .progress, .done]
        for kind in kinds {
            _ = progress.apply(DeployEvent(kind, generation: Generation(number: 1), at: now, step: "deploy/web"))
        }
        #expect(progress.rows.filter { $0.id == "deploy/web" }.map(\.state) == [.failed, .done])
    }

    @Test func `a line is cut to the terminal, and steers nothing`() throws {
        var row = DeployProgress.Row(id: "build", label: "build")
        row.state = .running
        row.startedAt = earlier(12)
        row.output = ["\u{1B}]0;evil\u{7}collecting a package with a long name"]
        let text = EventText(style: style, labels: ["build", "deploy web"], columns: 50)
        #expect(text.line(row, now: now, frame: 4) == "  ⠼ build          12 s   ]0;evilcollecting a pa…")
        let ascii = EventText(style: TextStyle(glyphs: .ascii, colour: true), labels: ["build"])
        row.state = .done
        row.milliseconds = 61_000
        #expect(ascii.line(row, now: now) == "  \u{1B}[32m+\u{1B}[0m build 1 m 01 s")
    }
}
