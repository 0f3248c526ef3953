// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetesClient
import Logging

extension KubernetesClient {
    /// Asks what the cluster serves until it answers; nil when the task is cancelled.
    /// - Parameter onFault: told why it does not, at every try.
    func discoverPatiently(
        _ kinds: [WatchedKind],
        _ logger: Logger,
        onFault: (String) -> Void = { _ in }
    ) async -> Discovery? {
        var backoff = RelistBackoff()
        var lastReason: String?
        while !Task.isCancelled {
            do {
                return try await discover(groups: WatchedKind.groups(of: kinds))
            } catch {
                if Task.isCancelled { return nil }
                onFault("\(error)")
                if lastReason != "\(error)" {
                    logger.warning("the cluster cannot be seen", metadata: ["reason": "\(error)"])
                }
                lastReason = "\(error)"
                let pause = backoff.pause(after: .zero, chance: .random(in: 0...1))
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
        return nil
    }
}
