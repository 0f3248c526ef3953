// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

/// What an operator may set of the router, and where its files are. Every path is inside `stateFolder`, except the
/// modules that come with nginx and an access log that the operator sends elsewhere.
package struct RouterSettings: Sendable, Equatable {
    /// Absolute path of the router's own folder. It needs to be readable by nobody but its owner.
    package var stateFolder: String
    /// Addresses of the data plane, as `address:port`, `[address]:port` or `*:port`.
    package var listen: [String]
    /// Domain under which apps get their default host; the page for unknown hosts names it.
    package var baseDomain: String
    /// Number of nginx worker processes.
    package var workerProcesses: Int
    /// Connections per worker, those to clients and to apps counted together.
    package var workerConnections: Int
    /// User of the workers; only for a master that runs as root, nil otherwise.
    package var workerUser: String?
    /// Largest request body, in MiB.
    package var bodyLimitMegabytes: Int
    /// Networks (CIDR) of proxies in front of this one whose X-Forwarded-Proto, -Host and -Port are believed.
    package var trustedProxies: [String]
    /// Absolute path of nginx's dynamic modules.
    package var modulesFolder: String
    /// Absolute path of the access log (one JSON object a line); `/dev/stdout` hands it to the supervisor.
    package var accessLog: String

    /// Settings with the defaults of a machine of one's own: loopback only.
    package init(
        stateFolder: String,
        listen: [String] = ["127.0.0.1:8080"],
        baseDomain: String = "localhost",
        workerUser: String? = nil
    ) {
        self.stateFolder = stateFolder
        self.listen = listen
        self.baseDomain = baseDomain
        self.workerProcesses = 2
        self.workerConnections = 4096
        self.workerUser = workerUser
        self.bodyLimitMegabytes = 100
        self.trustedProxies = []
        self.modulesFolder = "/usr/lib/nginx/modules"
        self.accessLog = stateFolder + "/access.log"
    }

    /// The file that `nginx -c` is started with.
    package var configurationFile: String { stateFolder + "/nginx.conf" }
    /// Exists from just before a new configuration is in place until nginx was told, so that neither gets lost.
    var reloadMark: String { configurationFile + ".reload" }
    /// Holds the process id of the running master.
    package var pidFile: String { stateFolder + "/nginx.pid" }
    /// nginx's own messages.
    package var errorLog: String { stateFolder + "/error.log" }
    /// The last table, from which nginx routes right after a restart.
    package var tableFile: String { stateFolder + "/table.json" }
    /// nginx makes its sockets writable for all: this folder, 0700, is what keeps others out.
    package var controlFolder: String { stateFolder + "/control" }
    /// Where the table is pushed to.
    package var controlSocket: String { controlFolder + "/router.sock" }
    /// Parent of nginx's temporary folders, which stay empty.
    package var temporaryFolder: String { stateFolder + "/temp" }

    /// Refuses what would end a token of the configuration early or be expanded by nginx.
    func validate() throws {
        for path in [stateFolder, modulesFolder, accessLog] {
            let plain = path.unicodeScalars.allSatisfy { $0.value > 0x20 && !"\"\\${};'".unicodeScalars.contains($0) }
            guard path.hasPrefix("/"), plain else {
                throw RouterError.setting(path, "use an absolute path without spaces, quotes, braces, $, ; or \\")
            }
        }
        // sockaddr_un holds 107 bytes and a zero (unix(7)).
        guard controlSocket.utf8.count <= 107 else {
            throw RouterError.setting(
                controlSocket,
                "a socket's path has at most 107 bytes: use a shorter state folder"
            )
        }
        guard !listen.isEmpty, listen.allSatisfy({ Self.isListenAddress($0) }) else {
            throw RouterError.setting(listen.joined(separator: " "), "listen on address:port, [address]:port or *:port")
        }
        guard !baseDomain.isEmpty, baseDomain.utf8.allSatisfy({ Self.isNameByte($0) }) else {
            throw RouterError.setting(baseDomain, "a base domain has lower-case letters, digits, dots and hyphens")
        }
        if let workerUser, workerUser.isEmpty || !workerUser.utf8.allSatisfy({ Self.isNameByte($0) }) {
            throw RouterError.setting(workerUser, "name a user of this machine")
        }
        for network in trustedProxies where network.isEmpty || !network.utf8.allSatisfy({ Self.isNetworkByte($0) }) {
            throw RouterError.setting(network, "write a trusted proxy as an address or a CIDR block")
        }
        guard (1...64).contains(workerProcesses), (64...65_536).contains(workerConnections) else {
            throw RouterError.setting(
                "\(workerProcesses) × \(workerConnections)",
                "use 1 to 64 workers with 64 to 65536 connections each"
            )
        }
        guard (1...10_240).contains(bodyLimitMegabytes) else {
            throw RouterError.setting("\(bodyLimitMegabytes)", "a body limit is 1 to 10240 MiB")
        }
    }

    private static func isListenAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return false
        }
        let address = text[..<colon]
        if address.hasPrefix("["), address.hasSuffix("]") {
            return address.dropFirst().dropLast().utf8.allSatisfy { isNetworkByte($0) && $0 != UInt8(ascii: "/") }
        }
        return address == "*"
            || !address.isEmpty && address.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    private static func isNetworkByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20) || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }
}
