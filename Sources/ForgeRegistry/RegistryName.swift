// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// The grammar of names in the registry's URLs (distribution-spec, "Pulling manifests"); nothing else gets into a path.
enum RegistryName {
    /// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`, at most 255 characters.
    static func isRepository(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isComponent(Array($0.utf8)) }
    }

    /// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
    static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        let isWord: (UInt8) -> Bool = { isAlphanumeric($0 | 0x20) || $0 == UInt8(ascii: "_") }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || ".-".utf8.contains($0) }
    }

    private static func isComponent(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        let separators = bytes.split(omittingEmptySubsequences: true, whereSeparator: isAlphanumeric)
        return separators.allSatisfy { run in
            run == [UInt8(ascii: ".")] || run == [UInt8(ascii: "_")]
                || run == [UInt8(ascii: "_"), UInt8(ascii: "_")] || run.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
