// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a phase tells on the way, one line at a time.
///
/// Lines go out at once, so that they stand in the right order between those that buildpacks write to the same place.
struct PhaseLog: Sendable {
    enum Level: Int, Sendable { case debug, info, warn, error }

    let level: Level
    private let sink: @Sendable (String) -> Void

    init(level: Level = .info, sink: @escaping @Sendable (String) -> Void = PhaseLog.writeToStandardOutput) {
        self.level = level
        self.sink = sink
    }

    /// The level that `-log-level` names; an unknown one is refused with exit code 3.
    static func level(named name: String?) throws(PhaseError) -> Level {
        switch name {
        case nil, "info": return .info
        case "debug": return .debug
        case "warn": return .warn
        case "error": return .error
        case let name?:
            throw PhaseError(PhaseError.Code.arguments, "-log-level '\(name)' is none of debug, info, warn and error")
        }
    }

    func debug(_ text: String) { write(.debug, text) }
    func info(_ text: String) { write(.info, text) }
    func warn(_ text: String) { write(.warn, "Warning: " + text) }
    func error(_ text: String) { write(.error, "ERROR: " + text) }
    /// A line for programs, written at every level.
    func result(_ text: String) { sink(text) }

    private func write(_ level: Level, _ text: String) {
        if level.rawValue >= self.level.rawValue { sink(text) }
    }

    @Sendable private static func writeToStandardOutput(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if sent < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(sent, 0))
        }
    }
}
