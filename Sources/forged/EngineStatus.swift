// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import ForgeEngine
import ForgeModel
import ForgePlan
import ForgeServer

/// How apps stand, in the API's words.
struct EngineStatus: StatusSource {
    let reader: AppStatusReader
    let store: any StateStore
    let routerPort: Int

    func status(_ app: AppName) async throws -> AppStatusDocument? {
        try await reader.status(app).map { document($0) }
    }

    func statuses() async throws -> [AppStatusDocument] {
        var documents: [AppStatusDocument] = []
        for app in try await store.apps() {
            if let document = try await status(app) { documents.append(document) }
        }
        return documents
    }

    private func document(_ status: AppStatus) -> AppStatusDocument {
        AppStatusDocument(
            app: status.app,
            state: Self.state(status.state),
            release: status.live?.number,
            since: status.live?.createdAt,
            by: status.live?.createdBy,
            url: status.host.map { routerPort == 80 ? "http://\($0)" : "http://\($0):\(routerPort)" },
            processes: Self.ordered(status.processes).map(Self.process),
            deploying: status.underWay.map {
                DeployStatus(generation: $0.generation, step: $0.step, detail: $0.detail)
            },
            failure: status.failure,
            unknown: status.unknown.map { Unknown(subject: "cluster", reason: $0) }
        )
    }

    /// The web process first, then by name.
    private static func ordered(_ processes: [AppStatus.Process]) -> [AppStatus.Process] {
        processes.filter { $0.type == .web } + processes.filter { $0.type != .web }.sorted { $0.type < $1.type }
    }

    private static func state(_ state: AppStatus.State) -> AppStatusDocument.State {
        switch state {
        case .live: .live
        case .deploying: .deploying
        case .failed: .failed
        case .degraded: .degraded
        case .stopped: .stopped
        case .destroying: .destroying
        case .unknown: .unknown
        }
    }

    private static func process(_ process: AppStatus.Process) -> ProcessStatus {
        let healthcheck: String? =
            switch process.healthcheck {
            case .none: nil
            case .tcp: process.port.map { "port \($0)" }
            case .http(let path, _): "GET \(path)"
            }
        return ProcessStatus(
            type: process.type,
            ready: process.ready,
            wanted: process.wanted,
            cpu: process.resources.cpu,
            memory: process.resources.memory,
            healthcheck: healthcheck
        )
    }
}
