// SPDX-License-Identifier: Apache-2.0

/// Finds the first combination of options in which every require is met and every provide is used (buildpack
/// specification, Phase 1, build plan resolution).
struct PlanResolver {
    /// A buildpack that passed detection.
    struct Candidate: Hashable, Sendable {
        var entry: GroupEntry
        var plan: DetectedPlan
    }

    /// The buildpacks that stay, and what they provide to each other.
    struct Resolution: Hashable, Sendable {
        var group: [GroupEntry]
        var plan: BuildPlan
    }

    /// The most combinations that are tried.
    static let maximumTrials = 10_000

    private struct Choice {
        var entry: GroupEntry
        var option: DetectedPlan.Option
    }

    private struct Dependency {
        var plan = BuildPlan.Entry(providers: [], requires: [])
        var unmet: [GroupEntry] = []
        var unused: [GroupEntry] = []
    }

    private var trials = 0
    /// Why the last combination failed.
    private(set) var reason = ""

    /// The first combination that works, or `nil`; ``reason`` then says what was missing.
    mutating func resolve(_ candidates: [Candidate]) -> Resolution? { search(candidates[...], chosen: []) }

    private mutating func search(_ rest: ArraySlice<Candidate>, chosen: [Choice]) -> Resolution? {
        guard let candidate = rest.first else { return run(chosen) }
        let options = candidate.plan.options
        for (index, option) in options.enumerated() {
            guard trials < Self.maximumTrials else { return nil }
            var entry = candidate.entry
            // An optional buildpack may be dropped only when none of its options is left.
            entry.optional = entry.optional == true && index == options.count - 1
            let result = search(rest.dropFirst(), chosen: chosen + [Choice(entry: entry, option: option)])
            if let result { return result }
        }
        return nil
    }

    private mutating func run(_ choices: [Choice]) -> Resolution? {
        trials += 1
        var choices = choices
        while true {
            let dependencies = Self.dependencies(choices)
            var dropped: [String] = []
            for (name, dependency) in dependencies.sorted(by: { $0.key < $1.key }) {
                for entry in dependency.unmet + dependency.unused {
                    guard entry.optional == true else {
                        let what =
                            dependency.unmet.contains(entry)
                            ? "requires '\(name)', which nothing before it provides"
                            : "provides '\(name)', which nothing requires"
                        reason = "\(entry.key) \(what)"
                        return nil
                    }
                    dropped.append(entry.id)
                }
            }
            if dropped.isEmpty {
                guard !choices.isEmpty else {
                    reason = "no buildpack of the group is left"
                    return nil
                }
                let entries = dependencies.sorted { $0.key < $1.key }.map(\.value.plan)
                return Resolution(group: choices.map(\.entry), plan: BuildPlan(entries: entries))
            }
            choices.removeAll { dropped.contains($0.entry.id) }
        }
    }

    private static func dependencies(_ choices: [Choice]) -> [String: Dependency] {
        var found: [String: Dependency] = [:]
        for choice in choices {
            for provide in choice.option.provides ?? [] {
                found[provide.name, default: Dependency()].unused.append(choice.entry)
            }
            for require in choice.option.requires ?? [] {
                var dependency = found[require.name] ?? Dependency()
                let unused = dependency.unused.map { BuildPlan.Provider(id: $0.id, version: $0.version) }
                dependency.plan.providers += unused
                dependency.unused = []
                if dependency.plan.providers.isEmpty {
                    dependency.unmet.append(choice.entry)
                } else {
                    dependency.plan.requires.append(require)
                }
                found[require.name] = dependency
            }
        }
        return found
    }
}
