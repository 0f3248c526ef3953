// SPDX-License-Identifier: Apache-2.0

extension Mistake {
    /// Mistakes of processes.
    static let processes: [Mistake] = [
        Mistake(
            "processes list",
            yaml: "version: 1\nname: shop\nprocesses: [web]\n",
            expected: """
                forge.yaml:3:12: error: processes must be a mapping ('key: value'), not a list
                """
        ),
        Mistake(
            "process text",
            yaml: "version: 1\nname: shop\nprocesses: {web: bin/web}\n",
            expected: """
                forge.yaml:3:18: error: processes.web must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "process types",
            yaml: """
                version: 1
                name: shop
                processes:
                  Web: {}
                  -a: {}
                  a_b: {}
                  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {}
                  release: {command: x}

                """,
            expected: """
                forge.yaml:4:3: error: processes.Web: 'Web' is not a process type: use at most 30 lower-case \
                letters, digits and '-', not starting or ending with '-'
                forge.yaml:5:3: error: processes.-a: '-a' is not a process type: use at most 30 lower-case letters, \
                digits and '-', not starting or ending with '-'
                forge.yaml:6:3: error: processes.a_b: 'a_b' is not a process type: use at most 30 lower-case \
                letters, digits and '-', not starting or ending with '-'
                forge.yaml:7:3: error: processes.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' \
                is not a process type: use at most 30 lower-case letters, digits and '-', not starting or ending \
                with '-'
                forge.yaml:8:3: error: the release command is not a process; write 'release: { command: … }'
                """
        ),
        Mistake(
            "command null",
            yaml: "version: 1\nname: shop\nprocesses: {web: {command: }}\n",
            expected: """
                forge.yaml:3:28: error: processes.web.command must be text, not nothing
                """
        ),
        Mistake(
            "command list",
            yaml: "version: 1\nname: shop\nprocesses: {web: {command: [a, b]}}\n",
            expected: """
                forge.yaml:3:28: error: processes.web.command must be text, not a list
                """
        ),
        Mistake(
            "instances, negative",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: -1}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '-1'
                """
        ),
        Mistake(
            "instances, 101",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: 101}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '101'
                """
        ),
        Mistake(
            "instances, decimal",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: 1.5}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '1.5'
                """
        ),
        Mistake(
            "instances, text",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: two}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not 'two'
                """
        ),
        Mistake(
            "instances, quoted",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: '2'}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not text; \
                remove the quotes
                """
        ),
        Mistake(
            "instances, octal",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: 010}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '010'
                """
        ),
        Mistake(
            "instances, null",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: ~}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '~'
                """
        ),
        Mistake(
            "instances, mapping",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: {}}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not a mapping
                """
        ),
        Mistake(
            "instances, hex",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: 0x2}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '0x2'
                """
        ),
        Mistake(
            "instances, underscore",
            yaml: "version: 1\nname: shop\nprocesses: {web: {instances: 1_0}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.instances must be a whole number from 0 to 100, not '1_0'
                """
        ),
        Mistake(
            "port, privileged",
            yaml: "version: 1\nname: shop\nprocesses: {web: {port: 80}}\n",
            expected: """
                forge.yaml:3:25: error: processes.web.port must be a whole number from 1024 to 65535, not '80'; \
                lower ports need privileges, which no process has
                """
        ),
        Mistake(
            "port, too big",
            yaml: "version: 1\nname: shop\nprocesses: {web: {port: 65536}}\n",
            expected: """
                forge.yaml:3:25: error: processes.web.port must be a whole number from 1024 to 65535, not '65536'
                """
        ),
        Mistake(
            "port, text",
            yaml: "version: 1\nname: shop\nprocesses: {web: {port: http}}\n",
            expected: """
                forge.yaml:3:25: error: processes.web.port must be a whole number from 1024 to 65535, not 'http'
                """
        ),
        Mistake(
            "port of a worker",
            yaml: "version: 1\nname: shop\nprocesses: {worker: {port: 9000}}\n",
            expected: """
                forge.yaml:3:22: error: only the web process has a port until 'expose' is supported; remove it
                """
        ),
        Mistake(
            "healthcheck of a worker",
            yaml: "version: 1\nname: shop\nprocesses: {worker: {healthcheck: none}}\n",
            expected: """
                forge.yaml:3:22: error: a healthcheck needs a port, which only the web process has; remove it
                """
        ),
    ]
}
