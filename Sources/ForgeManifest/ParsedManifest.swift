// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// What came of reading a manifest.
package struct ParsedManifest: Hashable, Sendable {
    /// The manifest, or nil if any diagnostic is an error.
    package let manifest: AppManifest?
    /// Everything that was found, sorted, each once.
    package let diagnostics: [Diagnostic]
}
