// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import ForgePlan
import ForgePlanner
import ForgeTesting
import Testing

/// The invariants of specs/architecture.md §6 on seeded random histories of wishes.
@Suite struct PlannerPropertyTests {
    /// A small generator, so that a failing seed fails again (SplitMix64).
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let digits: [Character] = ["1", "2", "3"]
    private static let types = ["web", "worker", "clock"].map(Sample.type)

    private func wish(_ random: inout Random) -> Wish {
        var processes: [ProcessType: ProcessSettings] = [:]
        for type in Self.types where Bool.random(using: &random) {
            processes[type] = ProcessSettings(
                command: Bool.random(using: &random) ? .image : .shell("run \(Int.random(in: 0...2, using: &random))"),
                instances: Int.random(in: 0...3, using: &random)
            )
        }
        let manifest = AppManifest(
            name: Sample.app,
            env: Bool.random(using: &random) ? ["A": "\(Int.random(in: 0...2, using: &random))"] : [:],
            release: Bool.random(using: &random) ? .shell("migrate") : nil,
            processes: processes
        )
        return .run(manifest, source: Sample.digest(Self.digits.randomElement(using: &random) ?? "1"))
    }

    @Test(arguments: 0..<200)
    func `random histories converge, and every plan is deterministic and sound`(seed: UInt64) {
        var random = Random(state: seed)
        var world = SimulatedWorld()
        world.nextProcesses = Self.types
        for _ in 0..<6 {
            let wish = wish(&random)
            if case .run(_, let source) = wish { world.nextImage = source }
            let input = world.input(wish)
            let plan = world.planner.plan(input)
            #expect(plan == world.planner.plan(input))
            #expect(PlanCheck.violations(plan, for: input) == [])
            // A crash after any prefix of the steps, and then the rest.
            _ = world.converge(wish, steps: Int.random(in: 0...4, using: &random))
            _ = world.converge(wish)
            let after = world.proposal(wish)
            #expect(after.isEmpty, "seed \(seed): \(after.steps.map(\.id))")
        }
    }
}
