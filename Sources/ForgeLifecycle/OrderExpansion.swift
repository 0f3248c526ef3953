// SPDX-License-Identifier: Apache-2.0

/// Turns an order with composite buildpacks into plain groups, in the order in which they are tried (buildpack
/// specification, Phase 1 and Order Resolution).
struct OrderExpansion {
    /// More alternatives than any builder has; an order that exceeds it multiplies out of control.
    static let maximumGroups = 2_000
    private static let maximumDepth = 32

    private let find: (OrderGroup.Entry) throws -> BuildpackDescriptor
    private var groups: [[GroupEntry]] = []

    private init(find: @escaping (OrderGroup.Entry) throws -> BuildpackDescriptor) { self.find = find }

    /// The groups to try. Throws ``PhaseError`` for orders that contain themselves.
    static func groups(
        of order: [OrderGroup],
        find: @escaping (OrderGroup.Entry) throws -> BuildpackDescriptor
    ) throws -> [[GroupEntry]] {
        var expansion = OrderExpansion(find: find)
        for group in order { try expansion.expand(group.group[...], done: [], within: []) }
        return expansion.groups
    }

    private mutating func expand(
        _ rest: ArraySlice<OrderGroup.Entry>,
        done: [GroupEntry],
        within composites: [String]
    ) throws {
        guard let entry = rest.first else {
            guard groups.count < Self.maximumGroups else {
                throw PhaseError(PhaseError.Code.detect, "the order has more than \(Self.maximumGroups) groups")
            }
            if !done.isEmpty { groups.append(done) }
            return
        }
        let tail = rest.dropFirst()
        if done.contains(where: { $0.id == entry.id }) { return try expand(tail, done: done, within: composites) }
        let descriptor = try find(entry)
        if let order = descriptor.order, !order.isEmpty {
            let key = "\(entry.id)@\(entry.version)"
            guard !composites.contains(key), composites.count < Self.maximumDepth else {
                let path = (composites + [key]).joined(separator: " > ")
                throw PhaseError(PhaseError.Code.detect, "the order of a buildpack contains itself: \(path)")
            }
            for group in order { try expand(group.group[...] + tail, done: done, within: composites + [key]) }
            if entry.optional == true { try expand(tail, done: done, within: composites) }
            return
        }
        let member = GroupEntry(
            id: entry.id,
            version: entry.version,
            api: descriptor.api,
            homepage: descriptor.buildpack.homepage,
            optional: entry.optional
        )
        try expand(tail, done: done + [member], within: composites)
    }
}
