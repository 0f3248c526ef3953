// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
import ServiceLifecycle

/// Keeps one part running: starts it when those it depends on are ready, starts it again when it ends, and stops it
/// when the supervisor ends.
package struct ChildService: Service {
    /// So many starts without ever becoming ready mean that it will not.
    static let fruitlessStarts = 5
    /// So long a first start may take.
    static let firstReadiness = Duration.seconds(120)

    let child: Child
    let folder: StateFolder
    let dependencies: [Readiness]
    let readiness: Readiness
    let logger: Logger

    /// - Parameters:
    ///   - dependencies: gates of the parts that have to be ready first.
    ///   - readiness: opened when this one is.
    package init(
        child: Child,
        folder: StateFolder,
        dependencies: [Readiness] = [],
        readiness: Readiness = Readiness(),
        logger: Logger
    ) {
        self.child = child
        self.folder = folder
        self.dependencies = dependencies
        self.readiness = readiness
        self.logger = logger
    }

    /// Returns when the part has been stopped; throws ``SupervisorError`` when it never became ready.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            for dependency in dependencies { try await dependency.wait() }
        }
        var backoff = Backoff()
        var fruitless = 0
        while !isEnding, dependencies.allSatisfy(\.isOpen) {
            let started = ContinuousClock.now
            let end: String
            do {
                guard let status = try await runOnce() else { return }
                end = status.description
            } catch  where readiness.isOpen {
                end = "\(error)"
            }
            if !readiness.isOpen {
                fruitless += 1
                if fruitless == Self.fruitlessStarts { throw failure("\(end), \(fruitless) times in a row") }
            }
            let wait = backoff.next(after: ContinuousClock.now - started)
            logger.warning(
                "a part of the platform ended and is started again",
                metadata: ["part": "\(child.name)", "end": "\(end)", "wait": "\(wait)"]
            )
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
        }
    }

    private var isEnding: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    private enum Event {
        case ended(ExitStatus)
        case ending
        case neverReady
        case quiet
    }

    /// One life of the process; nil when it was asked to end.
    private func runOnce() async throws -> ExitStatus? {
        let process = try await ChildProcess.start(
            child.command(),
            log: child.hasLog ? folder.log(of: child.name) : nil,
            endsGroup: child.endsGroup
        )
        note(process)
        defer { unlink(identityFile) }
        return try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask { .ended(await process.exit()) }
            group.addTask {
                try? await gracefulShutdown()
                return .ending
            }
            group.addTask { await probe() }
            defer { group.cancelAll() }
            var killer: Task<Void, Never>?
            var timedOut = false
            while let event = try await group.next() {
                switch event {
                case .ended(let status):
                    killer?.cancel()
                    if timedOut { throw failure("it does not answer within \(Self.firstReadiness)") }
                    return killer == nil ? status : nil
                case .neverReady:
                    timedOut = true
                    fallthrough
                case .ending:
                    if killer == nil {
                        process.signal(SIGTERM)
                        // Not a child of this task: when that is cancelled, the patience is still due.
                        killer = Task { await kill(process, after: child.patience) }
                    }
                case .quiet: break
                }
            }
            return nil
        }
    }

    /// Writes down which process it is, for a supervisor that comes after this one was killed.
    private func note(_ process: ChildProcess) {
        guard let identity = ProcessIdentity(of: process.pid) else { return }
        do {
            try StateFile.save(identity, to: identityFile)
        } catch {
            logger.warning("a process cannot be noted", metadata: ["part": "\(child.name)", "error": "\(error)"])
        }
    }

    /// Opens the gate when the part answers.
    private func probe() async -> Event {
        let deadline = ContinuousClock.now + Self.firstReadiness
        while !Task.isCancelled, !readiness.isOpen {
            if await child.probe() {
                readiness.open()
            } else if ContinuousClock.now > deadline {
                return .neverReady
            } else {
                try? await Task.sleep(for: .milliseconds(25))
            }
        }
        return .quiet
    }

    private func kill(_ process: ChildProcess, after patience: Duration) async {
        guard (try? await Task.sleep(for: patience)) != nil else { return }
        logger.warning("a part of the platform does not end and is killed", metadata: ["part": "\(child.name)"])
        process.signal(SIGKILL, group: child.endsGroup)
    }

    private func failure(_ what: String) -> SupervisorError {
        let lines = LogFile(path: folder.log(of: child.name)).tail(5).map { "\n  " + $0 }.joined()
        return SupervisorError(.unavailable, "\(child.name) does not start: \(what)\(lines)")
    }

    private var identityFile: String { folder.processes + "/\(child.name).json" }
}
