// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ForgeOCI

/// What is packed of a tree with .gitignore files is what git itself would add.
@Suite struct IgnoreRulesTests {
    private static let files = [
        "a", "a.log", "b.txt", "!odd", "#odd", "sp ace", "dir/a", "dir/a.log", "dir/b/c/d.txt", "dir/b/x", "build/out",
        "src/build/out", "src/a.c", "src/a.o", "src/deep/er/a.o", "docs/one/two/three", "docs/x", "x/docs/x", "n1",
        "n2",
        "nA", "n[1]", "back\\slash", "foo/bar/baz", "foo/baz", "foobar", "trail ",
    ]

    @Test(arguments: [
        "*.log", "*.log\n!a.log", "/a", "a", "dir/", "dir/*\n!dir/b", "dir\n!dir/a", "/build/", "build/", "**/a.o",
        "src/**", "src/**/a.o", "**/docs/x", "docs/**/three", "docs/*/three", "n[12]", "n[!1]", "n[0-9]",
        "n[[:alpha:]]",
        "n\\[1\\]", "\\!odd", "\\#odd", "#comment", "sp\\ ace", "sp ace   ", "trail\\ ", "*\n!*/\n!*.txt", "*\n!*.txt",
        "foo/*\n!foo/bar", "**", "/**", "*/", "/*", "dir/b/", "b", "?", "??", "a*", "*a*", "[", "back\\\\slash", "/",
        "",
        "foo**", "foo/**/baz", "**/foo", "foo/**/**/baz", "!a\na", "x/**\n!x/docs\n!x/docs/x", "dir/**/d.txt", "*.[co]",
        "*.log\r\n!a.log\r\nsrc/\r", "\u{FEFF}*.log\n/n1",
    ])
    func asGit(rules: String) throws {
        try TemporaryTree.with { tree in
            for name in Self.files { try tree.write(name, "") }
            try tree.write(".gitignore", rules + "\n")
            try tree.write("src/.gitignore", "!a.o\n/deep/er/*\n")
            let listed = try tree.run(
                "/bin/sh",
                [
                    "-c",
                    """
                    cd '\(tree.path)' && git -c init.defaultBranch=main init -q . && \
                    git -c core.excludesFile=/dev/null ls-files -coz --exclude-standard
                    """,
                ],
                input: []
            )
            let expected = Set(listed.split(separator: "\0").map(String.init))
            var listing = SourceListing(root: tree.path, limits: SourcePacker.Limits())
            try listing.read(IgnoreRules(overriding: []))
            let packed = Set(listing.entries.filter { $0.kind != .directory }.map(\.name))
            #expect(packed == expected)
        }
    }
}
