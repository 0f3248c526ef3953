// SPDX-License-Identifier: Apache-2.0

package import ForgeAPI
package import ForgeModel

/// Tells how apps stand. Only reads.
package protocol StatusSource: Sendable {
    /// How an app stands; nil when there is no such app.
    func status(_ app: AppName) async throws -> AppStatusDocument?
    /// How every app stands, by name.
    func statuses() async throws -> [AppStatusDocument]
}
