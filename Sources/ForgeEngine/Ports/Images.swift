// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// The registry, as the engine needs it: sources, staged builds and released images.
package protocol Images: Sendable {
    /// The platform's own images and names, resolved to digests now.
    func platform() async throws -> Platform
    /// What is there for a build key and a source tree.
    func facts(_ app: AppName, key: BuildKey, source: Digest) async throws -> ImageFacts
    /// Stores a source tree: its bytes must have the digest, or nothing is stored.
    func store(
        source: Digest,
        of app: AppName,
        size: Int?,
        bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws
    /// Publishes the image that is staged under a build key in the app's repository under the release's tag, verifies
    /// that it is there, and gives its digest.
    func publish(_ app: AppName, key: BuildKey, as release: ReleaseNumber) async throws -> Digest
    /// Removes every image and source of a destroyed app.
    func forget(_ app: AppName) async throws
}

/// Why the registry did not do what it was asked.
package struct ImagesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is: it decides whether trying again helps.
    package enum Code: Sendable { case unreachable, refused, missing, invalid }

    /// What kind of fault it is.
    package let code: Code
    /// One line that names the image and the remedy.
    package let message: String

    /// Describes a fault.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
