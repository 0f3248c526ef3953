// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

extension KubernetesError {
    /// A request that got no answer.
    init(_ error: HTTPError, to call: KubernetesCall, at access: KubernetesAccess) {
        let code: Code =
            switch error.code {
            case .protocolError, .tooLarge: .unintelligible
            case .invalidRequest: .configuration
            default: .unreachable
            }
        let way = access.proxy.map { " through the proxy at \(URLHost($0).name)" } ?? ""
        let reason = error.code == .tls ? Self.certificateReason(error.message, access) : error.message
        // `HTTPError.url` has neither credentials nor query.
        self.init(code, "cannot \(call.purpose): \(error.url)\(way): \(reason)")
    }

    /// OpenSSL's sentence with what to do about it. The sentences are those of X509_verify_cert_error_string(3).
    private static func certificateReason(_ sentence: String, _ access: KubernetesAccess) -> String {
        "\(sentence); \(remedy(sentence.lowercased(), access))"
    }

    private static func remedy(_ sentence: String, _ access: KubernetesAccess) -> String {
        let remedies = [
            ("expired", "renew the certificate, or correct the clock of this machine"),
            ("not yet valid", "correct the clock of this machine, or of the one that made the certificate"),
            ("subject name", "the certificate is for other names; use one of them in server, or set tls-server-name"),
            ("issuer", wrongAuthority(access)),
            ("self-signed", wrongAuthority(access)),
            ("self signed", wrongAuthority(access)),
            ("unable to verify", wrongAuthority(access)),
            ("certificate signature failure", wrongAuthority(access)),
            ("client cert", "check client-certificate and client-key of the kubeconfig"),
            ("private key", "check client-certificate and client-key of the kubeconfig"),
            ("verify locations", "check certificate-authority of the kubeconfig"),
            ("wrong version number", "the server speaks no TLS; check the port, or write http://"),
        ]
        return remedies.first { sentence.contains($0.0) }?.1
            ?? "check the certificates of context \(access.context)"
    }

    private static func wrongAuthority(_ access: KubernetesAccess) -> String {
        "it is not signed by the authority that context \(access.context) trusts: "
            + "take the cluster's present certificate-authority, or somebody else answers there"
    }
}
