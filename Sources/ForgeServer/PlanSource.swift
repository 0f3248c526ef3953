// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel

/// Makes the plans that the API shows: the engine's `Proposer`, by its one method. Only reads.
package protocol PlanSource: Sendable {
    /// What would be done if the wish were committed now.
    func propose(_ app: AppName, _ wish: Wish) async throws -> Proposal
}

extension Proposer: PlanSource {}
