// SPDX-License-Identifier: Apache-2.0

/// The name of an app instance; with `-<process>` behind it, it still fits a DNS label (specs/forge-yaml.md §3).
package struct AppName: TextValue {
    /// The checked name.
    package let text: String

    /// Accepts `^[a-z][a-z0-9-]{0,30}[a-z0-9]$`.
    package init(_ text: String) throws {
        guard text.isLabel, (2...32).contains(text.utf8.count), let first = text.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else {
            throw InvalidValue(
                kind: "app name",
                text: text,
                rule: "use 2 to 32 lower-case letters, digits and '-', starting with a letter, not ending with '-'"
            )
        }
        self.text = text
    }
}

/// A process type: `web`, `worker`, … (specs/procfile.md §2).
package struct ProcessType: TextValue {
    /// The checked name.
    package let text: String

    /// The process type that gets external HTTP and PORT.
    package static let web = ProcessType(known: "web")
    /// The process type that runs once before a release goes live.
    package static let release = ProcessType(known: "release")

    /// Accepts `[a-z0-9]([a-z0-9-]*[a-z0-9])?` of at most 30 characters.
    package init(_ text: String) throws {
        guard text.isLabel, text.utf8.count <= 30 else {
            throw InvalidValue(
                kind: "process type",
                text: text,
                rule: "use at most 30 lower-case letters, digits and '-', not starting or ending with '-'"
            )
        }
        self.text = text
    }

    private init(known: String) { text = known }
}

/// A host name that requests are routed by (RFC 1123 §2.1), lower-case.
package struct Host: TextValue {
    /// The checked name.
    package let text: String

    /// Accepts dot-separated labels of at most 63 characters, 253 in all.
    package init(_ text: String) throws {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy({ $0.utf8.count <= 63 && String($0).isLabel }) else {
            throw InvalidValue(
                kind: "host name",
                text: text,
                rule: "use labels of lower-case letters, digits and '-', joined by '.'"
            )
        }
        self.text = text
    }
}

/// The content address of a blob, manifest or source tree (OCI image-spec, descriptor §digests); sha256 only.
package struct Digest: TextValue {
    /// `sha256:` and 64 lower-case hexadecimal digits.
    package let text: String

    /// Accepts `sha256:<64 hex>`.
    package init(_ text: String) throws {
        let hex = text.dropFirst(7)
        guard text.hasPrefix("sha256:"), hex.utf8.count == 64,
            hex.utf8.allSatisfy({ isLowerOrDigit($0) && $0 <= UInt8(ascii: "f") })
        else {
            throw InvalidValue(kind: "digest", text: text, rule: "use 'sha256:' and 64 hexadecimal digits")
        }
        self.text = text
    }

    /// The 64 hexadecimal digits.
    package var hex: String { String(text.dropFirst(7)) }
    /// The form for people: `sha256:5be1a0c44d2f`.
    package var short: String { String(text.prefix(19)) }
}

/// The hash of everything that a build's result depends on (specs/plan.md §5).
package struct BuildKey: TextValue {
    /// 64 hexadecimal digits.
    package let text: String

    /// Accepts 64 lower-case hexadecimal digits.
    package init(_ text: String) throws {
        guard (try? Digest("sha256:" + text)) != nil else {
            throw InvalidValue(kind: "build key", text: text, rule: "use 64 hexadecimal digits")
        }
        self.text = text
    }

    /// The tag under which the built image is staged.
    package var tag: String { "build-" + text.prefix(40) }
    /// Enough to tell builds of one app apart in a name.
    package var short: String { String(text.prefix(10)) }
}
