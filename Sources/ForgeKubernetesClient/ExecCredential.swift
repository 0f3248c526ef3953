// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeJSON
import FoundationEssentials

/// What a plugin says (client.authentication.k8s.io, "ExecCredentialStatus").
struct ExecCredential: Hashable, Sendable {
    let identity: Identity
    /// When it is no longer to be used; nil: not before the server refuses it.
    let expiry: Date?

    /// Reads a plugin's output. The messages never have a piece of it.
    /// - Parameter apiVersion: the one that the kubeconfig asks for.
    init(_ output: [UInt8], apiVersion: String) throws(KubernetesError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: output)
        } catch {
            throw KubernetesError(.configuration, "its output is not JSON (byte \(error.offset): \(error.message))")
        }
        guard document["kind"]?.string == "ExecCredential" else {
            throw KubernetesError(.configuration, "its output is no ExecCredential")
        }
        guard document["apiVersion"]?.string == apiVersion else {
            throw KubernetesError(
                .configuration,
                "its output is not of apiVersion \(apiVersion); correct exec.apiVersion in the kubeconfig"
            )
        }
        let token = document["status", "token"]?.string
        let certificate = document["status", "clientCertificateData"]?.string
        let key = document["status", "clientKeyData"]?.string
        guard (certificate == nil) == (key == nil), token != nil || certificate != nil else {
            throw KubernetesError(
                .configuration,
                "its output has neither a token nor a client certificate with its key"
            )
        }
        identity = Identity(
            authorization: token.map { "Bearer \($0)" },
            certificate: certificate.map { .bytes(Array($0.utf8)) },
            key: key.map { .bytes(Array($0.utf8)) }
        )
        expiry = try document["status", "expirationTimestamp"]?.string.map { text throws(KubernetesError) in
            guard let date = Self.date(text) else {
                throw KubernetesError(.configuration, "its expirationTimestamp is no time of RFC 3339")
            }
            return date
        }
    }

    /// RFC 3339 §5.6; fractions of a second are left out.
    static func date(_ text: String) -> Date? {
        let whole = text.replacing(/\.[0-9]+/, with: "")
        return try? Date(whole, strategy: .iso8601)
    }
}
