// SPDX-License-Identifier: Apache-2.0

extension Mistake {
    /// Mistakes of resources and healthchecks, and several at once.
    static let containers: [Mistake] = [
        Mistake(
            "resources, cpu unit",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {cpu: 1GHz}}}\n",
            expected: """
                forge.yaml:3:36: error: processes.web.resources.cpu: '1GHz' is not a cpu quantity: use cores or \
                millicores, such as 0.5 or 250m
                """
        ),
        Mistake(
            "resources, cpu zero",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {cpu: 0}}}\n",
            expected: """
                forge.yaml:3:36: error: processes.web.resources.cpu: '0' is not a cpu quantity: use cores or \
                millicores, such as 0.5 or 250m
                """
        ),
        Mistake(
            "resources, cpu small",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {cpu: 9m}}}\n",
            expected: """
                forge.yaml:3:36: error: processes.web.resources.cpu must be at least 10m, not '9m'
                """
        ),
        Mistake(
            "resources, memory unit",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {memory: 512MB}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.resources.memory: '512MB' is not a memory quantity: use a \
                whole number and a unit, such as 512Mi or 1Gi
                """
        ),
        Mistake(
            "resources, memory small",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {memory: 15Mi}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.resources.memory must be at least 16Mi, not '15Mi'
                """
        ),
        Mistake(
            "resources, memory number",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {memory: 512}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.resources.memory must be at least 16Mi, not '512'; without a \
                unit it is bytes
                """
        ),
        Mistake(
            "resources, memory negative",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {memory: -1Gi}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.resources.memory: '-1Gi' is not a memory quantity: use a \
                whole number and a unit, such as 512Mi or 1Gi
                """
        ),
        Mistake(
            "resources, memory null",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: {memory: }}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.resources.memory must be text, not nothing
                """
        ),
        Mistake(
            "resources text",
            yaml: "version: 1\nname: shop\nprocesses: {web: {resources: small}}\n",
            expected: """
                forge.yaml:3:30: error: processes.web.resources must be a mapping ('key: value'), not text
                """
        ),
        Mistake(
            "healthcheck, text",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: tcp}}\n",
            expected: """
                forge.yaml:3:32: error: processes.web.healthcheck must be 'none' or a mapping with path and grace, \
                not 'tcp'
                """
        ),
        Mistake(
            "healthcheck, null",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: }}\n",
            expected: """
                forge.yaml:3:32: error: processes.web.healthcheck must be 'none' or a mapping with path and grace, \
                not nothing
                """
        ),
        Mistake(
            "healthcheck, list",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: []}}\n",
            expected: """
                forge.yaml:3:32: error: processes.web.healthcheck must be a mapping ('key: value'), not a list
                """
        ),
        Mistake(
            "healthcheck, path without slash",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {path: up}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.healthcheck.path must begin with '/', unlike 'up'
                """
        ),
        Mistake(
            "healthcheck, path with space",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {path: /a b}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.healthcheck.path: '/a b' is not the path of a URL; write \
                other characters as %XX, and at most 1024 bytes
                """
        ),
        Mistake(
            "healthcheck, path list",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {path: [a]}}}\n",
            expected: """
                forge.yaml:3:39: error: processes.web.healthcheck.path must be text, not a list
                """
        ),
        Mistake(
            "healthcheck, grace number",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {grace: 30}}}\n",
            expected: """
                forge.yaml:3:40: error: processes.web.healthcheck.grace: '30' is not a duration: use a whole number \
                and a unit, such as 10s, 5m or 1h
                """
        ),
        Mistake(
            "healthcheck, grace zero",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {grace: 0s}}}\n",
            expected: """
                forge.yaml:3:40: error: processes.web.healthcheck.grace: '0s' is not a duration: use a whole number \
                and a unit, such as 10s, 5m or 1h
                """
        ),
        Mistake(
            "healthcheck, grace unit",
            yaml: "version: 1\nname: shop\nprocesses: {web: {healthcheck: {grace: 1 minute}}}\n",
            expected: """
                forge.yaml:3:40: error: processes.web.healthcheck.grace: '1 minute' is not a duration: use a whole \
                number and a unit, such as 10s, 5m or 1h
                """
        ),
        Mistake(
            "many mistakes at once",
            yaml: "name: Shop\nbuild: {path: ../x}\nprocesses:\n  web: {instances: many, port: 1}\nbogus: 1\n",
            expected: """
                forge.yaml:1:1: error: version is missing; add 'version: 1'
                forge.yaml:1:7: error: name: 'Shop' is not an app name: use 2 to 32 lower-case letters, digits and \
                '-', starting with a letter, not ending with '-'
                forge.yaml:2:15: error: build.path: '../x' is not a build path: '..' is not allowed; move the \
                manifest up instead
                forge.yaml:4:20: error: processes.web.instances must be a whole number from 0 to 100, not 'many'
                forge.yaml:4:32: error: processes.web.port must be a whole number from 1024 to 65535, not '1'; \
                lower ports need privileges, which no process has
                forge.yaml:5:1: error: unknown key 'bogus'
                """
        ),
    ]
}
