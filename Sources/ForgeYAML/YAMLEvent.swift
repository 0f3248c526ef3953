// SPDX-License-Identifier: Apache-2.0

/// What libyaml says about the next piece of a file, as Swift values that own their memory.
struct YAMLEvent {
    /// Name and tag that may stand before a value.
    struct Properties {
        let anchor: String?
        let tag: String?
    }

    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        case scalar(String, YAMLScalar.Style, Properties)
        case sequenceStart(Properties), sequenceEnd
        case mappingStart(Properties), mappingEnd
    }

    let kind: Kind
    let start: YAMLMark
    let end: YAMLMark
}
