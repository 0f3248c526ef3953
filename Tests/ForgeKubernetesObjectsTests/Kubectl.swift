// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Somebody else's tool, on the tests' cluster.
enum Kubectl {
    struct Failure: Error { let output: String }

    /// Whether there is one.
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/kubectl")

    /// Runs a command, such as `scale deployment/shop-web --replicas=5`.
    static func run(_ arguments: [String], namespace: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/kubectl")
        let kubeconfig = ProcessInfo.processInfo.environment["FORGE_TEST_KUBECONFIG"] ?? ""
        process.arguments = ["--kubeconfig", kubeconfig, "--namespace", namespace] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(output: output) }
    }
}
