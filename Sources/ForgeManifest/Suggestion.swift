// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// Finds the key that was probably meant.
enum Suggestion {
    /// Words of other platforms for keys of this one.
    private static let otherWords = [
        "replicas": "instances", "scale": "instances", "count": "instances", "quantity": "instances",
        "cmd": "command", "run": "command", "start": "command",
        "environment": "env", "variables": "env", "vars": "env",
        "formation": "processes", "services": "processes",
        "dir": "path", "context": "path", "root": "path",
        "app": "name", "mem": "memory", "health": "healthcheck", "probe": "healthcheck",
    ]

    /// `did you mean 'instances'?`, or nil if no key is near.
    static func hint(for word: String, among keys: [String]) -> String? {
        nearest(to: word, among: keys).map { "did you mean '\($0)'?" }
    }

    /// The nearest key at a distance of at most a third of its length; the first of equals.
    static func nearest(to word: String, among keys: [String]) -> String? {
        guard word.utf8.count <= 40 else { return nil }
        let plain = folded(word)
        if let known = otherWords[plain], keys.contains(known) {
            return known
        }
        return
            keys
            .map { (key: $0, distance: plain.editDistance(to: folded($0))) }
            .filter { $0.distance <= max(1, $0.key.count / 3) && $0.distance < $0.key.count }
            .min { $0.distance < $1.distance }?
            .key
    }

    /// Letter case and the separators `-` and `_` are not what makes a key another one.
    private static func folded(_ word: String) -> String {
        word.lowercased().filter { $0 != "_" && $0 != "-" }
    }
}
