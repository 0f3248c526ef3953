// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

extension JSONValue {
    /// An object of texts: labels, variables.
    static func texts(_ texts: [String: String]) -> JSONValue { .object(texts.mapValues { .string($0) }) }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// A selector of what has all of these labels.
    static func matching(_ labels: [String: String]) -> JSONValue { ["matchLabels": .texts(labels)] }

    /// A whole number.
    static func number(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}
