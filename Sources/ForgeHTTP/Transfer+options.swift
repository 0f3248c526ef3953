// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

extension Transfer {
    /// Sets every option of the easy handle from the request.
    func configure(errorBuffer: UnsafeMutablePointer<CChar>) throws {
        try set(CURLOPT_ERRORBUFFER, pointer: UnsafeMutableRawPointer(errorBuffer))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        // One connection carries one transfer, so pausing a transfer slows down its sender and no one else.
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // A peer that vanished without a word is noticed after 20 s + 9 × 10 s, also by streams that may be silent.
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 20)
        try set(CURLOPT_TCP_KEEPINTVL, 10)
        try set(CURLOPT_BUFFERSIZE, 128 << 10)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        try setTarget()
        try setTimeouts()
        try setTLS()
        try setMethodAndBody()
        try setHeaders()
        try setCallbacks()
    }

    var request: HTTPRequest { exchange.request }

    private func setTimeouts() throws {
        let range = 1...Int(Int32.max)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.timeouts.connect.clampedMilliseconds(to: range))
        if let total = request.timeouts.total { try set(CURLOPT_TIMEOUT_MS, total.clampedMilliseconds(to: range)) }
    }

    private func setTLS() throws {
        let tls = request.tls
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        try set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2 : 0)
        // libcurl itself, unlike its command, does not read this variable.
        let systemAuthority = getenv("SSL_CERT_FILE").map { TLSSettings.PEM.file(String(cString: $0)) }
        try set(tls.authority ?? systemAuthority, file: CURLOPT_CAINFO, blob: CURLOPT_CAINFO_BLOB)
        try set(tls.clientCertificate, file: CURLOPT_SSLCERT, blob: CURLOPT_SSLCERT_BLOB)
        try set(tls.key, file: CURLOPT_SSLKEY, blob: CURLOPT_SSLKEY_BLOB)
    }

    private func setMethodAndBody() throws {
        let length: Int64?
        switch request.body {
        case .none:
            // RFC 9110 §8.6: methods that expect content say that there is none.
            guard ["POST", "PUT", "PATCH"].contains(request.method) else {
                if request.method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
                if request.method != "GET", request.method != "HEAD" { try set(CURLOPT_CUSTOMREQUEST, request.method) }
                return
            }
            length = 0
        case .bytes(let bytes): length = Int64(bytes.count)
        case .stream(let promised, _):
            length = promised
            // A stream cannot be sent twice, as it would have to when a kept connection turns out to be closed.
            try set(CURLOPT_FRESH_CONNECT, 1)
        }
        try set(CURLOPT_UPLOAD, 1)
        try set(CURLOPT_CUSTOMREQUEST, request.method)
        try check(forge_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(length ?? -1)))
    }

    private func setHeaders() throws {
        // A second's wait for "100 Continue" from servers that do not know it is worse than a body sent in vain.
        try addHeaderLine("Expect:")
        if request.headers["User-Agent"] == nil { try addHeaderLine("User-Agent: ForgePaaS") }
        for field in request.headers.fields {
            guard Self.isToken(field.name), !field.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else {
                throw exchange.error(.invalidRequest, "the header field \(field.name) has a forbidden character")
            }
            // libcurl's notations: a colon without a value removes a field, a semicolon sends it empty.
            try addHeaderLine(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        guard Self.isToken(request.method) else {
            throw exchange.error(.invalidRequest, "the method has a forbidden character")
        }
        try set(CURLOPT_HTTPHEADER, pointer: UnsafeMutableRawPointer(headerLines))
    }

    func addHeaderLine(_ line: String) throws {
        guard let list = curl_slist_append(headerLines, line) else {
            throw exchange.error(.invalidRequest, "libcurl has no memory for the request")
        }
        headerLines = list
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }

    private func setCallbacks() throws {
        let context = Unmanaged.passUnretained(self).toOpaque()
        for option in [CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            try set(option, pointer: context)
        }
        try check(
            forge_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                Transfer.from(context)?.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            }
        )
        try check(
            forge_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                Transfer.from(context)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            }
        )
        try check(
            forge_curl_set_data_function(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
                let target = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return Transfer.from(context)?.sendBody(into: target) ?? Int(CURL_READFUNC_ABORT)
            }
        )
        try check(
            forge_curl_set_seek_function(handle) { context, offset, origin in
                guard origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
                return Transfer.from(context)?.rewindBody(to: Int64(offset)) ?? CURL_SEEKFUNC_FAIL
            }
        )
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    func set(_ option: CURLoption, _ value: Int) throws {
        try check(forge_curl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws {
        guard !value.utf8.contains(0) else { throw exchange.error(.invalidRequest, "the request has a NUL byte") }
        try check(forge_curl_set_string(handle, option, value))
    }

    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws {
        try check(forge_curl_set_pointer(handle, option, pointer))
    }

    private func set(_ pem: TLSSettings.PEM?, file: CURLoption, blob: CURLoption) throws {
        switch pem {
        case .file(let path): try set(file, path)
        case .bytes(let bytes):
            try check(bytes.withUnsafeBytes { forge_curl_set_blob(handle, blob, $0.baseAddress, $0.count) })
        case nil: break
        }
    }

    private func check(_ result: CURLcode) throws {
        guard result == CURLE_OK else { throw exchange.error(for: result, systemError: 0, detail: "") }
    }
}
