// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI

/// Counts how apps are beside what is wanted of them, and keeps those of which something is to be said.
package struct FleetTally: Sendable {
    /// How many apps were told.
    package private(set) var apps = 0
    /// How many are as described.
    package private(set) var asDescribed = 0
    /// How many differ, as far as can be seen.
    package private(set) var differing = 0
    /// How many have a deploy on its way.
    package private(set) var deploying = 0
    /// How many could not be seen, or not all of them.
    package private(set) var unknown = 0
    /// How many have drift.
    package private(set) var drifted = 0
    /// The apps that are not as described, in the order in which they were told.
    package private(set) var rows: [AppPlanDocument] = []

    /// Nothing counted yet.
    package init() {}

    /// Counts an app.
    package mutating func add(_ app: AppPlanDocument) {
        apps += 1
        if app.differs { differing += 1 }
        if app.drifted > 0 { drifted += 1 }
        switch app.state {
        case .asDescribed:
            asDescribed += 1
            return
        case .deploying: deploying += 1
        case .unknown: unknown += 1
        case .differs: break
        }
        rows.append(app)
    }

    /// What a command that only told exits with: what could not be seen is never a good end.
    ///
    /// - Parameter changes: whether there is what `--detailed-exitcode` asks about; nil without that flag.
    func status(changes: Bool?) -> ExitStatus {
        if changes == true { return .changes }
        return unknown > 0 ? .unavailable : .done
    }
}

/// The counts as JSON: the line before the result (specs/cli.md §4).
struct FleetSummaryDocument: Encodable {
    private let type = "summary"
    private let apps: Int
    private let asDescribed: Int
    private let differ: Int
    private let drifted: Int
    private let deploying: Int
    private let unknown: Int

    init(_ tally: FleetTally) {
        apps = tally.apps
        asDescribed = tally.asDescribed
        differ = tally.differing
        drifted = tally.drifted
        deploying = tally.deploying
        unknown = tally.unknown
    }
}

/// One app as JSON.
struct FleetAppDocument: Encodable {
    private let type = "app"
    let app: AppPlanDocument
}
