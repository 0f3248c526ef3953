// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan
import ForgePlanner
package import ForgeTesting

/// Values that tests of the API and of the commands share.
extension Sample {
    /// The digest of bytes.
    package static func digest(of bytes: [UInt8]) -> Digest { Digest(hashing: bytes) }

    /// A manifest with a web process.
    package static func manifest(_ app: AppName) -> AppManifest {
        AppManifest(name: app, processes: [.web: .defaults(for: .web)])
    }

    /// The steps that a wish takes.
    package static func steps(of app: AppName, _ wish: Wish, isDestructive: Bool = false) throws -> [Step] {
        guard case .run(let manifest, let source) = wish else {
            return [
                Step(
                    number: 1,
                    kind: .prune,
                    action: .delete,
                    target: app.text,
                    reason: "the app is destroyed",
                    isDestructive: true,
                    work: .forget
                )
            ]
        }
        let key = try BuildKey(String(repeating: "0", count: 64))
        let route = Route(host: try Host("\(app).localhost"), app: app, process: .web)
        return [
            Step(
                number: 1,
                kind: .build,
                action: .create,
                target: app.text,
                reason: "first deploy",
                work: .build(BuildWork(key: key, source: source, settings: manifest.build))
            ),
            Step(
                number: 2,
                kind: .deploy,
                action: .create,
                target: "web",
                reason: "new",
                wait: Wait("1 of 1 ready", atMost: TimeSpan(seconds: 60)),
                isDestructive: isDestructive,
                work: .deploy(workload(app))
            ),
            Step(number: 3, kind: .route, action: .create, target: route.host.text, reason: "new", work: .route(route)),
        ]
    }

    private static func workload(_ app: AppName) -> Workload {
        Workload(
            app: app,
            process: .web,
            image: .afterBuild,
            command: .image,
            env: [:],
            instances: 1,
            resources: Resources(),
            port: 8080,
            healthcheck: .none
        )
    }

    /// A plan of steps.
    package static func plan(
        _ app: AppName,
        generation: Generation = Generation(number: 1),
        steps: [Step],
        drift: [Drift] = [],
        unknown: [Unknown] = [],
        refusals: [String] = []
    ) -> Plan {
        Plan(
            app: app,
            cluster: "test",
            generation: generation,
            live: nil,
            next: ReleaseNumber(number: generation.number),
            manifest: nil,
            source: nil,
            drift: drift,
            steps: steps,
            unknown: unknown,
            refusals: refusals,
            unenforced: [],
            unchanged: Unchanged(objects: 0, images: 0),
            onFailure: "nothing of \(app) serves"
        )
    }

    /// A step that sets a process type back.
    package static func repair(_ process: ProcessType) -> Step {
        Step(
            number: 1,
            kind: .deploy,
            action: .update,
            target: process.text,
            reason: "instances differs",
            work: .deploy(workload(app))
        )
    }

    /// A field that someone else changed; `kind/name` is the object.
    package static func drift(
        _ object: String,
        _ path: String,
        from: String?,
        to: String?,
        step: Int? = 1,
        by manager: String? = nil
    ) -> Drift {
        let parts = object.split(separator: "/", maxSplits: 1).map(String.init)
        return Drift(
            object: ObjectReference(kind: parts[0], name: parts.count > 1 ? parts[1] : ""),
            change: FieldChange(path: path, from: from, to: to),
            step: step,
            owner: manager.map { FieldOwner(manager: $0, since: Timestamp(number: 1_700_000_000_000)) }
        )
    }
}
