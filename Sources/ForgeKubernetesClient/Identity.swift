// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

/// What is added to a request so that the server knows who asks. Holds secrets.
struct Identity: Hashable, Sendable {
    /// The value of the `Authorization` field.
    var authorization: String?
    /// A client certificate with its key, instead of the one of the kubeconfig.
    var certificate: TLSSettings.PEM?
    var key: TLSSettings.PEM?
}
