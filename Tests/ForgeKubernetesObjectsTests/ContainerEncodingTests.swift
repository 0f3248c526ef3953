// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeKubernetesObjects

@Suite struct ContainerEncodingTests {
    /// What a kubelet makes of a text (its own words: `$$` is `$`, `$(NAME)` is the variable, any other `$` stays).
    private func expanded(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "$", let next = rest.first else {
                result.append(character)
                continue
            }
            if next == "$" {
                result.append("$")
                rest.removeFirst()
            } else if next == "(" {
                result += "<reference>"
            } else {
                result.append("$")
            }
        }
        return result
    }

    @Test(arguments: ["plain", "$HOME/bin", "a$(pwd)b", "$$", "$$$(x)", "$", "price: 5$", "$(a)$(b)", "$$$$", "€$("])
    func `the kubelet hands on what was written`(_ text: String) {
        #expect(expanded(ContainerEncoding.literal(text)) == text)
    }

    @Test func `a text that needs no escape has none`() {
        #expect(ContainerEncoding.literal("$HOME/bin") == "$HOME/bin")
    }
}
