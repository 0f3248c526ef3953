// SPDX-License-Identifier: Apache-2.0

/// Why a call of the Kubernetes API did not do what it was asked.
package struct KubernetesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is: it decides what a caller does next.
    package enum Code: Hashable, Sendable {
        /// The kubeconfig, or the credentials that it names, cannot be used: nothing was sent.
        case configuration
        /// No answer: connection, name, certificate, or the server says that it is overloaded or not ready.
        case unreachable
        /// 401: the credentials are wrong or over.
        case unauthenticated
        /// 403: the rights do not allow it, or admission refused it.
        case forbidden
        /// 403 on create: the namespace is being deleted.
        case terminating
        /// 404, by an API server's own word.
        case notFound
        /// 409: the object has changed, or a field is another manager's.
        case conflict
        /// 409 on create: the object is there already.
        case exists
        /// 410: a resourceVersion or a continue token is too old.
        case gone
        /// 400 or 422: the object is not valid; `fields` names what.
        case invalid
        /// The server answered with what no API server answers.
        case unintelligible
    }

    /// What kind of fault it is.
    package let code: Code
    /// One line that names the object, the server's own words and the remedy; never a credential.
    package let message: String
    /// The paths that a 422 blames, or that a 409 of an apply says are another manager's, as the server spells them:
    /// `spec.selector`, `.spec.replicas`.
    package let fields: [String]
    /// What the server asks to wait before the next call (Retry-After), in seconds.
    package let retryAfter: Int?

    /// Describes a fault.
    package init(_ code: Code, _ message: String, fields: [String] = [], retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.fields = fields
        self.retryAfter = retryAfter
    }

    /// The message.
    package var description: String { message }
}
