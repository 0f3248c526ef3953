// SPDX-License-Identifier: Apache-2.0

import ForgeOCI
import Glibc

/// Who a phase runs as (platform specification, Security Considerations).
enum Privileges {
    /// Refuses to run code of the app as root.
    static func refuseRoot() throws(PhaseError) {
        guard geteuid() != 0 else {
            throw PhaseError(PhaseError.Code.generic, "refusing to run as root; run as the builder's user")
        }
    }

    /// Becomes the build user when started as root, after giving it the directories that it must write to.
    static func drop(_ settings: PhaseSettings) throws {
        guard geteuid() == 0, settings[.uid] != nil else { return }
        let (uid, gid) = try settings.owner()
        guard uid != 0 else { return }
        for directory in [settings.layers, settings.cacheDirectory].compactMap(\.self)
        where try TextFile.isDirectory(directory) {
            try SystemCallError.check("change the owner of", directory) { chown(directory, uid, gid) }
        }
        try SystemCallError.check("leave the groups of", "root") { setgroups(0, nil) }
        try SystemCallError.check("change to group", String(gid)) { setgid(gid) }
        try SystemCallError.check("change to user", String(uid)) { setuid(uid) }
    }
}
