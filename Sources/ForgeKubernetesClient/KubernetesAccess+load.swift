// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

extension KubernetesAccess {
    /// Finds the way to the cluster as kubectl does: in the files that `KUBECONFIG` names (separated by colons, those that
    /// do not exist are passed over), else in `~/.kube/config`, else in the pod that we run in.
    ///
    /// - Parameter context: instead of the file's `current-context`.
    /// - Throws: `KubernetesError` with `.configuration`, which names file and line.
    package static func load(
        environment: [String: String],
        context: String? = nil
    ) throws(KubernetesError) -> KubernetesAccess {
        let named = environment["KUBECONFIG"].map { $0.split(separator: ":").map(String.init) } ?? []
        let paths = named.isEmpty ? environment["HOME"].map { ["\($0)/.kube/config"] } ?? [] : named
        var kubeconfig = Kubeconfig()
        var isThere = false
        for path in paths {
            guard let bytes = try SmallFile.read(path) else { continue }
            try kubeconfig.merge(bytes, path: path)
            isThere = true
        }
        if isThere { return try kubeconfig.access(context: context) }
        guard named.isEmpty else {
            throw KubernetesError(
                .configuration,
                "KUBECONFIG names no file that exists: \(named.joined(separator: ", ")); correct or unset it"
            )
        }
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
        throw KubernetesError(
            .configuration,
            "no way to a cluster is known: set KUBECONFIG, or write \(paths.first ?? "~/.kube/config")"
        )
    }

    /// Inside a pod: the service account's folder and the variables that every container has (Kubernetes, "Accessing the
    /// Kubernetes API from a Pod").
    static func inCluster(
        environment: [String: String],
        folder: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubernetesError) -> KubernetesAccess {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
            try SmallFile.read("\(folder)/token") != nil, try SmallFile.read("\(folder)/ca.crt") != nil
        else {
            throw KubernetesError(
                .configuration,
                "this pod has no token of a service account in \(folder); "
                    + "set automountServiceAccountToken: true, or KUBECONFIG"
            )
        }
        let namespace = try SmallFile.read("\(folder)/namespace").map { String(decoding: $0, as: UTF8.self) }
        return KubernetesAccess(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            tls: TLSSettings(authority: .file("\(folder)/ca.crt")),
            credentials: .tokenFile("\(folder)/token"),
            namespace: namespace.flatMap { $0.isEmpty ? nil : $0.filter { !$0.isWhitespace } } ?? "default",
            context: "in-cluster"
        )
    }
}
