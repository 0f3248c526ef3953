// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeModel
import ForgePlan
import FoundationEssentials
import Testing

@Suite struct DocumentTests {
    private func text(_ document: some Encodable) throws -> String {
        String(decoding: try WireFormat.encode(document), as: UTF8.self)
    }

    @Test func `an event and its position are one flat object`() throws {
        let event = DeployEvent(
            .progress,
            generation: Generation(number: 7),
            at: Timestamp(number: 5),
            step: "deploy/web",
            detail: "2 of 3 ready"
        )
        let line = StreamedEvent.event(event, position: "12-0")
        let written = try text(line)
        #expect(
            written == #"{"at":5,"detail":"2 of 3 ready","generation":7,"kind":"progress","position":"12-0","#
                + #""step":"deploy/web"}"#
        )
        #expect(try WireFormat.decode(StreamedEvent.self, from: Data(written.utf8)) == line)
    }

    @Test func `heartbeats and kinds of a newer server are read`() throws {
        #expect(try text(StreamedEvent.heartbeat) == #"{"kind":"heartbeat"}"#)
        #expect(try WireFormat.decode(StreamedEvent.self, from: Data(#"{"kind":"heartbeat"}"#.utf8)) == .heartbeat)
        let newer = Data(#"{"kind":"paused","generation":"?"}"#.utf8)
        #expect(try WireFormat.decode(StreamedEvent.self, from: newer) == .other(kind: "paused"))
    }

    @Test func `log lines and heartbeats share a stream`() throws {
        let line = StreamedLog.line(
            LogDocument(at: Timestamp(number: 1), process: .web, instance: "web.7f3a", text: "kind regards")
        )
        for document in [line, .heartbeat] {
            #expect(try WireFormat.decode(StreamedLog.self, from: WireFormat.encode(document)) == document)
        }
    }

    @Test func `unknown fields are skipped`() throws {
        let version = Data(#"{"version":"9.9","api":"v1","since":"tomorrow"}"#.utf8)
        #expect(try WireFormat.decode(VersionDocument.self, from: version).version == "9.9")
    }

    @Test func `a problem of a newer server is kept as it is`() throws {
        let problem = Data(#"{"type":"about:blank","title":"T","status":418,"detail":"d","code":"teapot"}"#.utf8)
        let document = try WireFormat.decode(ProblemDocument.self, from: problem)
        #expect(document.knownCode == nil && document.code == "teapot" && document.status == 418)
    }

    @Test func `a removal is asked for without a manifest`() throws {
        #expect(try text(PlanRequest.destroy) == #"{"destroy":true}"#)
    }
}
