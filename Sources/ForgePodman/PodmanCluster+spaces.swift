// SPDX-License-Identifier: Apache-2.0

import Crypto
import ForgeEngine
package import ForgeModel

extension PodmanCluster {
    /// The user ids of apps.
    private static let users = 100_000..<165_536

    /// Creates the app's network: its processes find each other by the name of their process type and reach the
    /// outside; no other app reaches them. The network keeps the user id that the app's containers run as.
    package func prepare(_ space: Space) async throws {
        _ = try await user(of: space.app)
    }

    /// The user id of an app; creates its network if it has none.
    func user(of app: AppName) async throws -> Int {
        let name = names.network(app)
        return try await spaces.locked {
            let networks = try await client.networks()
            if let user = networks.first(where: { $0.name == name })?.labels?[Label.user].flatMap({ Int($0) }) {
                return user
            }
            let taken = Set(networks.compactMap { $0.labels?[Label.user].flatMap { Int($0) } })
            let seed = Int(Self.hash("user \(settings.instance) \(app)").prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
            let candidates = Self.users.lazy.map { Self.users.lowerBound + (seed + $0) % Self.users.count }
            guard let user = candidates.first(where: { !taken.contains($0) }) else {
                throw ClusterError(.refused, "no user id is left for \(app): all of 100000 to 165535 are taken")
            }
            try await create(name, labels: [Label.app: app.text, Label.user: "\(user)"], beside: networks)
            return user
        }
    }

    /// Creates the network of builds unless it is there: with a way to the outside and none to any app.
    func prepareEgress() async throws {
        try await spaces.locked {
            let networks = try await client.networks()
            guard !networks.contains(where: { $0.name == names.egress }) else { return }
            try await create(names.egress, labels: [:], beside: networks)
        }
    }

    private func create(_ name: String, labels: [String: String], beside networks: [PodmanNetwork]) async throws {
        let hash = Self.hash("network \(name)")
        let taken = networks.flatMap { $0.subnets ?? [] }.compactMap { AddressRange($0.subnet) } + AddressRange.routed()
        guard let range = AddressRange.free(startingAt: hash, taken: taken) else {
            throw ClusterError(.refused, "no address range is left for the network \(name) in \(AddressRange.pool)")
        }
        try await client.create(
            PodmanNetwork(
                name: name,
                // podman numbers bridges by what it knows of, which is not what other platforms on this host use.
                networkInterface: NetworkIsolation.bridgePrefix + Hexadecimal.text(hash.prefix(5)),
                options: ["isolate": "true"],
                labels: labels.merging([Label.instance: settings.instance]) { $1 },
                subnets: [PodmanNetwork.Subnet(subnet: range.description)]
            )
        )
    }

    private static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Removes what `observe` named: all containers of a process type, after their time to stop; or the network, and
    /// with it what tasks left and the app's cache volumes.
    package func remove(_ object: ObjectReference, of app: AppName) async throws {
        switch object.kind {
        case PodmanDialect.containers: try await removeContainers(object, of: app)
        case PodmanDialect.network where object.name == app.text:
            for task in Set(try await details(of: app).compactMap { $0.labels[Label.task] }) {
                try await discard(task, of: app)
            }
            try await client.removeNetwork(names.network(app))
            for volume in try await client.volumes([owner, (Label.app, app.text)]) {
                try await client.removeVolume(volume.name)
            }
        default: throw ClusterError(.invalid, "\(app) has no \(object) in podman")
        }
    }

    private func removeContainers(_ object: ObjectReference, of app: AppName) async throws {
        let details = try await details(of: app)
        fleet.replace(details.compactMap { Instance($0) }) { $0.app == app }
        let instances = fleet.members(at: .now) { $0.app == app && $0.service == object.name }.map(\.instance)
        let marked = try await unlist(instances, of: object.name)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for instance in instances { group.addTask { try await self.end(instance) } }
                try await group.waitForAll()
            }
        } catch {
            // They may be wanted again before this is tried again.
            fleet.keep(marked)
            throw error
        }
    }
}
