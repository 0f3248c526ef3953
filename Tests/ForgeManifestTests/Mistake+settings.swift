// SPDX-License-Identifier: Apache-2.0

extension Mistake {
    /// Mistakes of build, env and release.
    static let settings: [Mistake] = [
        Mistake(
            "coming keys at the top",
            yaml: """
                version: 1
                name: shop
                domains: [a.example]
                tls: auto
                cron: {}
                deploy: {}
                environments: {}
                x-shared: {}

                """,
            expected: """
                forge.yaml:3:1: error: 'domains' is not supported yet; remove it
                forge.yaml:4:1: error: 'tls' is not supported yet; remove it
                forge.yaml:5:1: error: 'cron' is not supported yet; remove it
                forge.yaml:6:1: error: 'deploy' is not supported yet; remove it
                forge.yaml:7:1: error: 'environments' is not supported yet; remove it
                forge.yaml:8:1: error: 'x-shared' is not supported yet; remove it
                """
        ),
        Mistake(
            "coming keys of build",
            yaml: "version: 1\nname: shop\nbuild: {builder: a, buildpacks: [b], ignore: [c], image: d}\n",
            expected: """
                forge.yaml:3:9: error: 'build.builder' is not supported yet; remove it
                forge.yaml:3:21: error: 'build.buildpacks' is not supported yet; remove it
                forge.yaml:3:38: error: 'build.ignore' is not supported yet; remove it
                forge.yaml:3:51: error: 'build.image' is not supported yet; remove it
                """
        ),
        Mistake(
            "coming keys of processes",
            yaml: """
                version: 1
                name: shop
                release: {command: a, timeout: 1h}
                processes:
                  web:
                    autoscale: {}
                    liveness: {}
                    stop: {}
                    expose: true
                    healthcheck: {interval: 1s, timeout: 1s, failures: 3, tcp: true, command: [a]}
                    resources: {requests: {}, limits: {}}

                """,
            expected: """
                forge.yaml:3:23: error: 'release.timeout' is not supported yet; remove it
                forge.yaml:6:5: error: 'processes.web.autoscale' is not supported yet; remove it
                forge.yaml:7:5: error: 'processes.web.liveness' is not supported yet; remove it
                forge.yaml:8:5: error: 'processes.web.stop' is not supported yet; remove it
                forge.yaml:9:5: error: 'processes.web.expose' is not supported yet; remove it
                forge.yaml:10:19: error: 'processes.web.healthcheck.interval' is not supported yet; remove it
                forge.yaml:10:33: error: 'processes.web.healthcheck.timeout' is not supported yet; remove it
                forge.yaml:10:46: error: 'processes.web.healthcheck.failures' is not supported yet; remove it
                forge.yaml:10:59: error: 'processes.web.healthcheck.tcp' is not supported yet; remove it
                forge.yaml:10:70: error: 'processes.web.healthcheck.command' is not supported yet; remove it
                forge.yaml:11:17: error: 'processes.web.resources.requests' is not supported yet; remove it
                forge.yaml:11:31: error: 'processes.web.resources.limits' is not supported yet; remove it
                """
        ),
        Mistake(
            "coming forms of variables",
            yaml: """
                version: 1
                name: shop
                env:
                  A: {secret: a}
                  B: {required: true}
                  C: {generate: true}

                """,
            expected: """
                forge.yaml:4:7: error: 'env.A.secret' is not supported yet; remove it
                forge.yaml:5:7: error: 'env.B.required' is not supported yet; remove it
                forge.yaml:6:7: error: 'env.C.generate' is not supported yet; remove it
                """
        ),
        Mistake(
            "env list",
            yaml: "version: 1\nname: shop\nenv: [A=b]\n",
            expected: """
                forge.yaml:3:6: error: env must be a mapping ('key: value'), not a list
                """
        ),
        Mistake(
            "env text",
            yaml: "version: 1\nname: shop\nenv: A=b\n",
            expected: """
                forge.yaml:3:6: error: env must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "env null, list, mapping",
            yaml: "version: 1\nname: shop\nenv:\n  A:\n  B: [hunter2]\n  C: {d: hunter2}\n  D: ~\n  E: null\n",
            expected: """
                forge.yaml:4:5: error: env.A has no value; write '' for an empty one, or remove it
                forge.yaml:5:6: error: env.B must be text, not a list
                forge.yaml:6:6: error: env.C must be text, not a mapping
                forge.yaml:7:6: error: env.D has no value; write '' for an empty one, or remove it
                forge.yaml:8:6: error: env.E has no value; write '' for an empty one, or remove it
                """
        ),
        Mistake(
            "env names",
            yaml: """
                version: 1
                name: shop
                env:
                  1A: x
                  A-B: x
                  'A B': x
                  '': x
                  É: x
                  PORT: 80
                  CNB_X: x

                """,
            expected: """
                forge.yaml:4:3: error: '1A' is not a variable name in env; use letters, digits and '_', not \
                starting with a digit
                forge.yaml:5:3: error: 'A-B' is not a variable name in env; use letters, digits and '_', not \
                starting with a digit
                forge.yaml:6:3: error: 'A B' is not a variable name in env; use letters, digits and '_', not \
                starting with a digit
                forge.yaml:7:3: error: '' is not a variable name in env; use letters, digits and '_', not starting \
                with a digit
                forge.yaml:8:3: error: 'É' is not a variable name in env; use letters, digits and '_', not starting \
                with a digit
                forge.yaml:9:3: error: env.PORT: the platform sets PORT; set processes.web.port
                forge.yaml:10:3: error: env.CNB_X: names that begin with CNB_ belong to the buildpacks lifecycle; \
                rename it
                """
        ),
        Mistake(
            "env NUL",
            yaml: "version: 1\nname: shop\nenv: {A: \"a\\0b\"}\n",
            expected: """
                forge.yaml:3:10: error: env.A contains a NUL character, which no program can be given
                """
        ),
        Mistake(
            "build env names",
            yaml: "version: 1\nname: shop\nbuild:\n  env: {CNB_Y: x, a.b: y}\n",
            expected: """
                forge.yaml:4:9: error: build.env.CNB_Y: names that begin with CNB_ belong to the buildpacks \
                lifecycle; rename it
                forge.yaml:4:19: error: 'a.b' is not a variable name in build.env; use letters, digits and '_', not \
                starting with a digit
                """
        ),
        Mistake(
            "build path, absolute",
            yaml: "version: 1\nname: shop\nbuild: {path: /srv}\n",
            expected: """
                forge.yaml:3:15: error: build.path: '/srv' is not a build path: use a path relative to the manifest
                """
        ),
        Mistake(
            "build path, parent",
            yaml: "version: 1\nname: shop\nbuild: {path: ..}\n",
            expected: """
                forge.yaml:3:15: error: build.path: '..' is not a build path: '..' is not allowed; move the \
                manifest up instead
                """
        ),
        Mistake(
            "build path, inner parent",
            yaml: "version: 1\nname: shop\nbuild: {path: a/../b}\n",
            expected: """
                forge.yaml:3:15: error: build.path: 'a/../b' is not a build path: '..' is not allowed; move the \
                manifest up instead
                """
        ),
        Mistake(
            "build path, empty",
            yaml: "version: 1\nname: shop\nbuild: {path: ''}\n",
            expected: """
                forge.yaml:3:15: error: build.path: '' is not a build path: write '.' for the folder of the manifest
                """
        ),
        Mistake(
            "build path, list",
            yaml: "version: 1\nname: shop\nbuild: {path: [a]}\n",
            expected: """
                forge.yaml:3:15: error: build.path must be text, not a list
                """
        ),
        Mistake(
            "build path, null",
            yaml: "version: 1\nname: shop\nbuild: {path: ~}\n",
            expected: """
                forge.yaml:3:15: error: build.path must be text, not '~'
                """
        ),
        Mistake(
            "build path, control character",
            yaml: "version: 1\nname: shop\nbuild: {path: \"a\\nb\"}\n",
            expected: """
                forge.yaml:3:15: error: build.path: 'a?b' is not a build path: control characters are not allowed
                """
        ),
        Mistake(
            "build text",
            yaml: "version: 1\nname: shop\nbuild: .\n",
            expected: """
                forge.yaml:3:8: error: build must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "release without command",
            yaml: "version: 1\nname: shop\nrelease: {}\n",
            expected: """
                forge.yaml:3:10: error: release has no command; add 'command: …', or remove it
                """
        ),
        Mistake(
            "release text",
            yaml: "version: 1\nname: shop\nrelease: bin/migrate\n",
            expected: """
                forge.yaml:3:10: error: release must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "release blank",
            yaml: "version: 1\nname: shop\nrelease: {command: '  '}\n",
            expected: """
                forge.yaml:3:20: error: release.command is empty; give it a shell line, or remove it
                """
        ),
        Mistake(
            "release NUL",
            yaml: "version: 1\nname: shop\nrelease: {command: \"a\\0\"}\n",
            expected: """
                forge.yaml:3:20: error: release.command contains a NUL character, which no program can be given
                """
        ),
    ]
}
