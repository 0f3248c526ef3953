// SPDX-License-Identifier: Apache-2.0

package import ForgeEngine
package import ForgeModel
package import ForgePlan

/// A `StateStore` in memory, for tests of what stands on the port; it keeps the same contract as the real one.
package actor FakeStateStore: StateStore {
    /// Starts empty.
    package init() {}

    private struct State {
        var desired: DesiredApp?
        var generation = 0
        var record: AppRecord?
        var lastNumber: ReleaseNumber?
        var releases: [ReleaseNumber: Release] = [:]
        var journal: Journal?
        var fence = 0
        var events: [StoredEvent] = []
        var lines: [String: Int] = [:]
        var due: ContinuousClock.Instant?
        var leaseEnd: ContinuousClock.Instant?
        var dirty: ContinuousClock.Instant?
    }

    private var states: [AppName: State] = [:]
    private var hashes: [String: Digest] = [:]
    private var eventCount = 0
    private nonisolated let bells = Shared<[AsyncStream<Void>.Continuation]>([])

    private var now: ContinuousClock.Instant { .now }

    /// Rings for everything that happens: listeners look for themselves.
    private nonisolated func listen() -> AsyncStream<Void> {
        let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        bell.yield()
        bells.update { $0.append(bell) }
        return stream
    }

    private func ring() { for bell in bells.value { bell.yield() } }
}

extension FakeStateStore {
    package func apps() -> [AppName] { states.filter { $0.value.desired != nil }.keys.sorted() }

    package func desired(_ app: AppName) -> DesiredApp? { states[app]?.desired }

    package func commit(_ app: AppName, _ wish: Wish, by: String, at: Timestamp, expected: Generation?) throws
        -> DesiredApp
    {
        let current = states[app]?.desired?.generation
        guard current == expected else { throw StoreError.stale(current: current) }
        let generation = Generation(number: (states[app]?.generation ?? 0) + 1)
        let desired = DesiredApp(generation: generation, wish: wish, requestedBy: by, requestedAt: at)
        states[app, default: State()].generation = generation.number
        states[app]?.desired = desired
        wake(app, after: nil)
        return desired
    }

    package func forget(_ result: DeployEvent, _ claim: Claim) throws {
        try update(claim) { state in
            if let desired = state.desired, desired.wish != .destroy {
                throw StoreError.stale(current: desired.generation)
            }
            state.desired = nil
            state.record = nil
            state.releases = [:]
            state.journal = nil
            state.due = nil
            state.dirty = nil
        }
        try append([result], of: claim.app)
    }

    package func record(_ app: AppName) -> AppRecord {
        states[app]?.record ?? AppRecord(lastNumber: states[app]?.lastNumber)
    }

    package func save(_ record: AppRecord, _ claim: Claim) throws {
        try update(claim) { state in
            state.record = record
            if let number = record.lastNumber { state.lastNumber = max(number, state.lastNumber ?? number) }
        }
    }

    package func settle(_ record: AppRecord, _ release: Release?, _ result: DeployEvent, _ claim: Claim) throws {
        var record = record
        if let release {
            record.live = release
            record.lastNumber = max(record.lastNumber ?? release.number, release.number)
        }
        try save(record, claim)
        try save(Journal?.none, claim)
        if let release { states[claim.app]?.releases[release.number] = release }
        try append([result], of: claim.app)
    }

    package func releases(_ app: AppName, limit: Int) -> [Release] {
        Array((states[app]?.releases ?? [:]).values.sorted { $0.number > $1.number }.prefix(limit))
    }

    package func journal(_ app: AppName) -> Journal? { states[app]?.journal }

    package func save(_ journal: Journal?, _ claim: Claim) throws { try update(claim) { $0.journal = journal } }

    package func saveToken(name: String, hash: Digest) { hashes[name] = hash }

    package func tokens() -> [String: Digest] { hashes }

    /// Changes the state of a claim's app, while the claim is good.
    private func update(_ claim: Claim, _ change: (inout State) throws -> Void) throws {
        guard var state = states[claim.app], state.fence == claim.token.number, state.leaseEnd != nil else {
            throw StoreError.lostLease(claim.app)
        }
        try change(&state)
        states[claim.app] = state
    }
}

extension FakeStateStore {
    package func wake(_ app: AppName, after delay: TimeSpan?) {
        wake(app, at: now + .milliseconds(delay?.milliseconds ?? 0))
    }

    private func wake(_ app: AppName, at moment: ContinuousClock.Instant) {
        var state = states[app, default: State()]
        if state.leaseEnd == nil {
            state.due = min(state.due ?? moment, moment)
        } else {
            state.dirty = min(state.dirty ?? moment, moment)
        }
        states[app] = state
        ring()
    }

    package func claim(worker: String, lease: TimeSpan) -> Claim? {
        let now = now
        let waiting = states.compactMap { app, state in (state.leaseEnd ?? state.due).map { (app: app, since: $0) } }
        guard let longest = waiting.min(by: { $0.since < $1.since }), longest.since <= now,
            var state = states[longest.app]
        else { return nil }
        state.due = nil
        if let dirty = state.dirty, dirty <= now { state.dirty = nil }
        state.fence += 1
        state.leaseEnd = now + .milliseconds(lease.milliseconds)
        states[longest.app] = state
        return Claim(app: longest.app, token: FencingToken(number: state.fence), worker: worker)
    }

    package func renew(_ claim: Claim, lease: TimeSpan) throws {
        let now = now
        try update(claim) { state in
            guard let end = state.leaseEnd, end > now else { throw StoreError.lostLease(claim.app) }
            state.leaseEnd = now + .milliseconds(lease.milliseconds)
        }
    }

    package func finish(_ claim: Claim, again delay: TimeSpan?) {
        var dirty: ContinuousClock.Instant?
        let isHeld: Void? = try? update(claim) { state in
            dirty = state.dirty
            state.leaseEnd = nil
            state.dirty = nil
        }
        guard isHeld != nil else { return }
        if let dirty { wake(claim.app, at: dirty) }
        if let delay { wake(claim.app, after: delay) }
    }

    package nonisolated func ticks() -> AsyncStream<Void> { listen() }
}

extension FakeStateStore {
    package func append(_ events: [DeployEvent], of app: AppName) throws {
        for event in events {
            eventCount += 1
            let position = try EventPosition("\(eventCount)-0")
            states[app, default: State()].events.append(StoredEvent(position: position, event: event))
        }
        ring()
    }

    package func append(_ lines: [String], first: Int, phase: Int, task: ClusterTask, step: String, at: Timestamp)
        throws
    {
        let key = "\(task.generation) \(phase) \(task.name)"
        let have = states[task.app]?.lines[key] ?? 0
        let new = lines.enumerated().filter { first + $0.offset >= have }
        states[task.app, default: State()].lines[key] = max(have, first + lines.count)
        try append(
            new.map { line in
                var detail = line.element
                if detail.utf8.count > 8192 {
                    while detail.utf8.count > 8189 { detail.removeLast() }
                    detail += "…"
                }
                return DeployEvent(.output, generation: task.generation, at: at, step: step, detail: detail)
            },
            of: task.app
        )
    }

    package nonisolated func events(
        _ app: AppName,
        after position: EventPosition?
    ) -> AsyncThrowingStream<StoredEvent, any Error> {
        let bell = listen()
        let last = Shared(position)
        return AsyncThrowingStream {
            while !Task.isCancelled {
                if let event = await self.event(app, after: last.value) {
                    last.update { $0 = event.position }
                    return event
                }
                var ring = bell.makeAsyncIterator()
                guard await ring.next() != nil else { return nil }
            }
            return nil
        }
    }

    /// Every event that an app ever had, oldest first.
    package func allEvents(_ app: AppName) -> [DeployEvent] { (states[app]?.events ?? []).map(\.event) }

    private func event(_ app: AppName, after position: EventPosition?) -> StoredEvent? {
        let events = states[app]?.events ?? []
        guard let position else { return events.first }
        return events.firstIndex { $0.position == position }.flatMap { $0 + 1 < events.count ? events[$0 + 1] : nil }
    }

    package func lastEvent(_ app: AppName) -> EventPosition? { states[app]?.events.last?.position }
}
