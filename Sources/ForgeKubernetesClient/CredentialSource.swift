// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Knows who we are at the moment: tokens in files rotate, and what plugins tell runs out. An actor so that many calls
/// that need the same plugin at once run it once.
actor CredentialSource {
    private let credentials: KubernetesAccess.Credentials
    private var kept: ExecCredential?
    private var isRunning = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    /// Counts the runs of the plugin that failed, with the last one's reason, so that those who waited for it fail alike.
    private var failures = 0
    private var lastFailure: KubernetesError?

    init(_ credentials: KubernetesAccess.Credentials) {
        self.credentials = credentials
    }

    /// Who to be for the next request.
    func identity() async throws -> Identity {
        switch credentials {
        case .none: return Identity()
        case .token(let token): return Identity(authorization: "Bearer \(token)")
        case .password(let user, let password):
            return Identity(authorization: "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())")
        case .tokenFile(let path):
            guard let bytes = try SmallFile.read(path) else {
                throw KubernetesError(.configuration, "the token file \(path) does not exist any more")
            }
            let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            guard !token.isEmpty else { throw KubernetesError(.configuration, "the token file \(path) is empty") }
            return Identity(authorization: "Bearer \(token)")
        case .plugin(let plugin): return try await identity(from: plugin)
        }
    }

    /// The server refused an identity: whether asking again may bring another one. What was kept is forgotten, unless it
    /// is a newer one by now.
    func mayRenew(_ refused: Identity) -> Bool {
        switch credentials {
        case .none, .token, .password: return false
        case .tokenFile: return true
        case .plugin:
            if kept?.identity == refused { kept = nil }
            return true
        }
    }

    private func identity(from plugin: ExecPlugin) async throws -> Identity {
        let failuresBefore = failures
        while isRunning {
            await withCheckedContinuation { waiters.append($0) }
            if failures > failuresBefore, let lastFailure { throw lastFailure }
        }
        if let kept, kept.expiry.map({ $0 > Date.now }) ?? true { return kept.identity }
        isRunning = true
        defer {
            isRunning = false
            for waiter in waiters { waiter.resume() }
            waiters = []
        }
        do {
            let credential = try await plugin.credential()
            kept = credential
            return credential.identity
        } catch let error as KubernetesError {
            failures += 1
            lastFailure = error
            throw error
        }
    }
}
