// SPDX-License-Identifier: Apache-2.0

extension Mistake {
    /// Mistakes of the whole file and of its keys.
    static let file: [Mistake] = [
        Mistake(
            "empty file",
            yaml: "",
            expected: """
                forge.yaml:1:1: error: the file is empty; begin with 'version: 1' and 'name: <app>'
                """
        ),
        Mistake(
            "only comments",
            yaml: "# nothing\n\n",
            expected: """
                forge.yaml:1:1: error: the file is empty; begin with 'version: 1' and 'name: <app>'
                """
        ),
        Mistake(
            "null document",
            yaml: "---\n~\n",
            expected: """
                forge.yaml:1:1: error: the file is empty; begin with 'version: 1' and 'name: <app>'
                """
        ),
        Mistake(
            "a list",
            yaml: "- version: 1\n",
            expected: """
                forge.yaml:1:1: error: the file must be a mapping ('key: value'), not a list
                """
        ),
        Mistake(
            "a text",
            yaml: "version 1\n",
            expected: """
                forge.yaml:1:1: error: the file must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "a number",
            yaml: "1\n",
            expected: """
                forge.yaml:1:1: error: the file must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "nothing but braces",
            yaml: "{}\n",
            expected: """
                forge.yaml:1:1: error: name is missing; add 'name: <app>'
                forge.yaml:1:1: error: version is missing; add 'version: 1'
                """
        ),
        Mistake(
            "version missing",
            yaml: "name: shop\n",
            expected: """
                forge.yaml:1:1: error: version is missing; add 'version: 1'
                """
        ),
        Mistake(
            "version 2",
            yaml: "version: 2\nname: shop\nbogus: 1\n",
            expected: """
                forge.yaml:1:10: error: version 2 is not known; this forge reads version 1
                """
        ),
        Mistake(
            "version text",
            yaml: "version: '1'\nname: shop\n",
            expected: """
                forge.yaml:1:10: error: version must be a whole number, not text; remove the quotes
                """
        ),
        Mistake(
            "version decimal",
            yaml: "version: 1.0\nname: shop\n",
            expected: """
                forge.yaml:1:10: error: version must be a whole number, not '1.0'
                """
        ),
        Mistake(
            "version null",
            yaml: "version:\nname: shop\n",
            expected: """
                forge.yaml:1:9: error: version must be a whole number, not nothing
                """
        ),
        Mistake(
            "version huge",
            yaml: "version: 99999999999999999999\nname: shop\n",
            expected: """
                forge.yaml:1:10: error: version must be a whole number, not '99999999999999999999'
                """
        ),
        Mistake(
            "name missing",
            yaml: "version: 1\n",
            expected: """
                forge.yaml:1:1: error: name is missing; add 'name: <app>'
                """
        ),
        Mistake(
            "name upper case",
            yaml: "version: 1\nname: Shop\n",
            expected: """
                forge.yaml:2:7: error: name: 'Shop' is not an app name: use 2 to 32 lower-case letters, digits and \
                '-', starting with a letter, not ending with '-'
                """
        ),
        Mistake(
            "name too long",
            yaml: "version: 1\nname: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            expected: """
                forge.yaml:2:7: error: name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not an app name: use 2 to 32 \
                lower-case letters, digits and '-', starting with a letter, not ending with '-'
                """
        ),
        Mistake(
            "name number",
            yaml: "version: 1\nname: 42\n",
            expected: """
                forge.yaml:2:7: error: name: '42' is not an app name: use 2 to 32 lower-case letters, digits and \
                '-', starting with a letter, not ending with '-'
                """
        ),
        Mistake(
            "name null",
            yaml: "version: 1\nname: ~\n",
            expected: """
                forge.yaml:2:7: error: name must be text, not '~'
                """
        ),
        Mistake(
            "name list",
            yaml: "version: 1\nname: [shop]\n",
            expected: """
                forge.yaml:2:7: error: name must be text, not a list
                """
        ),
        Mistake(
            "name with escape characters",
            yaml: "version: 1\nname: \"a\\e[31mb\"\n",
            expected: """
                forge.yaml:2:7: error: name: 'a?[31mb' is not an app name: use 2 to 32 lower-case letters, digits \
                and '-', starting with a letter, not ending with '-'
                """
        ),
        Mistake(
            "unknown key, near",
            yaml: "version: 1\nname: shop\nproceses: {}\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'proceses'; did you mean 'processes'?
                """
        ),
        Mistake(
            "unknown key, swap",
            yaml: "version: 1\nname: shop\nevn: {}\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'evn'; did you mean 'env'?
                """
        ),
        Mistake(
            "unknown key, other platform",
            yaml: "version: 1\nname: shop\nservices: {}\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'services'; did you mean 'processes'?
                """
        ),
        Mistake(
            "unknown key, far",
            yaml: "version: 1\nname: shop\ntelemetry: on\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'telemetry'
                """
        ),
        Mistake(
            "key of another block",
            yaml: "version: 1\nname: shop\ninstances: 2\n",
            expected: """
                forge.yaml:3:1: error: unknown key 'instances'; it belongs in processes.<type>
                """
        ),
        Mistake(
            "unknown keys everywhere",
            yaml: """
                version: 1
                name: shop
                build: {pth: .}
                release: {cmd: x, command: y}
                processes:
                  web:
                    instance: 3
                    resources: {mem: 1Gi, CPU: 1}
                    healthcheck: {pfad: /up}

                """,
            expected: """
                forge.yaml:3:9: error: unknown key 'pth' in build; did you mean 'path'?
                forge.yaml:4:11: error: unknown key 'cmd' in release; did you mean 'command'?
                forge.yaml:7:5: error: unknown key 'instance' in processes.web; did you mean 'instances'?
                forge.yaml:8:17: error: unknown key 'mem' in processes.web.resources; did you mean 'memory'?
                forge.yaml:8:27: error: unknown key 'CPU' in processes.web.resources; did you mean 'cpu'?
                forge.yaml:9:19: error: unknown key 'pfad' in processes.web.healthcheck
                """
        ),
        Mistake(
            "duplicate key",
            yaml: "version: 1\nname: shop\nname: other\n",
            expected: """
                forge.yaml:3:1: error: duplicate key 'name', first used in line 2
                """
        ),
        Mistake(
            "duplicate nested key",
            yaml: "version: 1\nname: shop\nprocesses:\n  web: {instances: 1}\n  web: {instances: 2}\n",
            expected: """
                forge.yaml:5:3: error: duplicate key 'web', first used in line 4
                """
        ),
        Mistake(
            "second document",
            yaml: "version: 1\nname: shop\n---\nversion: 1\n",
            expected: """
                forge.yaml:3:1: error: a second document begins here; only one is allowed in a file
                """
        ),
        Mistake(
            "merge key",
            yaml: "version: 1\nname: shop\nprocesses:\n  web: &w {instances: 1}\n  worker:\n    <<: *w\n",
            expected: """
                forge.yaml:6:5: error: merge keys ('<<') are not supported; repeat the keys, or alias a whole value
                """
        ),
        Mistake(
            "tab",
            yaml: "version: 1\nname: shop\nenv:\n\tA: b\n",
            expected: """
                forge.yaml:4:1: error: a tab cannot indent; use spaces
                """
        ),
        Mistake(
            "colon in text",
            yaml: "version: 1\nname: shop\nenv:\n  A: b: c\n",
            expected: """
                forge.yaml:4:7: error: a ':' is not allowed here; check the indentation, or put the text in quotes
                """
        ),
        Mistake(
            "unclosed quote",
            yaml: "version: 1\nname: shop\nenv:\n  A: \"b\n",
            expected: """
                forge.yaml:5:1: error: the file ends inside a quoted text
                """
        ),
        Mistake(
            "unknown alias",
            yaml: "version: 1\nname: shop\nenv: *x\n",
            expected: """
                forge.yaml:3:6: error: the alias '*x' has no anchor that ends before it
                """
        ),
        Mistake(
            "list as key",
            yaml: "version: 1\nname: shop\nenv:\n  ? [a]\n  : b\n",
            expected: """
                forge.yaml:4:5: error: a list or mapping cannot be a key
                """
        ),
        Mistake(
            "tag",
            yaml: "version: 1\nname: shop\nenv: {A: !!int 1}\nprocesses: !own {}\n",
            expected: """
                forge.yaml:3:10: error: the tag '!!int' is not supported; remove it
                forge.yaml:4:12: error: the tag '!own' is not supported; remove it
                """
        ),
    ]
}
