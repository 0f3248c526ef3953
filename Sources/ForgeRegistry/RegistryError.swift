// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

/// Why a registry did not do what it was asked.
package struct RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller decides by.
    package enum Code: String, Sendable {
        /// No credentials, or wrong ones.
        case unauthorized
        /// The credentials are good but do not allow this.
        case denied
        case notFound
        /// No answer: refused, unknown host, timed out, TLS refused, connection lost.
        case unreachable
        /// The registry is there but fails (5xx) or asks to wait (429), still after retries.
        case unavailable
        /// The bytes are not those that the digest names.
        case digestMismatch
        case tooLarge
        /// The registry does not offer this operation.
        case unsupported
        /// The answer is not that of an OCI registry.
        case protocolError
        /// A repository, tag or reference that no registry accepts.
        case invalidName
        /// Credentials or settings that cannot be read.
        case invalidConfiguration
        case cancelled
    }

    package let code: Code
    /// A short lower-case sentence that names host, repository and reference, and what to do.
    package let message: String
    /// Another attempt may go better.
    let isPassing: Bool

    /// What an upload session was sent is lost, but a new session may go better: the connection broke, the registry
    /// or a proxy before it failed, or the registry was started anew and does not know the session.
    var losesSession: Bool { isPassing || code == .unavailable || code == .notFound }

    /// An error that stays however often it is tried.
    package init(_ code: Code, _ message: String) {
        self.init(code, message, isPassing: false)
    }

    private init(_ code: Code, _ message: String, isPassing: Bool) {
        self.code = code
        self.message = message
        self.isPassing = isPassing
    }

    package var description: String { message }

    /// - Parameter subject: what the request was about: `localhost:5000/shop/web:v3`.
    init(_ error: HTTPError, subject: String) {
        let remedy: String
        switch error.code {
        case .cancelled:
            self.init(.cancelled, "\(subject): the request was cancelled")
            return
        case .tooLarge:
            self.init(.tooLarge, "\(subject): \(error.message)")
            return
        case .invalidRequest:
            self.init(.invalidName, "\(subject): \(error.message)")
            return
        case .tls: remedy = "trust its certificate authority, or list the host as insecure if it has no TLS"
        case .timedOut, .connectionLost: remedy = "try again, and look at the registry's log"
        default: remedy = "check that the registry runs and that its address is right"
        }
        self.init(
            .unreachable,
            "\(subject): registry unreachable: \(error.message); \(remedy)",
            isPassing: error.code == .connectionLost || error.code == .connectionRefused
        )
    }
}
