// SPDX-License-Identifier: Apache-2.0

package import ForgeModel
package import ForgePlan

/// Where desired state, records, the ready set and events live (specs/storage.md).
///
/// Every method is atomic. Methods that take a `Claim` write only while its fencing token is the newest for the app,
/// and throw `StoreError.lostLease` otherwise.
package protocol StateStore: Sendable {
    // MARK: Desired state

    /// Every app that has desired state, sorted.
    func apps() async throws -> [AppName]
    /// What is wanted of an app; nil when it is not known.
    func desired(_ app: AppName) async throws -> DesiredApp?
    /// Accepts a wish as the generation after `expected` (nil: the app is not known yet) and wakes the app.
    ///
    /// Throws `StoreError.stale` when another generation is there by now. What it returns is on disk.
    func commit(_ app: AppName, _ wish: Wish, by: String, at: Timestamp, expected: Generation?) async throws
        -> DesiredApp
    /// Forgets the claim's destroyed app but its events and its highest generation and release number, and tells the
    /// result, in one transaction.
    ///
    /// Throws `StoreError.stale` when a newer wish wants the app to run: that wish stays, and nothing is told.
    func forget(_ result: DeployEvent, _ claim: Claim) async throws

    // MARK: Records

    /// How far the reconciler came.
    func record(_ app: AppName) async throws -> AppRecord
    /// Replaces the record.
    func save(_ record: AppRecord, _ claim: Claim) async throws
    /// Ends a generation, in one transaction: replaces the record, adds a release (which becomes the record's live one)
    /// to the history, ends the journal and tells the result. Whoever hears the result finds everything as it says.
    func settle(_ record: AppRecord, _ release: Release?, _ result: DeployEvent, _ claim: Claim) async throws
    /// The newest releases, newest first.
    func releases(_ app: AppName, limit: Int) async throws -> [Release]
    /// What is under way; nil when nothing is.
    func journal(_ app: AppName) async throws -> Journal?
    /// Replaces the journal; nil ends it.
    func save(_ journal: Journal?, _ claim: Claim) async throws

    // MARK: Ready set

    /// Makes the app due after a delay, or sooner if it is due sooner; an app that is being worked on is worked on again.
    func wake(_ app: AppName, after delay: TimeSpan?) async throws
    /// Takes the app that is due longest, if there is one, under a lease.
    func claim(worker: String, lease: TimeSpan) async throws -> Claim?
    /// Extends a lease; throws `StoreError.lostLease` when it is over.
    func renew(_ claim: Claim, lease: TimeSpan) async throws
    /// Gives the app back; it becomes due again after `delay`, or at once when it was woken meanwhile.
    func finish(_ claim: Claim, again delay: TimeSpan?) async throws
    /// A tick whenever some app may have become due, from any process; a hint, so ticks may be lost or too many.
    func ticks() -> AsyncStream<Void>

    // MARK: Events

    /// Appends events to an app's stream, in order.
    func append(_ events: [DeployEvent], of app: AppName) async throws
    /// Appends output lines of a task, once each: `first` is the index of the first line in that phase, and lines that
    /// are there already are not added again.
    func append(_ lines: [String], first: Int, phase: Int, task: ClusterTask, step: String, at: Timestamp) async throws
    /// The events of an app after a position (nil: from the oldest kept), and then each new one as it comes.
    func events(_ app: AppName, after position: EventPosition?) -> AsyncThrowingStream<StoredEvent, any Error>
    /// The position of the newest event; nil when there is none.
    func lastEvent(_ app: AppName) async throws -> EventPosition?

    // MARK: Tokens

    /// Stores the hash of a token under a name, replacing that name's.
    func saveToken(name: String, hash: Digest) async throws
    /// The hashes of all tokens, by name; the caller compares in constant time.
    func tokens() async throws -> [String: Digest]
}

/// A lease of one app: the right to write for it.
package struct Claim: Hashable, Sendable {
    /// The app.
    package let app: AppName
    /// Newer than every token given for the app before.
    package let token: FencingToken
    /// Who holds it.
    package let worker: String

    /// Holds a lease; only stores make one.
    package init(app: AppName, token: FencingToken, worker: String) {
        self.app = app
        self.token = token
        self.worker = worker
    }
}

/// The position of an event in its app's stream, in the store's own spelling.
package struct EventPosition: Hashable, Sendable, CustomStringConvertible {
    /// The store's spelling: `1700000000000-0`.
    package let text: String

    /// Accepts two numbers of 64 bits, joined by `-`.
    package init(_ text: String) throws {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ UInt64($0) != nil && $0.first != "+" }) else {
            throw InvalidValue(kind: "event position", text: text, rule: "use one that an event came with")
        }
        self.text = text
    }

    /// The store's spelling.
    package var description: String { text }
}

/// An event with its position.
package struct StoredEvent: Hashable, Sendable {
    /// Where it is in the stream.
    package let position: EventPosition
    /// What happened.
    package let event: DeployEvent

    /// Pairs an event with its position.
    package init(position: EventPosition, event: DeployEvent) {
        self.position = position
        self.event = event
    }
}

/// Why a store did not do what it was asked.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another generation was committed; nil: the app is not there any more.
    case stale(current: Generation?)
    /// The lease is over, or someone else holds it.
    case lostLease(AppName)
    /// The store cannot be reached or refuses to work; one line that says which and why.
    case unavailable(String)
    /// What is stored cannot be read; one line that names the key.
    case corrupt(String)

    /// One line for a person.
    package var description: String {
        switch self {
        case .stale(let current):
            "the app has changed meanwhile: generation \(current.map(\.description) ?? "none") is there now"
        case .lostLease(let app): "another worker took over \(app)"
        case .unavailable(let reason): reason
        case .corrupt(let reason): reason
        }
    }
}
