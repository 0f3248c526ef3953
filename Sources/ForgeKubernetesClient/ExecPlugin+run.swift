// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import Subprocess
import SystemPackage

extension ExecPlugin {
    private static let timeout = Duration.seconds(60)
    private static let outputLimit = 1 << 20

    /// Runs the program and reads what it says. Nobody sits at our standard input: it gets none.
    func credential() async throws -> ExecCredential {
        guard interactiveMode != .always else {
            throw failure("it wants to ask a person (interactiveMode: Always), and none is there; use another user")
        }
        let output = try await output()
        do throws(KubernetesError) {
            return try ExecCredential(output, apiVersion: apiVersion)
        } catch {
            throw failure(error.message)
        }
    }

    /// How the program ended, and what it said.
    private struct Ending {
        let status: TerminationStatus
        let output: [UInt8]
        let complaints: String
    }

    private func output() async throws -> [UInt8] {
        let ending: Ending?
        do {
            ending = try await withThrowingTaskGroup(of: Ending?.self) { group in
                group.addTask { try await start() }
                group.addTask {
                    try await Task.sleep(for: Self.timeout)
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw failure(reason(of: error))
        }
        guard let ending else { throw failure("it has not answered within \(Self.timeout.components.seconds) s") }
        guard ending.status.isSuccess else {
            let words = ending.complaints.split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(300))" } ?? ""
            throw failure("it ended with \(ending.status)\(words)")
        }
        return ending.output
    }

    private func start() async throws -> Ending {
        var variables: [Environment.Key: String?] = ["KUBERNETES_EXEC_INFO": String(decoding: question, as: UTF8.self)]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        let result = try await run(
            command.contains("/") ? .path(FilePath(command)) : .name(command),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            output: .bytes(limit: Self.outputLimit),
            error: .string(limit: Self.outputLimit)
        )
        return Ending(status: result.terminationStatus, output: result.standardOutput, complaints: result.standardError)
    }

    /// What the program is told (client.authentication.k8s.io, "ExecCredentialSpec").
    private var question: [UInt8] {
        var spec: [String: JSONValue] = ["interactive": false]
        spec["cluster"] = clusterInfo.flatMap { try? JSONValue(parsing: $0) }
        let question: JSONValue = [
            "apiVersion": .string(apiVersion), "kind": "ExecCredential", "spec": .object(spec),
        ]
        return question.bytes()
    }

    private func reason(of error: SubprocessError) -> String {
        switch error.code {
        case .executableNotFound, .spawnFailed:
            "it cannot be started; \(installHint ?? "install it, or correct exec.command in the kubeconfig")"
        case .outputLimitExceeded: "it prints more than \(Self.outputLimit) bytes"
        default: "\(error)"
        }
    }

    private func failure(_ reason: String) -> KubernetesError {
        KubernetesError(.configuration, "the credential plugin \(command): \(reason)")
    }
}
