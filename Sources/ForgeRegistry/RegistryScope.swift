// SPDX-License-Identifier: Apache-2.0

/// What a token has to allow (distribution's token scope documentation): `repository:shop/web:pull,push`.
struct RegistryScope: Hashable, Sendable {
    /// Combined as token services expect them.
    enum Access: String {
        case pull
        case push = "pull,push"
        case delete = "pull,delete"
    }

    let text: String

    init(_ repository: String, _ access: Access) {
        text = "repository:\(repository):\(access.rawValue)"
    }
}
