// SPDX-License-Identifier: Apache-2.0

/// Makes nodes of events, expanding aliases within limits.
///
/// It recurses once for each level of nesting, which `YAMLLimits.depth` bounds.
struct YAMLComposer: ~Copyable {
    /// What a value costs when an alias repeats it.
    private struct Weight {
        var nodes = 0
        var textBytes = 0
        var height = 0

        /// Counts a child in.
        mutating func add(_ child: Weight) {
            nodes += child.nodes
            textBytes += child.textBytes
            height = max(height, child.height + 1)
        }
    }

    private struct Anchored {
        let node: YAMLNode
        let weight: Weight
    }

    private(set) var mistakes: [YAMLError] = []
    private var reader: YAMLEventReader
    private let limits: YAMLLimits
    private var anchors: [String: Anchored] = [:]
    private var total = Weight()
    private var path: [String] = []

    init(reading reader: consuming YAMLEventReader, limits: YAMLLimits) {
        self.reader = reader
        self.limits = limits
    }

    /// The first document's value. A second one is a mistake, and is not read.
    mutating func composeDocument() throws(YAMLError) -> YAMLNode? {
        do throws(YAMLError) {
            return try composeOnlyDocument()
        } catch {
            throw error.path.isEmpty ? YAMLError(error.message, at: error.mark, path: path) : error
        }
    }

    private mutating func composeOnlyDocument() throws(YAMLError) -> YAMLNode? {
        _ = try reader.next()
        guard case .documentStart = try reader.next().kind else { return nil }
        let root = try composeNode(try reader.next(), depth: 0).node
        _ = try reader.next()
        let next = try reader.next()
        if case .documentStart = next.kind {
            try note(YAMLError("a second document begins here; only one is allowed in a file", at: next.start))
        }
        return root
    }

    private mutating func composeNode(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Anchored {
        switch event.kind {
        case .alias(let name):
            return try expand(name, at: event.start, depth: depth)
        case .scalar(let text, let style, let properties):
            let scalar = YAMLScalar(
                text: text,
                style: style,
                tag: properties.tag,
                start: event.start,
                end: event.end
            )
            let weight = Weight(nodes: 1, textBytes: text.utf8.count, height: 0)
            guard weight.textBytes <= limits.scalarBytes else {
                throw YAMLError(
                    "a text of \(weight.textBytes) bytes; at most \(limits.scalarBytes) are read",
                    at: event.start
                )
            }
            try count(weight, at: event.start)
            return remember(Anchored(node: .scalar(scalar), weight: weight), as: properties.anchor)
        case .sequenceStart(let properties):
            return try composeSequence(from: event.start, properties, depth: depth + 1)
        case .mappingStart(let properties):
            return try composeMapping(from: event.start, properties, depth: depth + 1)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLError("expected a value", at: event.start)
        }
    }

    private mutating func composeSequence(
        from start: YAMLMark,
        _ properties: YAMLEvent.Properties,
        depth: Int
    ) throws(YAMLError) -> Anchored {
        try checkDepth(depth, at: start)
        var weight = Weight(nodes: 1, textBytes: 0, height: 1)
        try count(weight, at: start)
        var items: [YAMLNode] = []
        while true {
            let event = try reader.next()
            if case .sequenceEnd = event.kind {
                let sequence = YAMLSequence(items: items, tag: properties.tag, start: start, end: event.end)
                return remember(Anchored(node: .sequence(sequence), weight: weight), as: properties.anchor)
            }
            let item = try composeNode(event, depth: depth)
            weight.add(item.weight)
            items.append(item.node)
        }
    }

    private mutating func composeMapping(
        from start: YAMLMark,
        _ properties: YAMLEvent.Properties,
        depth: Int
    ) throws(YAMLError) -> Anchored {
        try checkDepth(depth, at: start)
        var weight = Weight(nodes: 1, textBytes: 0, height: 1)
        try count(weight, at: start)
        var entries: [YAMLMapping.Entry] = []
        var firstLines: [String: Int] = [:]
        while true {
            let event = try reader.next()
            if case .mappingEnd = event.kind {
                let mapping = YAMLMapping(entries: entries, tag: properties.tag, start: start, end: event.end)
                return remember(Anchored(node: .mapping(mapping), weight: weight), as: properties.anchor)
            }
            let key = try composeNode(event, depth: depth)
            path.append(key.node.keyText)
            let value = try composeNode(try reader.next(), depth: depth)
            path.removeLast()
            weight.add(key.weight)
            weight.add(value.weight)
            guard let name = try acceptKey(key.node, at: event.start, firstLines: &firstLines) else { continue }
            entries.append(YAMLMapping.Entry(key: name, value: value.node))
        }
    }

    /// The key, or nil when the entry is a mistake that has been noted.
    private mutating func acceptKey(
        _ node: YAMLNode,
        at mark: YAMLMark,
        firstLines: inout [String: Int]
    ) throws(YAMLError) -> YAMLScalar? {
        guard case .scalar(let key) = node else {
            try note(YAMLError("a list or mapping cannot be a key", at: mark))
            return nil
        }
        if key.tag != nil {
            try note(YAMLError("a key cannot have a tag", at: mark))
            return nil
        }
        if key.style == .plain, key.text == "<<" {
            try note(
                YAMLError("merge keys ('<<') are not supported; repeat the keys, or alias a whole value", at: mark)
            )
            return nil
        }
        if let line = firstLines[key.text] {
            let message = "duplicate key \(YAMLError.quote(key.text)), first used in line \(line)"
            try note(YAMLError(message, at: mark, path: path + [key.text]))
            return nil
        }
        firstLines[key.text] = mark.line
        return key
    }

    private mutating func expand(_ name: String, at mark: YAMLMark, depth: Int) throws(YAMLError) -> Anchored {
        guard let anchored = anchors[name] else {
            throw YAMLError("the alias \(YAMLError.quote("*" + name)) has no anchor that ends before it", at: mark)
        }
        try checkDepth(depth + anchored.weight.height, at: mark)
        try count(anchored.weight, at: mark)
        return anchored
    }

    private mutating func remember(_ anchored: Anchored, as name: String?) -> Anchored {
        if let name {
            anchors[name] = anchored
        }
        return anchored
    }

    private func checkDepth(_ depth: Int, at mark: YAMLMark) throws(YAMLError) {
        guard depth <= limits.depth else {
            throw YAMLError("nested too deep; at most \(limits.depth) levels are read", at: mark)
        }
    }

    private mutating func count(_ weight: Weight, at mark: YAMLMark) throws(YAMLError) {
        total.nodes += weight.nodes
        total.textBytes += weight.textBytes
        guard total.nodes <= limits.nodes else {
            throw YAMLError("too many values, aliases included; at most \(limits.nodes) are read", at: mark)
        }
        guard total.textBytes <= limits.textBytes else {
            throw YAMLError("too much text, aliases included; at most \(limits.textBytes) bytes are read", at: mark)
        }
    }

    private mutating func note(_ mistake: YAMLError) throws(YAMLError) {
        guard mistakes.count < limits.mistakes else { throw mistake }
        mistakes.append(mistake.path.isEmpty ? YAMLError(mistake.message, at: mistake.mark, path: path) : mistake)
    }
}

extension YAMLNode {
    /// The text of a key for a path; a key that is no scalar has none.
    fileprivate var keyText: String {
        if case .scalar(let scalar) = self { scalar.text } else { "?" }
    }
}
