// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

extension ForgeClient {
    /// What happens to a generation, from a position on until its result, whatever happens to the connection.
    package func follow(
        _ app: AppName,
        generation: Generation,
        after position: String?
    ) -> Followed<EventCursor> {
        // It was just there, and took the commit.
        Followed(client: self, cursor: EventCursor(app, generation, after: position), isPatientAtFirst: true)
    }
}
