// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel

/// Makes the plans that the API shows: the engine's `Proposer`. Only reads.
package protocol PlanSource: Sendable {
    /// What would be done if the wish were committed now.
    func propose(_ app: AppName, _ wish: Wish) async throws -> Proposal
    /// What the loop would do for an app now; nil when there is no such app.
    func standing(_ app: AppName) async throws -> StandingPlan?
}

extension Proposer: PlanSource {}
