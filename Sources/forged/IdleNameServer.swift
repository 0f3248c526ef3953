// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// podman's name server of this machine, aardvark-dns, which netavark ends with the last network that needs it. When
/// several containers stop at once netavark 1.4 may forget that: then a server is left that serves no network.
enum IdleNameServer {
    private static let folder = "/run/containers/networks/aardvark-dns"

    /// Ends it when its folder says that it serves nothing; one that serves any network, also another's, is left alone.
    static func end() {
        let files = FileManager.default
        let served = (try? files.contentsOfDirectory(atPath: folder))?.filter { $0 != "aardvark.pid" }
        guard served?.isEmpty != false else { return }
        for pid in ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap({ pid_t($0) }) {
            let words = (files.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()).split(separator: 0)
                .map { String(decoding: $0, as: UTF8.self) }
            guard words.first?.hasSuffix("/aardvark-dns") == true, words.contains(folder) else { continue }
            kill(pid, SIGTERM)
        }
    }
}
