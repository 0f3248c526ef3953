// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Testing

@testable import ForgeOCI

@Suite struct ImageDocumentTests {
    private let hex = String(repeating: "ab", count: 32)

    @Test func aBaseConfigKeepsWhatIsNotKnown() throws {
        let text = """
            {"architecture":"amd64","os":"linux","x.vendor":{"n":[1,2.5,true,null]},"config":{"Env":["PATH=/bin","A=1=2"],\
            "Healthcheck":{"Test":["NONE"]},"User":"1002"},"rootfs":{"type":"layers","diff_ids":["sha256:\(hex)"]},\
            "history":[{"created_by":"base","comment":"kept nowhere"}]}
            """
        var config = try ImageConfig(decoding: Array(text.utf8))
        #expect(config.environment.map(\.value) == ["/bin", "1=2"])
        config.setVariable("PATH", to: "/cnb/process:/bin")
        config.setVariable("B", to: "/x/y")
        config.labels = ["a/b": "c"]
        config.command = nil
        config.append(layer: Sha256.digest(of: [1]), history: .init(created: "1980-01-01T00:00:01Z", createdBy: "app"))
        let written = String(decoding: try config.encoded(), as: UTF8.self)
        #expect(written.contains(#""x.vendor":{"n":[1,2.5,true,null]}"#))
        #expect(written.contains(#""Healthcheck":{"Test":["NONE"]}"#))
        #expect(written.contains(#""Env":["PATH=/cnb/process:/bin","A=1=2","B=/x/y"]"#))
        #expect(written.contains(#""Labels":{"a/b":"c"}"#))
        let again = try ImageConfig(decoding: Array(written.utf8))
        #expect(try again.encoded() == config.encoded())
        #expect(again.diffIDs.count == 2)
        #expect(again.history.map(\.createdBy) == ["base", "app"])
        #expect(again.user == "1002")
    }

    @Test func refusesWhatIsNoDocument() {
        for text in ["", "[]", #"{"rootfs":{"diff_ids":["sha256:1"]}}"#] {
            #expect(throws: MalformedDocument.self) { try ImageConfig(decoding: Array(text.utf8)) }
        }
        #expect(throws: MalformedDocument.self) {
            try ImageManifest(decoding: Array(#"{"schemaVersion":1,"layers":[]}"#.utf8))
        }
    }

    @Test func manifestBytesAreCanonical() throws {
        let config = Descriptor(mediaType: MediaType.config, content: Array("{}".utf8))
        let manifest = ImageManifest(config: config, layers: [])
        let bytes = try manifest.encoded()
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"config":{"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",\
                "mediaType":"application/vnd.oci.image.config.v1+json","size":2},"layers":[],\
                "mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2}
                """
        )
        #expect(try ImageManifest(decoding: bytes) == manifest)
    }

    @Test func picksThePlatform() throws {
        let text = """
            {"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:\(hex)","size":1,\
            "platform":{"os":"linux","architecture":"arm64","variant":"v8"}},{"mediaType":"m","digest":"sha256:\(hex)",\
            "size":2,"platform":{"os":"linux","architecture":"amd64"}}]}
            """
        let index = try ImageIndex(decoding: Array(text.utf8))
        #expect(index.manifest(for: ImagePlatform(os: "linux", architecture: "amd64"))?.size == 2)
        #expect(index.manifest(for: ImagePlatform(os: "linux", architecture: "arm64"))?.size == 1)
        #expect(index.manifest(for: ImagePlatform(os: "linux", architecture: "riscv64")) == nil)
    }
}
