// SPDX-License-Identifier: Apache-2.0

/// The final response to a request (no 1xx, no followed redirect). Its body is still arriving.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Read it to its end to give the connection back for reuse; dropping it closes the connection.
    package let body: HTTPBody
}
