// SPDX-License-Identifier: Apache-2.0

package import ForgeHTTP

/// Where an API server is, how it is known to be the right one, and who asks. Holds secrets: never print it.
package struct KubernetesAccess: Sendable, Hashable {
    /// How the user proves who it is, beside the client certificate in `tls`.
    package enum Credentials: Sendable, Hashable {
        /// By the client certificate alone, or not at all.
        case none
        case token(String)
        /// The token is in a file, which is read again because tokens of pods rotate.
        case tokenFile(String)
        case password(user: String, password: String)
        /// A program tells a token or a certificate.
        case plugin(ExecPlugin)
    }

    /// `https://host:port`, with a path when the server is behind one; without a slash at the end.
    package let server: String
    /// The authorities to trust, the client certificate and the name to expect.
    package let tls: TLSSettings
    /// How the user identifies itself.
    package let credentials: Credentials
    /// The namespace of the context; `default` without one.
    package let namespace: String
    /// The proxy that leads to the server, as a URL; nil: the one that the environment names, if any.
    package let proxy: String?
    /// The context in the kubeconfig, or `in-cluster`; for messages.
    package let context: String

    /// Describes a way to a cluster.
    package init(
        server: String,
        tls: TLSSettings = TLSSettings(),
        credentials: Credentials = .none,
        namespace: String = "default",
        proxy: String? = nil,
        context: String = "given"
    ) {
        self.server = server
        self.tls = tls
        self.credentials = credentials
        self.namespace = namespace
        self.proxy = proxy
        self.context = context
    }
}
