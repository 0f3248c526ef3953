// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetesClient
import ForgeKubernetesObjects

/// The kinds that are watched, and where.
enum WatchedKind: String, CaseIterable, Sendable {
    case namespace = "Namespace"
    case quota = "ResourceQuota"
    case limitRange = "LimitRange"
    case networkPolicy = "NetworkPolicy"
    case serviceAccount = "ServiceAccount"
    case deployment = "Deployment"
    case service = "Service"
    case disruptionBudget = "PodDisruptionBudget"
    case ingress = "Ingress"
    case job = "Job"
    case pod = "Pod"
    case endpointSlice = "EndpointSlice"

    /// The kind that objects name themselves, if it is watched.
    init?(_ kind: String) { self.init(rawValue: kind) }

    /// Every kind that the cluster needs; EndpointSlices are the router's.
    static let cluster = allCases.filter { $0 != .endpointSlice }

    /// What an app consists of, in the order in which it is told; routes are the router's, tasks are told apart.
    static let ofApps: [WatchedKind] = [.deployment, .service, .disruptionBudget, .serviceAccount, .networkPolicy]

    /// Whether we apply objects of the kind and compare them.
    var isOwned: Bool {
        switch self {
        case .namespace, .quota, .limitRange, .networkPolicy, .serviceAccount, .deployment, .service,
            .disruptionBudget, .ingress:
            true
        case .job, .pod, .endpointSlice: false
        }
    }

    /// The API group.
    private var group: String {
        switch self {
        case .namespace, .quota, .limitRange, .serviceAccount, .service, .pod: ""
        case .deployment: "apps"
        case .job: "batch"
        case .disruptionBudget: "policy"
        case .networkPolicy, .ingress: "networking.k8s.io"
        case .endpointSlice: "discovery.k8s.io"
        }
    }

    /// The groups of some kinds, for discovery.
    static func groups(of kinds: [WatchedKind]) -> Set<String> { Set(kinds.map(\.group)) }

    /// The kind as a server serves it; nil when it does not.
    func resource(in discovery: Discovery) -> APIResource? {
        let versions = self == .disruptionBudget || self == .endpointSlice ? ["v1", "v1beta1"] : ["v1"]
        return discovery.resource(group: group, kind: rawValue, versions: versions)
    }

    /// The namespaces that are watched; nil is the cluster as a whole.
    func namespaces(_ naming: KubernetesNaming) -> [String?] {
        switch self {
        case .namespace: [nil]
        case .job, .pod:
            naming.appsNamespace == naming.buildsNamespace
                ? [naming.appsNamespace] : [naming.appsNamespace, naming.buildsNamespace]
        default: [naming.appsNamespace]
        }
    }
}
