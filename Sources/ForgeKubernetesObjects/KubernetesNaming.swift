// SPDX-License-Identifier: Apache-2.0

package import ForgeModel

/// Where on a cluster the platform's objects are and what they are called (specs/kubernetes.md §2).
package struct KubernetesNaming: Hashable, Sendable {
    /// Tells the objects of several platforms on one cluster apart: a label's value.
    package let instance: String
    /// Where the apps of the team are.
    package var appsNamespace = "forge-apps"
    /// Where builds run.
    package var buildsNamespace = "forge-builds"
    /// Where the platform itself runs, its registry with it.
    package var systemNamespace = "forge-system"
    /// The class of the Ingresses: `forge` is the platform's own router.
    package var ingressClass = "forge"
    /// The namespace whose pods may reach every app, because the router is there; nil is `systemNamespace`.
    package var routerNamespace: String?
    /// The Secret, in the namespace of the pods, with which nodes pull images; nil when the registry asks for nothing.
    package var pullSecret: String?
    /// What all apps together may have at most (ResourceQuota `hard`).
    package var quota = ["pods": "5000", "services.loadbalancers": "0", "services.nodeports": "0"]
    /// Whether the cluster's network keeps to NetworkPolicy; where it does not, plans say so.
    package var enforcesNetworkPolicy = true
    /// Addresses that neither apps nor builds may reach: by default where clouds hand out credentials.
    package var closedNetworks = ["169.254.0.0/16"]

    /// The names of one instance.
    ///
    /// Throws `InvalidValue` when `instance` is not 1 to 12 of a-z and 0-9: it becomes a label's value and part of names.
    package init(instance: String) throws {
        guard (1...12).contains(instance.utf8.count),
            instance.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else {
            throw InvalidValue(
                kind: "platform instance name",
                text: instance,
                rule: "use 1 to 12 lower-case letters and digits"
            )
        }
        self.instance = instance
    }

    /// The selector of everything that is this platform's, for lists and watches.
    package var selector: String { "\(KubernetesLabel.instance)=\(instance)" }

    /// The name of a workload's objects: 32 and 30 letters at most, so it always fits.
    package func workload(_ app: AppName, _ process: ProcessType) -> String { "\(app)-\(process)" }

    /// The name of a task's job; one that would be too long for a label ends in a hash of the whole.
    package func task(_ task: String, of app: AppName) -> String {
        let whole = "\(app)-\(task)"
        guard whole.utf8.count > 63 else { return whole }
        return "\(whole.prefix(52))-\(ShortHash(of: whole.utf8))"
    }

    /// The namespace in which a task runs: release commands are beside their app.
    package func namespace(of kind: ClusterTask.Kind) -> String {
        switch kind {
        case .build: buildsNamespace
        case .release: appsNamespace
        }
    }

    /// The labels of an object of an app, of one of its process types where there is one.
    func labels(_ app: AppName? = nil, _ process: ProcessType? = nil) -> [String: String] {
        var labels = [KubernetesLabel.managedBy: KubernetesLabel.manager, KubernetesLabel.instance: instance]
        if let app { labels[KubernetesLabel.app] = app.text }
        if let process { labels[KubernetesLabel.process] = process.text }
        return labels
    }

    /// The labels by which the pods of a process type, or of a whole app, are found; they never change.
    func podSelector(_ app: AppName, _ process: ProcessType? = nil) -> [String: String] {
        var labels = labels(app, process)
        labels[KubernetesLabel.managedBy] = nil
        return labels
    }
}
