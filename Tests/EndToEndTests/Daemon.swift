// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The processes of the platform under test.
enum Daemon {
    /// Kills, without warning, the platform's processes whose command line holds a text; gives how many there were.
    static func kill(_ text: String) throws -> Int {
        let pids = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
        let found = pids.filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let line = String(decoding: data, as: UTF8.self).replacing("\0", with: " ")
            return line.contains(text) && !line.contains("supervise") && isOfThePlatform(pid, line)
        }
        for pid in found { Foundation.kill(pid, SIGKILL) }
        return found.count
    }

    /// The parts of the platform that a build needs and that a kill does not end for good.
    static var buildParts: [(String, String)] {
        let daemon = [("forged serve", "build"), ("forged serve", "deploy/web")]
        // The registry of a cluster is not the platform's own in these tests.
        return ForgeCLI.isOnKubernetes ? daemon : daemon + [("docker-registry", "build")]
    }

    /// On one machine, all parts have the state folder on their command line; on a cluster whose node is this machine,
    /// they are in a pod.
    private static func isOfThePlatform(_ pid: Int32, _ line: String) -> Bool {
        guard ForgeCLI.isOnKubernetes else { return line.contains(ForgeCLI.state) }
        let groups = FileManager.default.contents(atPath: "/proc/\(pid)/cgroup")
        return groups.map { String(decoding: $0, as: UTF8.self).contains("kubepods") } ?? false
    }

    /// The ports of the platform on loopback, as a Python list.
    static var ports: String {
        let file = URL(filePath: ForgeCLI.state).appending(path: "settings.json")
        guard let data = try? Data(contentsOf: file),
            let settings = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return "[]" }
        let ports = settings.filter { $0.key.lowercased().contains("port") }.values.compactMap { $0 as? Int }
        return "\(ports)"
    }
}
