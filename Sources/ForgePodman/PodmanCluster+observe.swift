// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
package import ForgeModel

extension PodmanCluster {
    /// What the labels of an app's containers and network say.
    ///
    /// A process type is seen as the set that serves it. Containers of other sets, left by a rollout that was
    /// interrupted or failed, are the field `leftover`, which no unit has: so the planner sees a difference.
    package func observe(_ app: AppName) async throws -> ClusterObservation {
        let details = try await details(of: app)
        let networks = try await ownNetworks()
        fleet.replace(details.compactMap { Instance($0) }) { $0.app == app }
        let members = fleet.members(at: .now) { $0.app == app }
        var observation = ClusterObservation()
        if networks.contains(where: { $0.name == names.network(app) }) {
            observation.objects.append(PodmanDialect.object(of: app))
        }
        for (process, members) in Dictionary(grouping: members, by: \.instance.process) {
            let sets = WorkloadSets(members)
            guard let object = object(of: sets, app, process) else { continue }
            observation.objects.append(object)
            observation.rollouts[process] = rollout(of: sets)
        }
        observation.objects.sort { $0.reference < $1.reference }
        for (task, details) in Dictionary(grouping: details, by: { $0.labels[Label.task] }) {
            guard let task else { continue }
            observation.tasks[task] = try await state(ofPhases: details)
        }
        return observation
    }

    private func object(of sets: WorkloadSets, _ app: AppName, _ process: ProcessType) -> NativeObject? {
        guard let serving = sets.serving, let first = serving.members.first else { return nil }
        var fields = first.instance.unit.fields
        let running = serving.members.filter { $0.instance.state == .running && !$0.isRetiring }
        fields["instances"] = .text("\(running.count)")
        let leftover = sets.groups.filter { $0.id != serving.id }.map(\.members.count).reduce(0, +)
        if leftover > 0 { fields["leftover"] = .text("\(leftover)") }
        return NativeObject(
            reference: ObjectReference(kind: PodmanDialect.containers, name: "\(app).\(process)"),
            process: process,
            fields: .map(fields)
        )
    }

    private func rollout(of sets: WorkloadSets) -> RolloutState {
        let ready = sets.serving?.members.filter(\.isServingCandidate).count ?? 0
        let wanted = sets.serving?.members.count ?? 0
        return sets.groups.count == 1 && ready == wanted
            ? .complete(ready: ready) : .progressing(ready: ready, wanted: wanted)
    }
}
