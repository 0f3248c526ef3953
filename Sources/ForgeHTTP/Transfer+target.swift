// SPDX-License-Identifier: Apache-2.0

import CCurl

extension Transfer {
    /// Where to connect, through what, and what is asked for there.
    func setTarget() throws {
        if let name = request.tls.serverName, request.unixSocket == nil {
            try setURL(certifiedAs: name)
        } else {
            try set(CURLOPT_URL, request.url)
        }
        if let socket = request.unixSocket { try set(CURLOPT_UNIX_SOCKET_PATH, socket) }
        if request.unixSocket != nil || request.connectsDirectly {
            try set(CURLOPT_PROXY, "")
        } else if let proxy = request.proxy {
            try set(CURLOPT_PROXY, proxy)
            try set(CURLOPT_NOPROXY, "")
        } else if URLHost(request.url).isLoopback {
            try set(CURLOPT_PROXY, "")
        }
        if request.followRedirects, request.method == "GET" || request.method == "HEAD" {
            try set(CURLOPT_FOLLOWLOCATION, 1)
            try set(CURLOPT_MAXREDIRS, 10)
            try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        }
    }

    /// libcurl has no option for the name in the certificate. So the URL has that name for a host, the connection is led
    /// to the real one, and the `Host` field names the real one too.
    private func setURL(certifiedAs name: String) throws {
        let url = curl_url()
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, request.url, 0) == CURLUE_OK, let host = part(CURLUPART_HOST, of: url),
            let port = part(CURLUPART_PORT, of: url),
            curl_url_set(url, CURLUPART_HOST, name, 0) == CURLUE_OK, let renamed = part(CURLUPART_URL, of: url)
        else { throw exchange.error(.invalidRequest, "the URL or the name of its server is malformed") }
        try set(CURLOPT_URL, renamed)
        connections = curl_slist_append(nil, "\(name):\(port):\(host):\(port)")
        try set(CURLOPT_CONNECT_TO, pointer: UnsafeMutableRawPointer(connections))
        if request.headers["Host"] == nil { try addHeaderLine("Host: \(host):\(port)") }
    }

    private func part(_ part: CURLUPart, of url: OpaquePointer?) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        defer { curl_free(text) }
        guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK else { return nil }
        return text.map { String(cString: $0) }
    }
}
