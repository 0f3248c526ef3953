// SPDX-License-Identifier: Apache-2.0

import ForgeBuildpacks
import ForgeLaunch
import ForgeModel
import ForgeOCI
import Foundation
import Testing

@testable import ForgeLifecycle

/// The embedded buildpacks' own programs.
@Suite struct EmbeddedBuildpackTests {
    private static let python = "cnb/buildpacks/forge_python/1.1.0"
    private static let procfile = "cnb/buildpacks/forge_procfile/1.0.0"

    private func run(_ bench: Workbench, _ program: String, _ environment: [String: String] = [:]) throws -> (
        Int32, String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(bench.root)/\(program)")
        process.arguments = [bench.root + "/layers", bench.root + "/platform", bench.root + "/plan.toml"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: bench.root + "/workspace")
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: [
        ("web: run", ["web=run*"], "Procfile: web"),
        ("worker: run", ["worker=run*"], "Procfile: worker"),
        ("a: 1\nb: 2", ["a=1", "b=2"], "Procfile: a, b"),
        (
            "web: a\nrelease:b\n\n# no\n  # no\nx-1: c # d", ["web=a*", "release=b", "x-1=c # d"],
            "Procfile: web, release, x-1"
        ),
        ("web: a\r\nweb: b\r\n", ["web=b*"], "Procfile:2: warning: process type 'web' is given again"),
        ("  My_Web: x", ["my-web=x*"], "becomes 'my-web'"),
        ("web: http://h: \"a\\b\" 'c'\t$X", ["web=http://h: \"a\\b\" 'c'\t$X*"], "Procfile: web"),
        ("", [], "the file names no process"),
    ])
    func procfile(text: String, processes: [String], says: String) throws {
        let bench = try Workbench()
        try bench.installEmbedded()
        try bench.write("workspace/Procfile", text)
        let (status, output) = try run(bench, Self.procfile + "/bin/build")
        #expect(status == 0, "\(output)")
        #expect(output.contains(says))
        let launch = try TOMLText.read(LaunchFile.self, bench.root + "/layers/launch.toml")
        let found = (launch?.processes ?? []).map { process in
            let command = process.command.array?.compactMap(\.string) ?? []
            #expect(command.prefix(2) == ["bash", "-c"])
            return "\(process.type)=\(command.last ?? "")\(process.default == true ? "*" : "")"
        }
        #expect(found == processes)
    }

    @Test(arguments: [
        ("web run", 1), ("web:", 1), ("web: a\n-x: b", 2), ("web: a\nwëb: b", 2), ("<<<<<<< HEAD\nweb: a", 1),
        ("web : a", 1), (String(repeating: "a", count: 64) + ": x", 1),
    ])
    func wrongProcfile(text: String, line: Int) throws {
        let bench = try Workbench()
        try bench.installEmbedded()
        try bench.write("workspace/Procfile", text)
        let (status, output) = try run(bench, Self.procfile + "/bin/build")
        #expect(status == 1)
        #expect(output.contains("Procfile:\(line): error: "))
    }

    @Test func detection() throws {
        let bench = try Workbench()
        try bench.installEmbedded()
        try bench.write("workspace/pyproject.toml", "")
        let (no, output) = try run(bench, Self.python + "/bin/detect")
        #expect(no == 100)
        #expect(output.contains("found pyproject.toml"))
        try bench.write("workspace/requirements.txt", "")
        let place = ["CNB_BUILD_PLAN_PATH": bench.root + "/plan.toml"]
        #expect(try run(bench, Self.python + "/bin/detect", place).0 == 0)
        let plan = try TOMLText.read(DetectedPlan.self, bench.root + "/plan.toml")
        #expect(plan?.provides?.map(\.name) == ["python"])
        #expect(plan?.requires?.map(\.name) == ["python"])
        #expect(try run(bench, Self.procfile + "/bin/detect").0 == 100)
    }

    private static let reachesIndex: Bool = {
        let question =
            "import pip, urllib.request; urllib.request.urlopen('https://pypi.org/simple/gunicorn/', timeout=20)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", question]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private func digest(_ bench: Workbench) throws -> String {
        let archive = try LayerArchive.directory(bench.root + "/layers/venv", uid: 1, gid: 1)
        return try TarStream(archive.entries).digest().digest.text
    }

    /// Installs from the package index, once for everything that is to be seen.
    @Test(.enabled(if: reachesIndex, "needs a package index")) func virtualEnvironment() throws {
        let bench = try Workbench()
        try bench.installEmbedded()
        try bench.write("workspace/requirements.txt", "flask==3.0.3\ngunicorn==22.0.0\n")
        try bench.write("workspace/app.py", "from flask import Flask\napp = Flask(__name__)\n")
        let build = Self.python + "/bin/build"
        let (status, output) = try run(bench, build)
        #expect(status == 0, "\(output)")
        let layer = bench.root + "/layers/venv"
        let launch = try #require(try TOMLText.read(LaunchFile.self, bench.root + "/layers/launch.toml"))
        #expect(launch.processes?.first?.type == "web")
        #expect(
            launch.processes?.first?.command.array?.last?.string
                == "exec gunicorn --bind 0.0.0.0:${PORT:-8080} --worker-tmp-dir /dev/shm 'app:app'"
        )
        let file = try LayerFile.read(layer + ".toml")
        #expect(file.launch && file.build && file.cache)
        #expect(try !TextFile.exists(layer + "/bin/pip"))
        let imported = try RegistryFixture.output(
            of: layer + "/bin/python3",
            ["-c", "import flask; print(flask.__file__)"]
        )
        #expect(imported.hasPrefix(layer))
        let first = try digest(bench)

        // What the restorer brings back is kept, without asking the index.
        try LayerFile.writeRestored(file.metadata, to: layer + ".toml")
        let offline = ["PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_FIND_LINKS": ""]
        let (again, text) = try run(bench, build, offline)
        #expect(again == 0)
        #expect(text.contains("the virtual environment is reused"))
        #expect(try digest(bench) == first)

        // The same made anew is the same, byte for byte, with and without the wheels that were kept.
        let wheels = bench.root + "/layers/wheels"
        let kept = try LayerFile.read(wheels + ".toml")
        #expect(kept.cache && !kept.launch && !kept.build)
        let names = try TextFile.names(in: wheels)
        #expect(names.contains("flask-3.0.3-1-py3-none-any.whl"))
        try TextFile.remove(layer + ".toml")
        let (made, said) = try run(bench, build)
        #expect(made == 0)
        #expect(!said.contains("Downloading"), "\(said)")
        #expect(try digest(bench) == first)
        #expect(try TextFile.names(in: wheels) == names)
        try TextFile.remove(wheels)
        try TextFile.remove(layer + ".toml")
        #expect(try run(bench, build).0 == 0)
        #expect(try digest(bench) == first)

        // Other requirements: what was there already needs no index, and what is no longer needed is not kept.
        try bench.write("workspace/requirements.txt", "gunicorn==22.0.0\n")
        let (fewer, shown) = try run(bench, build, offline.merging(["PIP_RETRIES": "0"]) { $1 })
        #expect(fewer == 0, "\(shown)")
        #expect(try !TextFile.exists(layer + "/bin/flask"))
        #expect(try TextFile.names(in: wheels).allSatisfy { $0.hasPrefix("gunicorn-") || $0.hasPrefix("packaging-") })
    }

    @Test(.enabled(if: reachesIndex, "needs a package index"))
    func `packages in the app folder are installed from there`() throws {
        let bench = try Workbench()
        try bench.installEmbedded()
        try bench.write("workspace/requirements.txt", "-e ./own\n")
        try bench.write("workspace/own/own.py", "answer = 42\n")
        try bench.write("workspace/own/pyproject.toml", "[project]\nname = \"own\"\nversion = \"1\"\n")
        let (status, output) = try run(bench, Self.python + "/bin/build")
        #expect(status == 0, "\(output)")
        let layers = bench.root + "/layers"
        #expect(try !TextFile.exists(layers + "/wheels.toml"))
        let question = ["-c", "import own; print(own.answer, own.__file__)"]
        let answer = try RegistryFixture.output(of: layers + "/venv/bin/python3", question)
        #expect(answer == "42 \(bench.root)/workspace/own/own.py\n")
    }
}
