// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Redis as the platform runs it: on a Unix socket only, every write on disk before it is acknowledged.
package struct RedisServer: Sendable {
    let folder: StateFolder
    let executable: String

    /// The configuration file's text.
    var configuration: String {
        """
        port 0
        unixsocket \(folder.redisSocket)
        unixsocketperm 700
        dir \(folder.redis)
        daemonize no
        appendonly yes
        appendfsync always
        save ""
        maxmemory-policy noeviction
        aof-use-rdb-preamble yes
        stop-writes-on-bgsave-error no
        loglevel notice

        """
    }

    /// The part.
    var child: Child {
        Child(name: "redis", patience: .seconds(20)) {
            let file = folder.redis + "/redis.conf"
            try StateFile.replace(file, with: Array(configuration.utf8))
            unlink(folder.redisSocket)
            return ChildCommand(executable, [file], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
        } probe: {
            await LocalCall.ask(socket: folder.redisSocket, "PING")?.hasPrefix("+PONG") ?? false
        }
    }
}
