// SPDX-License-Identifier: Apache-2.0

/// Why the router could not be configured or could not take a table.
package enum RouterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A setting that cannot be written into the configuration; with the remedy.
    case setting(String, String)
    /// `nginx -t` refused the configuration; with its messages.
    case configuration(String)
    /// A file or folder could not be used; with the reason.
    case file(String, String)
    /// The control socket could not be reached, or broke; with the reason.
    case unreachable(String, String)
    /// nginx refused a table; with its status and message.
    case refused(Int, String)
    /// A table that nginx must not be given; with the reason.
    case table(String)

    /// One lower-case sentence that names the thing and the remedy.
    package var description: String {
        switch self {
        case .setting(let value, let remedy): "router setting '\(value)': \(remedy)"
        case .configuration(let messages): "nginx refuses its configuration: \(messages)"
        case .file(let path, let reason): "\(path): \(reason)"
        case .unreachable(let socket, let reason): "nginx does not answer at \(socket): \(reason)"
        case .refused(let status, let message): "nginx refused the routing table (\(status)): \(message)"
        case .table(let reason): "routing table: \(reason)"
        }
    }
}
