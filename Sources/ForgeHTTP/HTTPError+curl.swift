// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

extension Exchange {
    /// libcurl's result as an error.
    /// - Parameters:
    ///   - systemError: `errno` of the last failed connection, or 0.
    ///   - detail: libcurl's own sentence, possibly empty; it names hosts and files, never credentials.
    func error(for result: CURLcode, systemError: Int, detail: String) -> HTTPError {
        let sentence = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
        switch result {
        case CURLE_COULDNT_CONNECT: return connectionError(systemError, sentence)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return error(.unknownHost, "the host's name has no address; check the name and the network")
        case CURLE_OPERATION_TIMEDOUT: return error(.timedOut, Self.lowercased(sentence))
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
            return error(.connectionLost, "the connection ended early: \(Self.lowercased(sentence))")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_INITFAILED:
            return error(.tls, Self.lowercased(sentence))
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: return error(.invalidRequest, "the URL is malformed")
        case CURLE_FILESIZE_EXCEEDED: return error(.tooLarge, Self.lowercased(sentence))
        default: return error(.protocolError, Self.lowercased(sentence))
        }
    }

    private func connectionError(_ systemError: Int, _ sentence: String) -> HTTPError {
        switch Int32(systemError) {
        case ECONNREFUSED: error(.connectionRefused, "connection refused: nothing listens there")
        case ENOENT: error(.notFound, "the socket does not exist")
        case EACCES, EPERM: error(.permissionDenied, "the socket may not be opened by this user")
        default: error(.unreachable, Self.lowercased(sentence))
        }
    }

    private static func lowercased(_ sentence: String) -> String {
        guard let first = sentence.first, sentence.dropFirst().first?.isUppercase != true else { return sentence }
        return first.lowercased() + sentence.dropFirst()
    }
}
