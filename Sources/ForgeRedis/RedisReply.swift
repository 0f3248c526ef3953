// SPDX-License-Identifier: Apache-2.0

import CHiredis

/// What Redis answered, copied out of hiredis' memory (RESP2).
enum RedisReply: Hashable, Sendable {
    /// A bulk string or a status, byte by byte.
    case bytes([UInt8])
    case integer(Int)
    case array([RedisReply])
    case null
    /// An error reply: its code, then a text.
    case error(String)

    /// Copies a reply; the original still has to be freed.
    init(copying reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_INTEGER:
            self = .integer(Int(reply.integer))
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: reply.elements)
            self = .array(elements.map { element in element.map { RedisReply(copying: $0.pointee) } ?? .null })
        case REDIS_REPLY_NIL:
            self = .null
        case REDIS_REPLY_ERROR:
            self = .error(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        default:
            self = .bytes(Self.bytes(of: reply))
        }
    }

    private static func bytes(of reply: redisReply) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
    }

    /// The string, where it is one and it is UTF-8.
    var text: String? {
        guard case .bytes(let bytes) = self else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The number, where it is one: as an integer, or as digits in a string.
    var number: Int? {
        if case .integer(let number) = self { return number }
        return text.flatMap { Int($0) }
    }

    /// The elements, where it is an array.
    var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
