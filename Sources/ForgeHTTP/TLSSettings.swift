// SPDX-License-Identifier: Apache-2.0

/// How an `https` connection is verified and how the client identifies itself.
package struct TLSSettings: Sendable, Hashable {
    /// PEM text, in a file or in memory (a kubeconfig carries both kinds).
    package enum PEM: Sendable, Hashable {
        case file(String)
        case bytes([UInt8])
    }

    /// The authorities to trust instead of the system's. `nil`: the file that `SSL_CERT_FILE` names, else the system's.
    package var authority: PEM?
    /// The client certificate, with its intermediates.
    package var clientCertificate: PEM?
    /// The client certificate's private key.
    package var key: PEM?
    /// Off only when the user asked for it: the server may then be anyone.
    package var verify: Bool
    /// The name that is told to the server (SNI) and must be in its certificate; `nil`: the URL's host.
    package var serverName: String?

    /// The system's authorities and no client certificate, but for what is given.
    package init(
        authority: PEM? = nil,
        clientCertificate: PEM? = nil,
        key: PEM? = nil,
        verify: Bool = true,
        serverName: String? = nil
    ) {
        self.authority = authority
        self.clientCertificate = clientCertificate
        self.key = key
        self.verify = verify
        self.serverName = serverName
    }
}
