// SPDX-License-Identifier: Apache-2.0

import ForgeKubernetes
import ForgeKubernetesClient
import ForgePlatform
import ForgeRouter
import ForgeSupervisor
import ServiceLifecycle

extension ClusterComposition {
    /// nginx as a child of this process, and what feeds it from the cluster.
    func routerServices(_ client: KubernetesClient, _ clusterSettings: KubernetesSettings) throws -> [any Service] {
        var router = RouterSettings(
            stateFolder: folder.router,
            listen: ["*:\(PlatformInstallation.Ports.router)"],
            baseDomain: settings.baseDomain
        )
        router.accessLog = "/dev/stdout"
        let nginx = try NginxRouter(settings: router, transport: transport, logger: logger)
        let child = Child.nginx(
            try ProgramSearch(path: nil).require("nginx", from: "nginx"),
            try NginxInstallation(settings: router),
            call: LocalCall(transport: transport),
            hasLog: false
        )
        return [
            ChildService(child: child, folder: folder, logger: logger),
            RouterUpkeep(router: nginx, logger: logger),
            KubernetesRouterFeed(settings: clusterSettings, client: client, sink: nginx, logger: logger),
        ]
    }
}
