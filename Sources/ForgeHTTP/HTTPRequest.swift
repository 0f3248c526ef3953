// SPDX-License-Identifier: Apache-2.0

/// One outgoing HTTP/1.1 request, a value; `HTTPTransport.perform` sends it.
package struct HTTPRequest: Sendable {
    /// What is sent after the header.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Read once, with back-pressure, while it is sent. With a `length` it is sent with Content-Length and must
        /// have exactly that many bytes; without, in chunks. An error of the sequence ends the transfer, and
        /// `perform` throws that error.
        case stream(length: Int64?, any AsyncSequence<[UInt8], any Error> & Sendable)
    }

    /// Limits on the time that a transfer may take.
    package struct Timeouts: Sendable, Hashable {
        /// Until the connection stands, name lookup and TLS handshake included.
        package var connect: Duration
        /// The longest time without a byte in either direction, counted from the start of the transfer. Time in which
        /// the transfer waits for the reader of the response or for the request's own stream does not count.
        /// `nil`: no limit (event streams).
        package var idle: Duration?
        /// For the whole transfer until the last byte of the response. `nil`: no limit.
        package var total: Duration?

        /// Limits that fit a call of an API; event streams set `idle` to `nil`.
        package init(connect: Duration = .seconds(10), idle: Duration? = .seconds(60), total: Duration? = nil) {
            self.connect = connect
            self.idle = idle
            self.total = total
        }
    }

    /// Upper case, as in RFC 9110 §9.
    package var method: String
    /// `http://…` or `https://…`.
    package var url: String
    package var headers: HTTPHeaders
    package var body: Body
    /// Path of the Unix socket to connect to; the URL's host then only names the `Host` header.
    package var unixSocket: String?
    package var timeouts: Timeouts
    package var tls: TLSSettings
    /// Follow up to 10 redirects of a GET or HEAD (other methods get the redirect as their response).
    /// `Authorization` and `Cookie` are not sent on to another host, port or scheme.
    package var followRedirects: Bool
    /// Never use the proxy that the environment names. Unix sockets and loopback never do.
    package var connectsDirectly: Bool
    /// The proxy to use whatever the environment says, as a URL (`http`, `https` or `socks5`); not for Unix sockets.
    package var proxy: String?

    /// A request; its parts are checked by `HTTPTransport.perform`.
    package init(
        method: String = "GET",
        url: String,
        headers: HTTPHeaders = [:],
        body: Body = .none,
        unixSocket: String? = nil,
        timeouts: Timeouts = Timeouts(),
        tls: TLSSettings = TLSSettings(),
        followRedirects: Bool = false,
        connectsDirectly: Bool = false,
        proxy: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.unixSocket = unixSocket
        self.timeouts = timeouts
        self.tls = tls
        self.followRedirects = followRedirects
        self.connectsDirectly = connectsDirectly
        self.proxy = proxy
    }
}
