// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with spaces behind it up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}

extension Sequence {
    /// Maps one element after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
