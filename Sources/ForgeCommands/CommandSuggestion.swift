// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ForgeModel

/// What a mistyped command was probably meant to be.
enum CommandSuggestion {
    /// A failure for a first word, or for one that help is wanted for, that is no command; nil when it is one, or an
    /// option.
    static func failure(_ arguments: [String]) -> CommandFailure? {
        let names = ForgeProgram.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first,
            !word.hasPrefix("-"), !names.contains(word)
        else { return nil }
        let near = names.map { (name: $0, distance: word.editDistance(to: $0)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(1, word.count / 2) else {
            return CommandFailure("usage", "there is no command '\(word)'; forge --help lists them", .usage)
        }
        return CommandFailure("usage", "there is no command '\(word)'; did you mean '\(near.name)'?", .usage)
    }
}
