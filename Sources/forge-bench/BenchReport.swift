// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// What one phase cost.
struct Measurement {
    let seconds: Double
    let requests: Int?
}

/// Prints measurements beside each other.
struct BenchReport {
    /// Prints a phase: ours, the peer's where there is one, and the ratio of their times.
    func line(_ phase: String, _ ours: Measurement, peer: (name: String, Measurement)? = nil) {
        var text = phase.padded(to: 26) + Self.time(ours.seconds).aligned(to: 10)
        text += (ours.requests.map { "\($0) requests" } ?? "").aligned(to: 18)
        if let peer {
            text += "   " + peer.name.padded(to: 32) + Self.time(peer.1.seconds).aligned(to: 10)
            text += "   ratio " + Self.rounded(ours.seconds / peer.1.seconds)
        }
        print(text)
    }

    /// `1.23 s`, `45 ms`.
    private static func time(_ seconds: Double) -> String {
        seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : rounded(seconds) + " s"
    }

    private static func rounded(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Times a body.
func measured(_ requests: () -> Int?, _ body: () async throws -> Void) async throws -> Measurement {
    let before = requests()
    let start = ContinuousClock.now
    try await body()
    let took = (ContinuousClock.now - start).components
    return Measurement(
        seconds: Double(took.seconds) + Double(took.attoseconds) / 1e18,
        requests: requests().flatMap { after in before.map { after - $0 } }
    )
}
