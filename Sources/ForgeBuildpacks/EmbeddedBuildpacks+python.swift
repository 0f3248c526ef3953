// SPDX-License-Identifier: Apache-2.0

/// Installs what requirements.txt lists into a virtual environment.
extension EmbeddedBuildpacks {
    static let python = Buildpack(id: "forge/python", version: "1.1.0")

    static let pythonDescriptor = descriptor(
        of: python,
        name: "Python",
        description: "Installs requirements.txt into a virtual environment, and knows Django and Flask"
    )

    static let pythonDetect = """
        #!/bin/sh
        if [ ! -f requirements.txt ]; then
            echo "looked for a file named requirements.txt"
            for other in pyproject.toml Pipfile poetry.lock uv.lock setup.py environment.yml; do
                if [ -f "$other" ]; then
                    echo "found $other: write the packages that it needs to requirements.txt"
                fi
            done
            exit 100
        fi
        cat > "${CNB_BUILD_PLAN_PATH:-$2}" <<EOF
        [[provides]]
        name = "python"

        [[requires]]
        name = "python"
        EOF

        """

    static let pythonBuild = #"""
        #!/usr/bin/env python3
        """Makes a virtual environment of requirements.txt, once per content, and finds out how the app is served."""

        import ast
        import hashlib
        import os
        import platform
        import re
        import shutil
        import subprocess
        import sys
        import sysconfig

        VERSION = "\#(python.version)"
        # 1980-01-01, the earliest time that a zip file can hold; packages built from source embed it.
        EPOCH = "315532800"


        def say(text):
            print(text, flush=True)


        def fail(text, hint=None):
            say(f"error: {text}")
            if hint:
                say(f"  {hint}")
            sys.exit(1)


        def run(command, **environment):
            values = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **environment}
            return subprocess.run(command, env=values).returncode


        def requirements_files(path, seen):
            """The file, those that it includes, and whether anything in them comes from the app folder itself."""
            if path in seen or not os.path.isfile(path):
                return False
            seen.append(path)
            local = False
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in file.read().replace("\\\n", " ").split("\n"):
                    line = line.strip()
                    include = re.match(r"(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)", line)
                    if include:
                        inner = os.path.normpath(os.path.join(os.path.dirname(path), include.group(1)))
                        local = requirements_files(inner, seen) or local
                    elif re.match(r"(?:-e\b|--editable\b|\.|/|file:)", line) or re.search(r"@\s*file:", line):
                        local = True
            return local


        def key_of(files):
            """Changes whenever the virtual environment would."""
            parts = hashlib.sha256()
            for text in (VERSION, sys.version, sysconfig.get_platform(), platform.libc_ver()[1]):
                parts.update(text.encode() + b"\0")
            for path in files:
                with open(path, "rb") as file:
                    content = file.read()
                parts.update(path.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
            return parts.hexdigest()


        def restored_key(layer):
            """The key that the restored layer was made for."""
            try:
                with open(layer + ".toml", encoding="utf-8") as file:
                    found = re.search(r'^key = "([0-9a-f]{64})"$', file.read(), re.MULTILINE)
            except FileNotFoundError:
                return None
            return found.group(1) if found and os.path.exists(os.path.join(layer, "bin", "python3")) else None


        def pip(*arguments):
            """Runs pip, which must not ask anything nor keep anything where no build finds it again."""
            command = [sys.executable, "-m", "pip", *arguments]
            command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input"]
            if run(command, SOURCE_DATE_EPOCH=EPOCH, PYTHONDONTWRITEBYTECODE="") != 0:
                fail("pip cannot install requirements.txt", "what pip says stands above")


        def collect_wheels(wheels):
            """Makes the folder hold one wheel for each package that is needed, and gives 'name==version' of each.

            What is there is neither downloaded nor built again. pip would take the index's file of the same version, so
            the names here have a build number, which a higher version still beats (packaging.python.org, "Binary
            distribution format").
            """
            made = wheels + ".new"
            shutil.rmtree(made, ignore_errors=True)
            os.makedirs(wheels, exist_ok=True)
            os.makedirs(made)
            pip(
                "wheel", "--progress-bar", "off", "--find-links", wheels, "--wheel-dir", made, "-r", "requirements.txt"
            )
            packages = []
            for name in sorted(os.listdir(made)):
                parts = name.split("-")
                packages.append(f"{parts[0]}=={parts[1]}")
                if len(parts) == 5:
                    os.rename(os.path.join(made, name), os.path.join(made, "-".join(parts[:2] + ["1"] + parts[2:])))
            shutil.rmtree(wheels)
            os.rename(made, wheels)
            return packages


        def install(layer, wheels, local):
            """Makes the virtual environment; what comes from the app folder itself, pip has to see where it is."""
            shutil.rmtree(layer, ignore_errors=True)
            if run([sys.executable, "-m", "venv", "--without-pip", layer]) != 0:
                fail("the virtual environment cannot be made")
            python = os.path.join(layer, "bin", "python3")
            target = ["--python", python, "install", "--no-compile", "--no-warn-script-location"]
            if local:
                pip(*target, "--progress-bar", "off", "-r", "requirements.txt")
            elif packages := collect_wheels(wheels):
                pip(*target, "--quiet", "--no-index", "--no-deps", "--find-links", wheels, *packages)
            for directory, _, names in os.walk(layer):
                for name in names:
                    # Where a package was downloaded from is no part of what it is.
                    if name == "direct_url.json":
                        os.remove(os.path.join(directory, name))
            # Files in an image all have the same time, so bytecode must not be checked against it. One process in one
            # order gives the same bytes every time. Files that are no Python of this version are left as they are.
            run([
                python, "-m", "compileall", "-q", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash",
                os.path.join(layer, "lib"),
            ], PYTHONDONTWRITEBYTECODE="")


        def write(path, text):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


        def collect_static(python):
            if os.environ.get("DISABLE_COLLECTSTATIC", "") not in ("", "0"):
                say("Django: collectstatic is switched off (DISABLE_COLLECTSTATIC)")
                return
            hint = "set DISABLE_COLLECTSTATIC: \"1\" in build.env to skip it, or give the variables that the settings need there"
            question = (
                "from django.conf import settings as s; import sys; "
                "sys.exit(0 if s.STATIC_ROOT and 'django.contrib.staticfiles' in s.INSTALLED_APPS else 9)"
            )
            answer = run([python, "manage.py", "shell", "-c", question])
            if answer == 9:
                say("Django: the settings have no STATIC_ROOT, so no static files are collected")
                return
            if answer != 0:
                fail("the Django settings cannot be loaded", hint)
            say("Django: collecting static files")
            if run([python, "manage.py", "collectstatic", "--noinput"]) != 0:
                fail("manage.py collectstatic failed", hint)


        def django_module():
            """The WSGI module of a Django project, such as shop.wsgi."""
            candidates = []
            with open("manage.py", encoding="utf-8", errors="replace") as file:
                found = re.search(r"DJANGO_SETTINGS_MODULE['\"]\s*,\s*['\"]([\w.]+)['\"]", file.read())
            if found:
                parts = found.group(1).split(".")
                candidates += [parts[:length] for length in range(len(parts) - 1, 0, -1)]
            candidates += [[name] for name in sorted(os.listdir(".")) if name.isidentifier()]
            for parts in candidates:
                if os.path.isfile(os.path.join(*parts, "wsgi.py")):
                    return ".".join(parts) + ".wsgi"
            return None


        def app_module():
            """The WSGI callable that a top-level module defines, such as app:app."""
            for module in ("app", "wsgi", "main"):
                path = module + ".py"
                if not os.path.isfile(path):
                    continue
                try:
                    with open(path, "rb") as file:
                        tree = ast.parse(file.read())
                except (SyntaxError, ValueError) as error:
                    fail(f"{path} is not valid Python: {error}")
                names = set()
                for node in tree.body:
                    if isinstance(node, ast.Assign):
                        names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                        names.add(node.target.id)
                    elif isinstance(node, ast.FunctionDef):
                        names.add(node.name)
                    elif isinstance(node, ast.ImportFrom):
                        names |= {alias.asname or alias.name for alias in node.names}
                for name in ("app", "application"):
                    if name in names:
                        return f"{module}:{name}"
                if "create_app" in names:
                    return f"{module}:create_app()"
            return None


        def main():
            layers = os.environ.get("CNB_LAYERS_DIR") or sys.argv[1]
            layer = os.path.join(layers, "venv")
            wheels = os.path.join(layers, "wheels")
            files = []
            local = requirements_files("requirements.txt", files)
            key = key_of(files)
            version = platform.python_version()
            if os.path.isfile("runtime.txt"):
                with open("runtime.txt", encoding="utf-8", errors="replace") as file:
                    wanted = file.read().strip()
                if wanted and not version.startswith(wanted.removeprefix("python-").rsplit(".", 1)[0]):
                    say(f"warning: runtime.txt asks for {wanted}, this builder has Python {version}")
            if not local and restored_key(layer) == key:
                say(f"Python {version}: requirements unchanged, the virtual environment is reused")
            else:
                say(f"Python {version}: installing requirements.txt")
                install(layer, wheels, local)
                write(os.path.join(layer, "env.launch", "PYTHONUNBUFFERED.default"), "1")
                write(os.path.join(layer, "env", "VIRTUAL_ENV.override"), layer)
            write(layer + ".toml", f'[types]\nlaunch = true\nbuild = true\ncache = true\n\n[metadata]\nkey = "{key}"\n')
            if not local:
                write(wheels + ".toml", "[types]\ncache = true\n")

            python = os.path.join(layer, "bin", "python3")
            has_django = os.path.isfile("manage.py") and run([python, "-c", "import django"], PYTHONPATH="") == 0
            if has_django:
                collect_static(python)
            module = django_module() if has_django else app_module()
            gunicorn = os.path.join(layer, "bin", "gunicorn")
            if module and os.path.isfile(gunicorn):
                say(f"web: gunicorn {module}")
                # Containers may have nothing that can be written to but shared memory.
                options = "--worker-tmp-dir /dev/shm"
                help_text = subprocess.run([python, gunicorn, "--help"], capture_output=True, text=True).stdout
                if "--no-control-socket" in help_text:
                    options += " --no-control-socket"
                write(
                    os.path.join(layers, "launch.toml"),
                    '[[processes]]\ntype = "web"\ndefault = true\n'
                    f'command = ["bash", "-c", "exec gunicorn --bind 0.0.0.0:${{PORT:-8080}} {options} \'{module}\'"]\n',
                )
            elif not os.path.isfile("Procfile"):
                say("no web process is known: add a line 'web: ...' to a Procfile, or gunicorn to requirements.txt")


        main()

        """#
}
