// SPDX-License-Identifier: Apache-2.0

import ForgeJSON

/// The `conditions` of a status, which say yes, no or unknown to named questions.
struct Conditions {
    private let list: [JSONValue]

    /// Reads a status; the first 32 conditions count.
    init(_ status: JSONValue) { list = Array((status["conditions"]?.array ?? []).prefix(32)) }

    /// Whether the answer to a question is yes.
    func isTrue(_ type: String) -> Bool { find(type)?["status"]?.string == "True" }

    /// The sentence with which a question is answered by no; nil when it is not.
    func refusal(_ type: String) -> String? { sentence(type, when: "False") }

    /// The sentence with which a question is answered by yes; nil when it is not.
    func approval(_ type: String) -> String? { sentence(type, when: "True") }

    /// The word for why.
    func reason(_ type: String) -> String? { find(type)?["reason"]?.string }

    private func sentence(_ type: String, when answer: String) -> String? {
        guard let condition = find(type), condition["status"]?.string == answer else { return nil }
        return Sentence.bounded(condition["message"]?.string ?? condition["reason"]?.string ?? "")
    }

    private func find(_ type: String) -> JSONValue? { list.first { $0["type"]?.string == type } }
}
