// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON

extension KubernetesError {
    /// The most bytes of an answer that says what is wrong.
    private static let bodyLimit = 1 << 20
    /// The most characters of the server's words in a message.
    private static let wordsLimit = 1_000

    /// An answer that is no success.
    init(_ response: HTTPResponse, to call: KubernetesCall, at access: KubernetesAccess) async {
        let bytes = (try? await response.body.collect(limit: Self.bodyLimit)) ?? []
        let body = try? JSONValue(parsing: bytes)
        self.init(
            status: response.status,
            document: body,
            retryAfter: response.headers["Retry-After"].flatMap { Int($0) },
            to: call,
            at: access
        )
    }

    /// What a `Status` object says (Kubernetes API reference, "Status v1 meta"), or its absence.
    init(
        status: Int,
        document: JSONValue?,
        retryAfter: Int? = nil,
        to call: KubernetesCall,
        at access: KubernetesAccess
    ) {
        let document = document?["kind"]?.string == "Status" ? document : nil
        let details = document?["details"]
        let causes = details?["causes"]?.array ?? []
        let code = Self.code(status, document, causes)
        let fields = causes.compactMap { $0["field"]?.string }
        // What a server says about a Secret that it refuses may quote it.
        let quotes = call.isSecret && code == .invalid
        let said = quotes ? "it refuses \(fields.joined(separator: ", "))" : document?["message"]?.string
        let wait = retryAfter ?? details?["retryAfterSeconds"]?.integer
        self.init(
            code,
            "cannot \(call.purpose): \(Self.clean(said ?? Self.silence(status)))\(Self.remedy(code, status, access))",
            fields: fields,
            retryAfter: wait.map { max($0, 0) }
        )
    }

    private static func code(_ status: Int, _ document: JSONValue?, _ causes: [JSONValue]) -> Code {
        let reason = document?["reason"]?.string
        switch status {
        case 401: return .unauthenticated
        case 403:
            let isTerminating = causes.contains { $0["reason"]?.string == "NamespaceTerminating" }
            return isTerminating ? .terminating : .forbidden
        // Anything on the way can answer 404; only the API server's own word says that an object does not exist.
        case 404 where reason == "NotFound": return .notFound
        case 409: return reason == "AlreadyExists" ? .exists : .conflict
        case 410: return .gone
        case 429, 500...599: return .unreachable
        case 400...499 where document != nil: return .invalid
        default: return .unintelligible
        }
    }

    private static func silence(_ status: Int) -> String { "the server answered \(status) without a reason" }

    private static func remedy(_ code: Code, _ status: Int, _ access: KubernetesAccess) -> String {
        switch code {
        case .unauthenticated:
            "; the credentials of context \(access.context) are wrong or have run out: renew them"
        case .unintelligible:
            "; check that \(URLHost(access.server).name) is an API server that serves this (context \(access.context))"
        case .unreachable where status == 429: "; the server has too much to do: try again later"
        default: ""
        }
    }

    /// One line without control characters, of bounded length.
    private static func clean(_ words: String) -> String {
        let line = words.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
        let plain = line.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return plain.count <= wordsLimit
            ? String(String.UnicodeScalarView(plain)) : String(String.UnicodeScalarView(plain.prefix(wordsLimit))) + "…"
    }
}
