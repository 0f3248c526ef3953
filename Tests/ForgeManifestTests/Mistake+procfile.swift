// SPDX-License-Identifier: Apache-2.0

extension Mistake {
    /// Mistakes of Procfiles.
    static let procfile: [Mistake] = [
        Mistake(
            "Procfile, empty",
            procfile: "",
            expected: """
                Procfile:1: warning: the file names no process
                """
        ),
        Mistake(
            "Procfile, only comments",
            procfile: "# web: x\n",
            expected: """
                Procfile:1: warning: the file names no process
                """
        ),
        Mistake(
            "Procfile, no colon",
            procfile: "web bundle exec\n",
            expected: """
                Procfile:1: error: 'web bundle exec' has no ':'; write '<type>: <command>'
                """
        ),
        Mistake(
            "Procfile, space in type",
            procfile: "web worker: x\n",
            expected: """
                Procfile:1: error: 'web worker' is not a process type; use at most 30 lower-case letters, digits \
                and '-', with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, space before colon",
            procfile: "web : x\n",
            expected: """
                Procfile:1: error: 'web ' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, no command",
            procfile: "web:\nworker:   \n",
            expected: """
                Procfile:1: error: 'web' has no command
                Procfile:2: error: 'worker' has no command
                """
        ),
        Mistake(
            "Procfile, no type",
            procfile: ": x\n",
            expected: """
                Procfile:1: error: '' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, dashes",
            procfile: "-a: x\nb-: y\n",
            expected: """
                Procfile:1: error: '-a' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                Procfile:2: error: 'b-' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, long type",
            procfile: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x\n",
            expected: """
                Procfile:1: error: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not a process type; use at most 30 \
                lower-case letters, digits and '-', with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, other characters",
            procfile: "wéb: x\na.b: y\n",
            expected: """
                Procfile:1: error: 'wéb' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                Procfile:2: error: 'a.b' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, corrected types",
            procfile: "Web: x\nmy_worker: y\n",
            expected: """
                Procfile:1: warning: 'Web' becomes 'web'; write it so
                Procfile:2: warning: 'my_worker' becomes 'my-worker'; write it so
                """
        ),
        Mistake(
            "Procfile, leading spaces",
            procfile: " web: x\n\tworker: y\n",
            expected: """
                Procfile:1: warning: spaces before 'web'; remove them
                Procfile:2: warning: spaces before 'worker'; remove them
                """
        ),
        Mistake(
            "Procfile, duplicate",
            procfile: "web: a\nworker: b\nweb: c\n",
            expected: """
                Procfile:3: warning: 'web' replaces the one in line 1; remove one
                """
        ),
        Mistake(
            "Procfile, duplicate after correction",
            procfile: "a-b: x\nA_B: y\n",
            expected: """
                Procfile:2: warning: 'A_B' becomes 'a-b'; write it so
                Procfile:2: warning: 'a-b' replaces the one in line 1; remove one
                """
        ),
        Mistake(
            "Procfile, merge conflict",
            procfile: "web: a\n<<<<<<< HEAD\nworker: b\n=======\nworker: c\n>>>>>>> branch: x\n",
            expected: """
                Procfile:2: error: a merge conflict that is not resolved
                Procfile:4: error: a merge conflict that is not resolved
                Procfile:5: warning: 'worker' replaces the one in line 3; remove one
                Procfile:6: error: a merge conflict that is not resolved
                """
        ),
        Mistake(
            "Procfile, carriage return",
            procfile: "web: a\rworker: b\n",
            expected: """
                Procfile:1: error: a carriage return inside the line; end lines with LF or CRLF
                """
        ),
        Mistake(
            "Procfile, NUL",
            procfile: "web: a\0\n",
            expected: """
                Procfile:1: error: a NUL character is not allowed
                """
        ),
        Mistake(
            "Procfile, escape",
            procfile: "web: a\nworker: \u{1B}[2J\n",
            expected: """
                Procfile:2: error: the invisible character U+001B is not allowed; remove it
                """
        ),
        Mistake(
            "Procfile in build path",
            yaml: "version: 1\nname: shop\nbuild: {path: ./services//web/}\n",
            procfile: "wrong\n",
            expected: """
                services/web/Procfile:1: error: 'wrong' has no ':'; write '<type>: <command>'
                """
        ),
        Mistake(
            "both files",
            yaml: "version: 1\nname: shop\nbogus: 1\n",
            procfile: "wrong\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'bogus'
                Procfile:1: error: 'wrong' has no ':'; write '<type>: <command>'
                """
        ),
        Mistake(
            "Procfile, only underscore",
            procfile: "_: x\n",
            expected: """
                Procfile:1: error: '_' is not a process type; use at most 30 lower-case letters, digits and '-', \
                with a letter or digit at both ends
                """
        ),
        Mistake(
            "Procfile, byte order mark",
            procfile: "\u{FEFF}web: x\n",
            expected: """
                Procfile:1: error: the file begins with a byte order mark; save it as UTF-8 without one
                """
        ),
    ]
}
