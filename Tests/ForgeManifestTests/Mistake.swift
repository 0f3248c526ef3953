// SPDX-License-Identifier: Apache-2.0

import Testing

/// A manifest or Procfile with all that must be said about it.
struct Mistake: CustomTestStringConvertible {
    let name: String
    let yaml: String
    let procfile: String?
    /// The diagnostics, one a line, exactly.
    let expected: String

    init(_ name: String, yaml: String = "version: 1\nname: shop\n", procfile: String? = nil, expected: String) {
        self.name = name
        self.yaml = yaml
        self.procfile = procfile
        self.expected = expected
    }

    var testDescription: String { name }
}
