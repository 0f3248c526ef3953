// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeKubernetesClient

extension ClusterError {
    /// What a fault of the API server means to the engine: whether the same call may succeed later.
    init(_ error: KubernetesError) {
        switch error.code {
        // Credentials are renewed, and files mended, while the platform runs.
        case .configuration, .unauthenticated, .unreachable, .unintelligible: self.init(.unreachable, error.message)
        case .conflict, .exists, .gone, .notFound, .terminating: self.init(.conflict, error.message)
        case .forbidden: self.init(.refused, error.message)
        case .invalid: self.init(.invalid, error.message)
        }
    }

    /// Runs calls of the API server and throws what their faults mean to the engine.
    @discardableResult
    static func translating<Value>(_ calls: () async throws -> Value) async throws -> Value {
        do {
            return try await calls()
        } catch let error as KubernetesError {
            throw ClusterError(error)
        }
    }
}
