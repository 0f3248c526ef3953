// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeHTTP
package import ForgeModel
package import Logging

/// The routing table of a running nginx, changed without a reload.
///
/// The table is kept in a file, from which this actor and nginx each take it up again after a restart. A change is
/// saved first and then pushed; when the call returns, every worker of nginx uses it.
package actor NginxRouter: Router, EndpointSink, RoutingSink {
    private let settings: RouterSettings
    private let transport: HTTPTransport
    private let boot: String
    private var table: RoutingTable
    private var saved: [UInt8]?
    /// What nginx acknowledged last; it takes up the same from the file when it restarts.
    private var acknowledged: [UInt8]?
    private var delivery: Task<Void, any Error>?

    /// Takes up the saved table. One that cannot be read is reported and left out: routes and endpoints are added
    /// again by those who know them.
    /// - Parameter transport: reaches the control socket; may be shared.
    /// - Throws: `RouterError` for a setting, or if the state folder cannot be read.
    package init(settings: RouterSettings, transport: HTTPTransport, logger: Logger) throws {
        try settings.validate()
        self.settings = settings
        self.transport = transport
        let identifier = try StateFile.read("/proc/sys/kernel/random/boot_id", limit: 256) ?? []
        boot = String(decoding: identifier.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        table = RoutingTable()
        saved = try StateFile.read(settings.tableFile, limit: RouterScript.tableLimit)
        guard let saved else { return }
        do {
            table = try RoutingTable(bytes: saved, boot: boot)
        } catch {
            logger.warning("saved routing table is not used", error: error, metadata: ["file": "\(settings.tableFile)"])
        }
    }

    package func routes(_ app: AppName) async throws -> [Route] {
        table.routes.values.filter { $0.app == app }.sorted { $0.host < $1.host }
    }

    package func add(_ route: Route) async throws {
        try await change { try $0.add(route) }
    }

    package func remove(_ route: Route) async throws {
        try await change { $0.remove(route) }
    }

    package func publish(_ endpoints: [String: [Endpoint]]) async throws {
        try await change { try $0.replace(endpoints) }
    }

    package func replace(routes: [Route], endpoints: [String: [Endpoint]]) async throws {
        try await change { table in
            table = RoutingTable()
            for route in routes { try table.add(route) }
            try table.replace(endpoints)
        }
    }

    /// Pushes the table again if nginx has another one or none.
    /// - Returns: whether it had to.
    /// - Throws: `RouterError` if nginx does not answer.
    @discardableResult
    package func ensureCurrent() async throws -> Bool {
        let (status, body) = try await exchange("GET", .none)
        guard status == 200 || status == 404 else { throw RouterError.refused(status, body) }
        if status == 200, try body == table.bytes(boot: boot) { return false }
        acknowledged = nil
        saved = nil
        try save(table)
        try await deliver()
        return true
    }

    /// Calls `ensureCurrent` again and again until the task is cancelled; says once when nginx stops answering and
    /// once when it is back.
    package func keepCurrent(every interval: Duration = .seconds(2), logger: Logger) async throws {
        var answered = true
        while true {
            do {
                let pushed = try await ensureCurrent()
                if pushed || !answered { logger.info("nginx has the routing table") }
                answered = true
            } catch {
                try Task.checkCancellation()
                if answered { logger.warning("nginx has not got the routing table", error: error) }
                answered = false
            }
            try await Task.sleep(for: interval)
        }
    }

    private func change(_ edit: (inout RoutingTable) throws -> Void) async throws {
        var edited = table
        try edit(&edited)
        try save(edited)
        table = edited
        try await deliver()
    }

    private func save(_ table: RoutingTable) throws {
        let bytes = try table.bytes(boot: boot)
        if bytes == saved { return }
        try StateFile.replace(settings.tableFile, with: bytes)
        saved = bytes
    }

    /// Pushes the table as it is when earlier deliveries have ended: an older one never overwrites a newer one, and
    /// one push answers all changes that waited.
    private func deliver() async throws {
        let previous = delivery
        let next = Task {
            _ = await previous?.result
            let bytes = try table.bytes(boot: boot)
            if bytes == acknowledged { return }
            let (status, body) = try await exchange("PUT", .bytes(bytes))
            guard status == 200 else { throw RouterError.refused(status, body) }
            acknowledged = bytes
        }
        delivery = next
        try await next.value
    }

    private func exchange(_ method: String, _ body: HTTPRequest.Body) async throws -> (Int, [UInt8]) {
        let request = HTTPRequest(
            method: method,
            url: "http://router/table",
            headers: ["Content-Type": "application/json"],
            body: body,
            unixSocket: settings.controlSocket,
            timeouts: .init(connect: .seconds(5), idle: .seconds(10), total: .seconds(30))
        )
        do {
            let response = try await transport.perform(request)
            return (response.status, try await response.body.collect(limit: RouterScript.tableLimit))
        } catch let error as HTTPError {
            throw RouterError.unreachable(settings.controlSocket, error.message)
        }
    }
}
