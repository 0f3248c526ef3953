// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
import ForgeHTTP
package import ForgeModel
package import Logging

/// The cluster on one machine: podman's REST API on its Unix socket (specs/podman.md).
///
/// It keeps no state of its own. What it made says in its labels what it is; what is in memory (readiness, pauses
/// between restarts) is found out again. `run()` has to run beside it, once: it probes, publishes endpoints, stops
/// retired containers and hands out hints.
package final class PodmanCluster: Cluster, Sendable {
    /// podman's words for units.
    package let dialect: any Dialect = PodmanDialect()

    let settings: PodmanSettings
    let client: PodmanClient
    let names: PodmanNames
    let isolation: NetworkIsolation
    let fleet = Fleet()
    let publisher: EndpointPublisher
    let probe: PortProbe
    let hub = ChangeHub()
    let logger: Logger
    /// Choosing a user id and an address range needs to see what the others have.
    let spaces = AsyncLock()
    /// Containers to stop and remove, each once; `run()` takes them.
    let retirements: AsyncStream<[Instance]>
    let retire: AsyncStream<[Instance]>.Continuation

    /// Does nothing yet: podman is first called when the cluster is first asked.
    package init(settings: PodmanSettings, endpoints: any EndpointSink, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let transport = HTTPTransport()
        client = PodmanClient(socket: settings.socket, transport: transport)
        names = PodmanNames(instance: settings.instance)
        isolation = NetworkIsolation(instance: settings.instance)
        publisher = EndpointPublisher(fleet: fleet, sink: endpoints)
        probe = PortProbe(transport: transport)
        (retirements, retire) = AsyncStream.makeStream(of: [Instance].self)
    }

    /// Hints from podman's events and from probing.
    package func changes() -> AsyncStream<AppName> { hub.listen() }

    // MARK: Looking

    /// The label that marks what is this platform's.
    var owner: (String, String) { (Label.instance, settings.instance) }

    /// This platform's networks.
    func ownNetworks() async throws -> [PodmanNetwork] {
        try await client.networks().filter { $0.labels?[Label.instance] == settings.instance }
    }

    /// An app's containers as they are now.
    func details(of app: AppName) async throws -> [ContainerDetails] {
        try await client.details([owner, (Label.app, app.text)])
    }

    /// The containers of a process type as they are now, with what is known of them.
    func members(of app: AppName, _ process: ProcessType) async throws -> [Member] {
        let details = try await client.details([owner, (Label.app, app.text), (Label.process, process.text)])
        let isMeant: @Sendable (Instance) -> Bool = { $0.app == app && $0.process == process }
        fleet.replace(details.compactMap { Instance($0) }, where: isMeant)
        return fleet.members(at: .now, where: isMeant)
    }
}
