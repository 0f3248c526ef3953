// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan

/// Makes sure that someone agreed before something is lost for good (specs/cli.md §6).
struct Consent {
    private let session: Session
    private let yes: Bool

    init(_ session: Session, yes: Bool = false) {
        self.session = session
        self.yes = yes
    }

    /// Asks when a step is destructive; throws a failure when nobody agrees or nobody can be asked.
    func require(for plan: PlanDocument) throws {
        let losses = plan.steps.filter(\.destructive)
        guard !losses.isEmpty, !yes else { return }
        let steps = losses.map { String($0.number) }.joined(separator: ", ")
        let what = losses.count == 1 ? "step \(steps) deletes" : "steps \(steps) delete"
        guard session.isInteractive else {
            throw CommandFailure("guarded", "\(what) what cannot be made again; --yes agrees to that", .guarded)
        }
        let answer = ask("\(what) what cannot be made again. Go on? [y/N] ")
        guard ["y", "yes"].contains(answer?.lowercased()) else {
            throw CommandFailure("declined", "declined. Nothing was changed.", .guarded)
        }
    }

    /// Has the app's name typed, or takes it from a flag; throws a failure when it is not that.
    func require(name: AppName, confirmed: String?) throws {
        try require(name: name.text, confirmed: confirmed, loss: "\(name) would be gone for good")
    }

    /// Has the name of what would be lost typed, or takes it from a flag; throws a failure when it is not that.
    func require(name: String, confirmed: String?, loss: String) throws {
        var typed = confirmed
        if typed == nil {
            guard session.isInteractive else {
                throw CommandFailure("guarded", "\(loss); --confirm \(name) agrees to that", .guarded)
            }
            typed = ask("\(loss). Type \(name) to go on: ")
        }
        guard typed == name else {
            throw CommandFailure("declined", "that is not '\(name)'. Nothing was changed.", .guarded)
        }
    }

    private func ask(_ question: String) -> String? {
        session.surroundings.console.write(.error, question)
        return session.surroundings.console.readLine()
    }
}
