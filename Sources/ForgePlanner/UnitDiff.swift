// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// A unit beside what the cluster has of it; one unit may be several native objects.
struct UnitDiff {
    /// One native object beside what is seen of it.
    struct Object {
        let wanted: NativeObject
        let live: NativeObject?
        let diff: FieldDiff

        var isAsDescribed: Bool { live != nil && diff.changes.isEmpty }
    }

    /// The unit's objects in the dialect's order; the first one stands for the unit.
    let objects: [Object]

    init(_ unit: Unit, seen: [NativeObject], dialect: any Dialect) {
        objects = dialect.encode(unit).map { wanted in
            let live = seen.first { $0.reference == wanted.reference }
            let diff = FieldDiff(
                kind: wanted.reference.kind,
                from: live?.fields,
                to: wanted.fields,
                dialect: dialect,
                owners: live?.owners ?? [:]
            )
            return Object(wanted: wanted, live: live, diff: diff)
        }
    }

    /// The first object as it is seen; without it the unit is not there yet.
    var live: NativeObject? { objects.first?.live }
    /// Whether nothing has to be done for it.
    var isAsDescribed: Bool { objects.allSatisfy(\.isAsDescribed) }
    /// The differences of all its objects: the first one's paths as they are, the others' behind their kind.
    var fields: FieldDiff {
        FieldDiff(
            joining: objects.enumerated().map {
                ($0.offset == 0 ? nil : $0.element.wanted.reference.kind, $0.element.diff)
            }
        )
    }
    /// The differences of all its objects, each behind its name when there are several: none stands for the unit.
    var fieldsByObject: FieldDiff {
        FieldDiff(joining: objects.map { (objects.count == 1 ? nil : $0.wanted.reference.description, $0.diff) })
    }
}
