// SPDX-License-Identifier: Apache-2.0

/// Buildpacks that detection tries together, as the builder's labels name them.
struct BuildpackGroup: Hashable, Sendable, Encodable {
    /// One buildpack of a group.
    struct Member: Hashable, Sendable, Encodable {
        var id = ""
        var version = ""
        /// Whether the group goes on without it; only said when it does.
        var optional: Bool?
    }

    /// The members, in order.
    var group: [Member] = []

    /// Reads the groups of an order.toml that has one key per line, as the platform's own has.
    static func read(_ text: String) -> [BuildpackGroup] {
        var groups: [BuildpackGroup] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmingSpaces()
            if content == "[[order]]" {
                groups.append(BuildpackGroup())
            } else if groups.isEmpty {
                continue
            } else if content == "[[order.group]]" {
                groups[groups.count - 1].group.append(Member())
            } else if let equals = content.firstIndex(of: "="), var member = groups[groups.count - 1].group.popLast() {
                let value = content[content.index(after: equals)...].trimmingSpaces()
                let text = String(value.drop { $0 == "\"" }.prefix { $0 != "\"" })
                switch content[..<equals].trimmingSpaces() {
                case "id": member.id = text
                case "version": member.version = text
                case "optional": member.optional = value == "true" ? true : nil
                default: break
                }
                groups[groups.count - 1].group.append(member)
            }
        }
        return groups
    }

    /// Every buildpack of some groups once, in order.
    static func members(of groups: [BuildpackGroup]) -> [Member] {
        var seen: Set<Member> = []
        return groups.flatMap(\.group).map { Member(id: $0.id, version: $0.version) }.filter {
            seen.insert($0).inserted
        }
    }
}
