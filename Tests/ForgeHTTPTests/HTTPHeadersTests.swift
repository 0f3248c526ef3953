// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeHTTP

@Suite struct HTTPHeadersTests {
    @Test func namesIgnoreCaseAndOrderIsKept() {
        var headers: HTTPHeaders = ["Content-Type": "text/plain", "Set-Cookie": "a"]
        headers.add("set-cookie", "b")
        #expect(headers["content-TYPE"] == "text/plain")
        #expect(headers["Set-Cookie"] == "a")
        #expect(headers.values("SET-COOKIE") == ["a", "b"])
        #expect(headers.fields.map(\.name) == ["Content-Type", "Set-Cookie", "set-cookie"])
        headers["Set-Cookie"] = "c"
        #expect(headers.values("set-cookie") == ["c"])
        headers["content-type"] = nil
        #expect(headers.fields.count == 1)
        #expect(headers["Missing"] == nil)
    }

    @Test func errorsNameNoCredentials() {
        let error = HTTPError(code: .timedOut, message: "late", url: "https://me:secret@host:5000/v2/?token=secret#x")
        #expect(error.url == "https://host:5000/v2/")
        #expect(error.description == "https://host:5000/v2/: late")
        #expect(HTTPError.withoutCredentials("http://host/a@b") == "http://host/a@b")
        let socket = HTTPError(code: .notFound, message: "gone", url: "http://d/info", unixSocket: "/run/x.sock")
        #expect(socket.url == "http://d/info (unix:/run/x.sock)")
    }

    @Test(arguments: [
        ("http://localhost:5000/v2/", "localhost", true), ("http://me:pw@127.0.0.1/", "127.0.0.1", true),
        ("https://[::1]:443", "::1", true), ("http://hello.localhost/x", "hello.localhost", true),
        ("https://example.com/127.0.0.1", "example.com", false),
        ("http://localhost.example.com", "localhost.example.com", false),
        ("http://127.example.com:80", "127.example.com", false), ("http://127.0.0.256", "127.0.0.256", false),
    ]) func hostOfURL(url: String, name: String, isLoopback: Bool) {
        #expect(URLHost(url).name == name)
        #expect(URLHost(url).isLoopback == isLoopback)
    }

    private func parse(_ lines: [String], followsRedirects: Bool = false) throws -> [ResponseHead] {
        var parser = ResponseHeadParser(followsRedirects: followsRedirects)
        return try lines.compactMap { line in
            try Array((line + "\r\n").utf8).withUnsafeBytes { try parser.consume($0) }
        }
    }

    @Test func parserSkipsInterimResponsesAndTrailers() throws {
        let heads = try parse([
            "HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/1.1 200 OK", "A:1", "B: 2 ",
            "  folded", "Empty:", "", "Trailer: t", "",
        ])
        #expect(heads.map(\.status) == [200])
        #expect(heads.first?.headers == ["A": "1", "B": "2 folded", "Empty": ""])
    }

    @Test func parserSkipsFollowedRedirectsOnly() throws {
        let lines = ["HTTP/1.1 302 Found", "Location: /b", "", "HTTP/1.1 204 No Content", ""]
        #expect(try parse(lines, followsRedirects: true).map(\.status) == [204])
        #expect(try parse(lines).map(\.status) == [302])
        #expect(try parse(["HTTP/1.1 300 Multiple Choices", ""], followsRedirects: true).map(\.status) == [300])
    }

    @Test func parserRefusesWhatIsNotHTTP() {
        #expect(throws: ResponseHeadParser.Failure.self) { try parse(["SSH-2.0-x"]) }
        #expect(throws: ResponseHeadParser.Failure.self) { try parse(["HTTP/1.1 200 OK", "no colon"]) }
        #expect(throws: ResponseHeadParser.Failure.self) {
            try parse(["HTTP/1.1 200 OK"] + Array(repeating: "X: " + String(repeating: "y", count: 9000), count: 40))
        }
    }
}
