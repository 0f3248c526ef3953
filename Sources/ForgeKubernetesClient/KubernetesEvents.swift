// SPDX-License-Identifier: Apache-2.0

package import ForgeJSON

/// What reading a list brings.
package enum ListEvent: Hashable, Sendable {
    /// One object; `apiVersion` and `kind` are filled in, which servers leave out in lists.
    case item(JSONValue)
    /// The last event: everything above is the state at this resourceVersion, from which a watch can go on.
    case end(resourceVersion: String)
}

/// What a watch brings.
package enum WatchEvent: Hashable, Sendable {
    /// An object was made or changed; or, before `.listed`, it is there.
    case changed(JSONValue)
    /// An object is gone; this is its last state.
    case deleted(JSONValue)
    /// Nothing that is watched happened up to this resourceVersion.
    case bookmark(String)
    /// Only from `follow`, once: every object that is there has been told; what comes now are changes.
    case listed(resourceVersion: String)
}
