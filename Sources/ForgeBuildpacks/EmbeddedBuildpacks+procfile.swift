// SPDX-License-Identifier: Apache-2.0

/// Makes a launch process of every line of a Procfile (specs/procfile.md).
extension EmbeddedBuildpacks {
    static let procfile = Buildpack(id: "forge/procfile", version: "1.0.0")

    static let procfileDescriptor = descriptor(
        of: procfile,
        name: "Procfile",
        description: "Starts what the Procfile says"
    )

    static let procfileDetect = """
        #!/bin/sh
        if [ -f Procfile ]; then
            exit 0
        fi
        echo "looked for a file named Procfile"
        exit 100

        """

    static let procfileBuild = #"""
        #!/usr/bin/env python3
        """Writes launch.toml from the Procfile."""

        import os
        import re
        import sys

        NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")


        def fail(number, text):
            print(f"Procfile:{number}: error: {text}", file=sys.stderr)
            sys.exit(1)


        def warn(number, text):
            print(f"Procfile:{number}: warning: {text}")


        def read(text):
            """The process types in the order in which they first appear, with their commands."""
            processes = {}
            for number, line in enumerate(text.split("\n"), start=1):
                line = line.rstrip("\r")
                if not line.strip() or line.lstrip().startswith("#"):
                    continue
                if line[0] in " \t":
                    warn(number, "spaces before the process type are ignored")
                key, colon, command = line.partition(":")
                key, command = key.lstrip(" \t"), command.strip()
                if not colon:
                    fail(number, "a line has the form 'type: command'")
                name = key.lower().replace("_", "-")
                if name != key and NAME.match(name):
                    warn(number, f"process type '{key}' becomes '{name}'")
                if not NAME.match(name) or len(name) > 63:
                    fail(number, f"'{key}' is not a process type: use letters, digits and '-'")
                if not command:
                    fail(number, f"process type '{name}' has no command")
                if name in processes:
                    warn(number, f"process type '{name}' is given again; the last one counts")
                processes[name] = command
            return processes


        def quoted(text):
            """A TOML basic string."""
            parts = []
            for character in text:
                code = ord(character)
                if character in '"\\':
                    parts.append("\\" + character)
                elif code < 0x20 or code == 0x7F:
                    parts.append(f"\\u{code:04X}")
                else:
                    parts.append(character)
            return '"' + "".join(parts) + '"'


        def main():
            layers = os.environ.get("CNB_LAYERS_DIR") or sys.argv[1]
            with open("Procfile", "rb") as file:
                content = file.read(1 << 20)
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                fail(content.count(b"\n", 0, error.start) + 1, "this line is not UTF-8")
            processes = read(text)
            if not processes:
                warn(1, "the file names no process")
                return
            default = "web" if "web" in processes else next(iter(processes)) if len(processes) == 1 else None
            with open(os.path.join(layers, "launch.toml"), "w", encoding="utf-8", newline="\n") as file:
                for name, command in processes.items():
                    file.write("[[processes]]\n")
                    file.write(f"type = {quoted(name)}\n")
                    file.write(f'command = ["bash", "-c", {quoted(command)}]\n')
                    if name == default:
                        file.write("default = true\n")
                    file.write("\n")
            print("Procfile: " + ", ".join(processes))


        main()

        """#
}
