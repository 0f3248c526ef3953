// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// How an app is beside what is wanted of it, and what the loop would do about it: a line of `GET /v1/plans`, and with
/// the whole plan the answer of `GET /v1/apps/{app}/plan` (specs/api.md §11).
package struct AppPlanDocument: Hashable, Sendable, Codable {
    /// The whole in one word.
    package enum State: String, Sendable, Codable {
        /// Everything was looked at, and nothing differs.
        case asDescribed = "as-described"
        /// Something differs.
        case differs
        /// A generation is on its way: its steps are no difference.
        case deploying
        /// Something could not be seen, so nothing is said of it.
        case unknown
    }

    /// How many steps do what.
    package struct Changes: Hashable, Sendable, Codable {
        /// Steps that make something.
        package let create: Int
        /// Steps that change something.
        package let update: Int
        /// Steps that remove something.
        package let delete: Int
        /// Steps that run something.
        package let run: Int

        /// Counts steps.
        package init(_ steps: [StepDocument]) {
            func count(_ action: Step.Action) -> Int { steps.filter { $0.action == action }.count }
            create = count(.create)
            update = count(.update)
            delete = count(.delete)
            run = count(.run)
        }
    }

    /// The app.
    package let app: AppName
    /// The whole in one word.
    package let state: State
    /// The release that serves.
    package let release: ReleaseNumber?
    /// How many steps do what.
    package let changes: Changes
    /// What has changed outside of the platform, at most ``mostDrift`` fields of it in a stream.
    package let drift: [Drift]
    /// How many drifted fields there are in all.
    package let drifted: Int
    /// Why the first step is there, for people: `web: image differs`; nil without steps.
    package let reason: String?
    /// What could not be seen.
    package let unknown: [Unknown]
    /// The whole plan, where one app was asked for.
    package let plan: PlanDocument?

    /// How many drifted fields a line of a stream names.
    package static let mostDrift = 20

    /// Tells of an app's plan.
    ///
    /// - Parameter isWhole: whether the plan itself and all drift are in it.
    package init(_ plan: PlanDocument, isUnderWay: Bool, isWhole: Bool) {
        app = plan.app
        release = plan.live
        changes = Changes(plan.steps)
        drift = isWhole ? plan.drift : Array(plan.drift.prefix(Self.mostDrift))
        drifted = plan.drift.count
        reason = plan.steps.first.map { "\($0.target): \($0.reason)" }
        unknown = plan.unknown
        self.plan = isWhole ? plan : nil
        if isUnderWay {
            state = .deploying
        } else if !plan.unknown.isEmpty {
            state = .unknown
        } else {
            state = plan.steps.isEmpty && plan.drift.isEmpty && plan.refusals.isEmpty ? .asDescribed : .differs
        }
    }

    /// Tells that nothing is known of an app.
    package init(_ app: AppName, unknown: Unknown) {
        self.app = app
        state = .unknown
        release = nil
        changes = Changes([])
        drift = []
        drifted = 0
        reason = nil
        self.unknown = [unknown]
        plan = nil
    }

    /// Whether something is to be done or was changed, as far as can be seen.
    package var differs: Bool { state != .deploying && (changes != Changes([]) || drifted > 0 || state == .differs) }
}

/// One line of the fleet's plan (specs/api.md §11).
package enum StreamedAppPlan: Hashable, Sendable, Codable {
    /// An app.
    case app(AppPlanDocument)
    /// Every app was told, so many: without this line the stream is not whole.
    case end(apps: Int)
    /// Nothing happened for a while, and the server is there.
    case heartbeat
    /// Something that a newer server says, to be skipped.
    case other(kind: String)

    private enum Key: String, CodingKey { case kind, apps }

    /// Reads a line.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "app": self = .app(try AppPlanDocument(from: decoder))
        case "end": self = .end(apps: try container.decode(Int.self, forKey: .apps))
        case "heartbeat": self = .heartbeat
        case let kind: self = .other(kind: kind)
        }
    }

    /// Writes a line.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .app(let document):
            try container.encode("app", forKey: .kind)
            try document.encode(to: encoder)
        case .end(let apps):
            try container.encode("end", forKey: .kind)
            try container.encode(apps, forKey: .apps)
        case .heartbeat: try container.encode("heartbeat", forKey: .kind)
        case .other(let kind): try container.encode(kind, forKey: .kind)
        }
    }
}

/// How many apps the loop was told to look at: the answer of `POST /v1/reconcile` and `POST /v1/apps/{app}/reconcile`.
package struct ReconcileAccepted: Hashable, Sendable, Codable {
    /// How many apps.
    package let apps: Int

    /// Counts apps.
    package init(apps: Int) { self.apps = apps }
}
