// SPDX-License-Identifier: Apache-2.0

/// Reads a Kubernetes list as it arrives and hands out one item at a time, so that a list of any length needs the
/// memory of one item. Keys may come in any order; the fields beside `items` are there when they have been read, which
/// may be before or after the items.
///
/// Append a chunk, take items with `next` until it is nil, and so on; at the end of the bytes call `finish`.
package struct JSONListReader: Sendable {
    /// Where the reader is.
    private enum Place {
        case start
        case nameOrEnd, name
        case colon
        case value
        case firstItemOrEnd, item
        case afterItem, afterValue
        case end
    }

    /// The list's `kind`: `PodList`.
    package private(set) var kind: String?
    /// The list's `apiVersion`.
    package private(set) var apiVersion: String?
    /// The list's own metadata: `resourceVersion`, `continue`, `remainingItemCount`.
    package private(set) var metadata: JSONValue?

    private let limits: JSONLimits
    private var chunk: [UInt8] = []
    private var position = 0
    /// How many bytes were before `chunk`.
    private var base = 0
    private var place = Place.start
    private var name = ""
    private var hasItems = false
    private var value = JSONValueScanner()

    /// - Parameter itemLimit: the most bytes that an item, or another field of the list, may have.
    package init(itemLimit: Int = 2 << 20) {
        limits = JSONLimits(bytes: itemLimit)
    }

    /// Gives the reader the next bytes; the ones before must have been used up by `next`.
    package mutating func append(_ bytes: [UInt8]) {
        base += position
        chunk = position < chunk.count ? Array(chunk[position...]) + bytes : bytes
        position = 0
    }

    /// The next item, or nil when more bytes are needed or the list has ended.
    package mutating func next() throws(JSONError) -> JSONValue? {
        while position < chunk.count {
            if value.isInside {
                guard let text = try scan() else { return nil }
                if let item = try use(text) { return item }
            } else {
                try step(chunk[position])
            }
        }
        return nil
    }

    /// Says that there are no more bytes.
    /// - Throws: when the list has not ended.
    package func finish() throws(JSONError) {
        guard place == .end else { throw JSONError("the list ends before its end", at: base + position) }
    }

    /// Goes on in the value that is being read.
    private mutating func scan() throws(JSONError) -> [UInt8]? {
        do throws(JSONError) {
            return try value.scan(chunk, from: &position, limit: limits.bytes)
        } catch {
            throw JSONError(error.message, at: base + error.offset)
        }
    }

    /// One byte between values.
    private mutating func step(_ byte: UInt8) throws(JSONError) {
        if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
            return
        }
        switch (place, byte) {
        case (.start, UInt8(ascii: "{")): advance(to: .nameOrEnd)
        case (.nameOrEnd, UInt8(ascii: "}")), (.afterValue, UInt8(ascii: "}")): advance(to: .end)
        case (.nameOrEnd, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")):
            place = .name
            value.begin()
        case (.colon, UInt8(ascii: ":")): advance(to: .value)
        case (.value, UInt8(ascii: "[")) where name == "items" && !hasItems:
            hasItems = true
            advance(to: .firstItemOrEnd)
        case (.value, _): value.begin()
        case (.firstItemOrEnd, UInt8(ascii: "]")), (.afterItem, UInt8(ascii: "]")): advance(to: .afterValue)
        case (.firstItemOrEnd, _), (.item, _):
            place = .item
            value.begin()
        case (.afterItem, UInt8(ascii: ",")): advance(to: .item)
        case (.afterValue, UInt8(ascii: ",")): advance(to: .name)
        default: throw JSONError("a list does not go on like this", at: base + position)
        }
    }

    private mutating func advance(to next: Place) {
        place = next
        position += 1
    }

    /// Takes a value that has been read to its end; returns it when it is an item.
    private mutating func use(_ text: [UInt8]) throws(JSONError) -> JSONValue? {
        let parsed: JSONValue
        do throws(JSONError) {
            parsed = try JSONValue(parsing: text, limits: limits)
        } catch {
            throw JSONError(error.message, at: base + position - text.count + error.offset)
        }
        switch place {
        case .name:
            name = parsed.string ?? ""
            place = .colon
        case .item:
            place = .afterItem
            return parsed
        default:
            try keep(parsed)
            place = .afterValue
        }
        return nil
    }

    private mutating func keep(_ field: JSONValue) throws(JSONError) {
        switch name {
        case "kind": kind = field.string
        case "apiVersion": apiVersion = field.string
        case "metadata": metadata = field
        case "items" where field != .null:
            throw JSONError("the items are no list, or there are two of them", at: base + position)
        default: break
        }
    }
}
