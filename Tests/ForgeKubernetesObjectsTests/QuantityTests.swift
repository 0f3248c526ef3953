// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ForgeKubernetesObjects

@Suite struct QuantityTests {
    @Test(arguments: [
        ("1000m", "1"), ("0.1", "100m"), ("0.5", "500m"), ("250m", "250m"), ("1.5", "1500m"), ("1e3", "1000"),
        ("2E2", "200"), ("1Gi", "1Gi"), ("1024Mi", "1Gi"), ("1073741824", "1Gi"), ("512Mi", "512Mi"),
        ("1Ki", "1024"), ("512M", "512000000"), ("1k", "1000"), ("1G", "1000000000"), ("0", "0"), ("0.0", "0"),
        ("100u", "100u"), ("1500n", "1500n"), ("-1", "-1"), ("+1", "1"), (".5", "500m"), ("1.5Gi", "1536Mi"),
        ("2E", "2000000000000000000"),
        ("0.0000000001", "1n"),
    ])
    func `an amount has one spelling`(_ text: String, _ canonical: String) {
        #expect(Quantity(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "Mi", "1.2.3", "1 Gi", "1GiB", "--1", "1e", "1e99", "99999999999999999999", "9Ei9", "16Ei", "Container",
        "9223372036854775808",
    ])
    func `what is no amount is none`(_ text: String) { #expect(Quantity(text) == nil) }
}
