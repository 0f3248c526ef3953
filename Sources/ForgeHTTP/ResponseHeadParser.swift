// SPDX-License-Identifier: Apache-2.0

/// Turns the header lines of a transfer into its final response's head, leaving out interim responses (1xx),
/// redirects that are followed, and trailers.
struct ResponseHeadParser {
    /// Why the lines are no header that is taken.
    struct Failure: Error {
        let code: HTTPError.Code
        let message: String
    }

    /// All header lines of a transfer together, in bytes.
    static let limit = 256 << 10

    let followsRedirects: Bool
    private var head: ResponseHead?
    private var isDone = false
    private var size = 0

    init(followsRedirects: Bool) {
        self.followsRedirects = followsRedirects
    }

    /// - Parameter line: with its line end.
    /// - Returns: the head when `line` is the empty one that ends it.
    mutating func consume(_ line: UnsafeRawBufferPointer) throws(Failure) -> ResponseHead? {
        guard !isDone else { return nil }
        size += line.count
        guard size <= Self.limit else {
            throw Failure(code: .tooLarge, message: "the response's header has more than \(Self.limit) bytes")
        }
        let text = String(decoding: line, as: UTF8.self)
        let content = text.trimmed
        if content.isEmpty { return finishHead() }
        guard head != nil else {
            head = try statusLine(content)
            return nil
        }
        if text.utf8.first == UInt8(ascii: " ") || text.utf8.first == UInt8(ascii: "\t") {
            head?.headers.continueLast(content)
        } else if let colon = content.firstIndex(of: ":") {
            head?.headers.add(
                String(content[..<colon]).trimmed,
                String(content[content.index(after: colon)...]).trimmed
            )
        } else {
            throw Failure(code: .protocolError, message: "the response has a header line without a colon")
        }
        return nil
    }

    private func statusLine(_ line: String) throws(Failure) -> ResponseHead {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/"), let status = Int(parts[1]), (100...999).contains(status)
        else { throw Failure(code: .protocolError, message: "the response has no HTTP status line") }
        return ResponseHead(status: status, headers: [:])
    }

    private mutating func finishHead() -> ResponseHead? {
        guard let head else { return nil }
        self.head = nil
        // The rule by which libcurl follows: any 3xx with a location.
        let isFollowed =
            followsRedirects && (300...399).contains(head.status) && head.headers["Location"] != ""
            && head.headers["Location"] != nil
        guard head.status >= 200, !isFollowed else { return nil }
        isDone = true
        return head
    }
}

extension String {
    /// Without white space and line ends around it.
    fileprivate var trimmed: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let start = utf8.firstIndex { !isBlank($0) } ?? utf8.endIndex
        let end = utf8.lastIndex { !isBlank($0) }.map { utf8.index(after: $0) } ?? utf8.endIndex
        return String(self[start..<end])
    }
}
