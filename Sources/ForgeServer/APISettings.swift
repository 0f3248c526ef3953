// SPDX-License-Identifier: Apache-2.0

/// Where the API listens, and what it takes from outside at most.
package struct APISettings: Sendable {
    /// The address to listen on.
    package var address: String
    /// The port; 0 takes a free one.
    package var port: Int
    /// The names besides loopback ones by which clients may call this machine, lower-case, without a port.
    package var hosts: Set<String>
    /// The most bytes of a source tree.
    package var maximumSource: Int
    /// The most bytes of a JSON document.
    package var maximumDocument: Int
    /// How often a silent stream says that it is alive.
    package var heartbeat: Duration
    /// How long a connection may be without a byte while a request is read, or between two requests.
    package var idle: Duration

    /// Loopback only, port 7777, and limits that no ordinary app reaches.
    package init(
        address: String = "127.0.0.1",
        port: Int = 7777,
        hosts: Set<String> = [],
        maximumSource: Int = 512 << 20,
        maximumDocument: Int = 1 << 20,
        heartbeat: Duration = .seconds(15),
        idle: Duration = .seconds(60)
    ) {
        self.address = address
        self.port = port
        self.hosts = hosts
        self.maximumSource = maximumSource
        self.maximumDocument = maximumDocument
        self.heartbeat = heartbeat
        self.idle = idle
    }
}
