// SPDX-License-Identifier: Apache-2.0

/// Names of archive members, taken apart and judged before anything touches the file system.
enum MemberPath {
    /// The components of a relative name, or `nil` when it is absolute or climbs.
    static func components(_ name: String) -> [String]? {
        let parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
        return parts.contains("..") ? nil : parts
    }

    /// Why a symbolic link in the directory `directory` (below the root) may lead out of the root; `nil` when it cannot.
    ///
    /// `..` is allowed only at the start: behind a component that is itself a link, it would climb from where that
    /// link leads.
    static func escape(ofLinkTo target: String, in directory: [String]) -> String? {
        if target.hasPrefix("/") { return "is a link to the absolute path '\(target)'; make it relative" }
        let parts = target.split(separator: "/").filter { $0 != "." }
        let climbs = parts.prefix { $0 == ".." }.count
        if climbs > directory.count { return "is a link that leads outside of the folder, to '\(target)'" }
        if parts.dropFirst(climbs).contains("..") {
            return "is a link whose target '\(target)' has '..' behind a name; write the target without it"
        }
        return nil
    }
}
