// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// How far one application of a step came.
enum StepOutcome: Sendable {
    /// It has run to its end; what to say of it, for people.
    case done(String?)
    /// It goes on by itself; the app is woken when something changes.
    case waiting(String)
    /// It failed for good.
    case failed(message: String, output: [String])
    /// A passing fault; the same step is worth another try.
    case passing(String)
}
