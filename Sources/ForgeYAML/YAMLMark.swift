// SPDX-License-Identifier: Apache-2.0

/// A place in a YAML file, counted as editors count: lines from 1, columns from 1 in Unicode scalars.
package struct YAMLMark: Sendable, Hashable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: YAMLMark, right: YAMLMark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
