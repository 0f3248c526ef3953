// SPDX-License-Identifier: Apache-2.0
package import ForgeAPI
package import ForgeEngine
package import ForgeModel
import ForgePlan

/// The engine's view of apps as the API's documents.
package struct EngineStatusSource: StatusSource {
    private let reader: AppStatusReader
    private let store: any StateStore
    private let routerPort: Int

    /// - Parameter routerPort: the port on which apps answer, for the URLs.
    package init(reader: AppStatusReader, store: any StateStore, routerPort: Int) {
        self.reader = reader
        self.store = store
        self.routerPort = routerPort
    }

    package func status(_ app: AppName) async throws -> AppStatusDocument? {
        try await reader.status(app).map(document)
    }

    package func statuses() async throws -> [AppStatusDocument] {
        var documents: [AppStatusDocument] = []
        for app in try await store.apps() {
            // An app that was removed meanwhile is left out.
            if let document = try await status(app) { documents.append(document) }
        }
        return documents
    }

    private func document(_ status: AppStatus) -> AppStatusDocument {
        AppStatusDocument(
            app: status.app,
            state: state(status.state),
            release: status.live?.number,
            since: status.live?.createdAt,
            by: status.live?.createdBy,
            url: status.host.map { routerPort == 80 ? "http://\($0)/" : "http://\($0):\(routerPort)/" },
            processes: status.processes.sorted { Self.order($0.type) < Self.order($1.type) }.map(process),
            deploying: status.underWay.map {
                DeployStatus(generation: $0.generation, step: $0.step, detail: $0.detail)
            },
            failure: status.failure,
            unknown: status.unknown.map { Unknown(subject: "cluster", reason: $0) }
        )
    }

    /// web comes first, the others by name.
    private static func order(_ type: ProcessType) -> (Int, String) { (type == .web ? 0 : 1, type.text) }

    private func state(_ state: AppStatus.State) -> AppStatusDocument.State {
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

    private func process(_ process: AppStatus.Process) -> ProcessStatus {
        let check: String? =
            switch process.healthcheck {
            case .none: nil
            case .tcp: "its port"
            case .http(let path, _): "GET \(path)"
            }
        return ProcessStatus(
            type: process.type,
            ready: process.ready,
            wanted: process.wanted,
            cpu: process.resources.cpu,
            memory: process.resources.memory,
            healthcheck: check
        )
    }
}
