// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP

extension Kubeconfig {
    /// What a context says. Only the entries that it names are looked at: a mistake in another one harms nobody.
    func access(context wanted: String?) throws(KubernetesError) -> KubernetesAccess {
        guard let name = wanted ?? currentContext else {
            throw KubernetesError(
                .configuration,
                "\(files) has no current-context; choose one with kubectl config use-context"
            )
        }
        let context = try entry(.context, name)
        guard let clusterName = try context.string("cluster") else { throw context.mistake("it names no cluster") }
        let cluster = try entry(.cluster, clusterName)
        let server = try server(of: cluster)
        var tls = try tls(of: cluster)
        var credentials = KubernetesAccess.Credentials.none
        if let userName = try context.string("user") {
            let user = try entry(.user, userName)
            tls.clientCertificate = try user.pem("client-certificate")
            tls.key = try user.pem("client-key")
            guard (tls.clientCertificate == nil) == (tls.key == nil) else {
                throw user.mistake("client-certificate and client-key belong together: one of them is missing")
            }
            credentials = try self.credentials(of: user, cluster: cluster, server: server, tls: tls)
        }
        return KubernetesAccess(
            server: server,
            tls: tls,
            credentials: credentials,
            namespace: try context.string("namespace") ?? "default",
            proxy: try cluster.string("proxy-url"),
            context: name
        )
    }

    private func server(of cluster: KubeconfigEntry) throws(KubernetesError) -> String {
        guard let server = try cluster.string("server") else { throw cluster.mistake("it has no server") }
        guard server.hasPrefix("https://") || server.hasPrefix("http://") else {
            throw cluster.mistake("server must begin with https://", at: cluster.mark("server"))
        }
        return String(server.reversed().drop { $0 == "/" }.reversed())
    }

    private func tls(of cluster: KubeconfigEntry) throws(KubernetesError) -> TLSSettings {
        let authority = try cluster.pem("certificate-authority")
        let skips = try cluster.flag("insecure-skip-tls-verify")
        guard !skips || authority == nil else {
            throw cluster.mistake(
                "insecure-skip-tls-verify and certificate-authority contradict each other; remove the first",
                at: cluster.mark("insecure-skip-tls-verify")
            )
        }
        return TLSSettings(
            authority: authority,
            verify: !skips,
            serverName: try cluster.string("tls-server-name")
        )
    }

    /// In the order in which client-go prefers them.
    private func credentials(
        of user: KubeconfigEntry,
        cluster: KubeconfigEntry,
        server: String,
        tls: TLSSettings
    ) throws(KubernetesError) -> KubernetesAccess.Credentials {
        for key in ["as", "as-uid", "as-groups", "as-user-extra"] where user.has(key) {
            throw user.mistake("\(key): acting as somebody else is not supported; use that user's own credentials")
        }
        if let file = try user.file("tokenFile") { return .tokenFile(file) }
        if let token = try user.string("token") { return .token(token) }
        if let name = try user.string("username") {
            return .password(user: name, password: try user.string("password") ?? "")
        }
        if let exec = try user.part("exec") {
            return .plugin(try ExecPlugin(exec, cluster: cluster, server: server, tls: tls))
        }
        guard !user.has("auth-provider") else {
            throw user.mistake("auth-provider has been removed from Kubernetes; use an exec plugin (exec:)")
        }
        return .none
    }
}
