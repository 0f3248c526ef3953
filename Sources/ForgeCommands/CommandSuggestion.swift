// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What a mistyped command was probably meant to be.
enum CommandSuggestion {
    /// A failure for a first word, or for one that help is wanted for, that is no command; nil when it is one, or an
    /// option.
    static func failure(_ arguments: [String]) -> CommandFailure? {
        let names = ForgeProgram.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first,
            !word.hasPrefix("-"), !names.contains(word)
        else { return nil }
        let near = names.map { (name: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(1, word.count / 2) else {
            return CommandFailure("usage", "there is no command '\(word)'; forge --help lists them", .usage)
        }
        return CommandFailure("usage", "there is no command '\(word)'; did you mean '\(near.name)'?", .usage)
    }

    /// How many letters must be changed, added, removed or swapped with their neighbour.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var rows = [Array(0...right.count)]
        for (i, letter) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var best = min(rows[i][j] + (letter == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
