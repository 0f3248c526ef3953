// SPDX-License-Identifier: Apache-2.0

import ForgeEngine
import ForgeJSON
import ForgeKubernetesObjects
import ForgeModel

/// All that is kept of an object (specs/kubernetes.md §5): thousands of them are in memory, the objects never are.
struct CachedObject: Hashable, Sendable {
    /// What the status and the little besides the owned fields say, by kind.
    enum Facts: Hashable, Sendable {
        case none
        case deployment(DeploymentFacts)
        case pod(PodFacts)
        case job(JobFacts)
        /// The class of an Ingress and the hosts that it takes.
        case ingress(class: String, hosts: [String])
        /// The addresses of an EndpointSlice that answer.
        case endpoints([Endpoint])
    }

    /// Everything but the name and the version: what makes a difference to somebody.
    struct Content: Hashable, Sendable {
        let uid: String
        /// The platform instance that owns it; nil when none does.
        let instance: String?
        let app: AppName?
        let process: ProcessType?
        let task: String?
        /// The uid of the object that it belongs to: of a pod's job.
        let owner: String?
        let isTerminating: Bool
        /// The owned fields, packed; empty for kinds that are only looked at.
        let owned: [UInt8]
        /// Who set the fields that others have set.
        let owners: [String: FieldOwner]
        let facts: Facts
    }

    /// Where it is.
    let key: ObjectKey
    /// The version that a write may be bound to.
    let resourceVersion: String
    /// Everything else.
    let content: Content

    /// The identity that a write may be bound to: another object of the same name has another one.
    var uid: String { content.uid }
    /// The app that it belongs to; nil for what all share.
    var app: AppName? { content.app }
    /// Whether it has been told to go.
    var isTerminating: Bool { content.isTerminating }

    /// Reads an object; nil when it lacks what every object has.
    /// - Parameters:
    ///   - previous: what was kept of it before, from which facts count time.
    ///   - now: the platform's own clock.
    init?(_ object: JSONValue, after previous: CachedObject?, at now: Timestamp) {
        guard let metadata = object["metadata"], let name = metadata["name"]?.string,
            let uid = metadata["uid"]?.string, let version = metadata["resourceVersion"]?.string
        else { return nil }
        let labels = metadata["labels"]?.object ?? [:]
        let kind = object["kind"]?.string ?? ""
        let owned = WatchedKind(kind)?.isOwned ?? true ? OwnedFields(of: object) : nil
        key = ObjectKey(namespace: metadata["namespace"]?.string, name: name)
        resourceVersion = version
        content = Content(
            uid: uid,
            instance: labels[KubernetesLabel.instance]?.string,
            app: labels[KubernetesLabel.app]?.string.flatMap { try? AppName($0) },
            process: labels[KubernetesLabel.process]?.string.flatMap { try? ProcessType($0) },
            task: labels[KubernetesLabel.task]?.string,
            owner: metadata["ownerReferences"]?.array?.first?["uid"]?.string,
            isTerminating: metadata["deletionTimestamp"] != nil,
            owned: owned?.packed ?? [],
            owners: owned?.owners ?? [:],
            facts: Facts(object, kind, after: previous?.uid == uid ? previous?.content.facts : nil, at: now)
        )
    }

    /// The owned fields.
    var fields: FieldValue? { try? OwnedFields.fields(packed: content.owned) }

    /// As `observe` gives it.
    func native(_ kind: String, isShared: Bool = false) -> NativeObject {
        NativeObject(
            reference: ObjectReference(kind: kind, name: key.name),
            process: content.process,
            fields: fields ?? .map([:]),
            isShared: isShared,
            owners: content.owners
        )
    }
}

extension CachedObject.Facts {
    fileprivate init(_ object: JSONValue, _ kind: String, after previous: Self?, at now: Timestamp) {
        switch kind {
        case "Deployment": self = .deployment(DeploymentFacts(object, after: previous?.deployment, at: now))
        case "Pod": self = .pod(PodFacts(object, after: previous?.pod, at: now))
        case "Job": self = .job(JobFacts(object, after: previous?.job, at: now))
        case "Ingress": self = .ingress(class: Self.ingressClass(object), hosts: Self.hosts(object))
        case "EndpointSlice": self = .endpoints(Self.endpoints(object))
        default: self = .none
        }
    }

    /// Of a Deployment.
    var deployment: DeploymentFacts? { if case .deployment(let facts) = self { facts } else { nil } }
    /// Of a pod.
    var pod: PodFacts? { if case .pod(let facts) = self { facts } else { nil } }
    /// Of a Job.
    var job: JobFacts? { if case .job(let facts) = self { facts } else { nil } }

    /// The field, or the annotation that was there before it.
    private static func ingressClass(_ ingress: JSONValue) -> String {
        ingress["spec", "ingressClassName"]?.string
            ?? ingress["metadata", "annotations", "kubernetes.io/ingress.class"]?.string ?? ""
    }

    private static func hosts(_ ingress: JSONValue) -> [String] {
        (ingress["spec", "rules"]?.array ?? []).prefix(256).compactMap { $0["host"]?.string }
    }

    /// The ready addresses; absent readiness counts as ready (EndpointConditions). A pod that ends is not ready.
    private static func endpoints(_ slice: JSONValue) -> [Endpoint] {
        guard slice["addressType"]?.string != "FQDN",
            let port = slice["ports"]?.array?.first?["port"]?.integer
        else { return [] }
        let ready = (slice["endpoints"]?.array ?? []).prefix(1000).filter { $0["conditions", "ready"]?.bool ?? true }
        let addresses = ready.compactMap { $0["addresses"]?.array?.first?.string }
        return addresses.map { Endpoint(address: $0, port: port) }
    }
}
