// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Insertions, deletions, substitutions and swaps of neighbours that make one word of the other
    /// (optimal string alignment): how words that people mistyped find what they meant.
    package func editDistance(to other: String) -> Int {
        let left = Array(self)
        let right = Array(other)
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let substitution = rows[i][j] + (left[i] == right[j] ? 0 : 1)
                var best = Swift.min(rows[i][j + 1] + 1, row[j] + 1, substitution)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = Swift.min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
