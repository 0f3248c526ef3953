// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeLifecycle

@Suite struct PlanResolverTests {
    /// A buildpack with its options: `+name` provides, `-name` requires; `?` behind the name makes it optional.
    private func candidate(_ id: String, _ options: String...) -> PlanResolver.Candidate {
        let parsed = options.map { text in
            let words = text.split(separator: " ")
            return DetectedPlan.Option(
                provides: words.filter { $0.hasPrefix("+") }.map { .init(name: String($0.dropFirst())) },
                requires: words.filter { $0.hasPrefix("-") }.map { .init(name: String($0.dropFirst())) }
            )
        }
        let isOptional = id.hasSuffix("?")
        let name = isOptional ? String(id.dropLast()) : id
        return PlanResolver.Candidate(
            entry: GroupEntry(id: name, version: "1", optional: isOptional),
            plan: DetectedPlan(
                provides: parsed.first?.provides,
                requires: parsed.first?.requires,
                or: Array(parsed.dropFirst())
            )
        )
    }

    private func resolve(_ candidates: PlanResolver.Candidate...) -> String? {
        var resolver = PlanResolver()
        guard let result = resolver.resolve(candidates) else { return nil }
        let entries = (result.plan.entries ?? []).map { entry in
            entry.providers.map(\.id).joined(separator: "+") + ">" + entry.requires.map(\.name).joined(separator: "+")
        }
        return (result.group.map(\.id) + entries).joined(separator: " ")
    }

    @Test func table() {
        #expect(resolve(candidate("a")) == "a")
        #expect(resolve(candidate("a", "+x"), candidate("b", "-x")) == "a b a>x")
        #expect(resolve(candidate("a", "+x -x")) == "a a>x")
        #expect(resolve(candidate("a", "+x")) == nil)
        #expect(resolve(candidate("a", "-x")) == nil)
        #expect(resolve(candidate("a", "-x"), candidate("b", "+x")) == nil)
        #expect(resolve(candidate("a?", "+x"), candidate("b")) == "b")
        #expect(resolve(candidate("a?", "-x"), candidate("b")) == "b")
        #expect(resolve(candidate("a?", "+x")) == nil)
        // Both provide before the require, so both are providers.
        #expect(resolve(candidate("a", "+x"), candidate("b", "+x"), candidate("c", "-x")) == "a b c a+b>x")
        // The second provides after the last require.
        #expect(resolve(candidate("a", "+x -x"), candidate("b", "+x")) == nil)
        // Dropping one optional buildpack makes another one useless.
        #expect(resolve(candidate("a?", "+x"), candidate("b?", "-x -y"), candidate("c")) == "c")
        // The first option that works wins.
        #expect(resolve(candidate("a", "+x", "+y", ""), candidate("b", "-y")) == "a b a>y")
        #expect(resolve(candidate("a", "+x", ""), candidate("b")) == "a b")
        // An optional buildpack is dropped only after its last option.
        #expect(resolve(candidate("a?", "+x", "+y"), candidate("b", "-y")) == "a b a>y")
        #expect(resolve(candidate("a?", "+x", "+y"), candidate("b")) == "b")
    }

    @Test func saysWhatIsMissing() {
        var resolver = PlanResolver()
        #expect(resolver.resolve([candidate("b", "-node")]) == nil)
        #expect(resolver.reason == "b@1 requires 'node', which nothing before it provides")
        #expect(resolver.resolve([candidate("b", "+node")]) == nil)
        #expect(resolver.reason == "b@1 provides 'node', which nothing requires")
    }

    @Test func endsOnManyOptions() {
        let many = (0..<30).map { candidate("b\($0)", "+x\($0)", "+y\($0)", "+z\($0)") }
        var resolver = PlanResolver()
        #expect(resolver.resolve(many) == nil)
    }
}
