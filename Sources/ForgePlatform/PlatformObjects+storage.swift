// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel

/// Redis, and where it is installed too, the registry: each one pod, which keeps data.
extension PlatformObjects {
    /// What the platform remembers: every write is on disk before it is acknowledged.
    var redis: [PlatformObject] {
        let configuration = """
            port \(PlatformInstallation.Ports.redis)
            bind 0.0.0.0
            dir /data
            daemonize no
            appendonly yes
            appendfsync always
            save ""
            maxmemory-policy noeviction
            aof-use-rdb-preamble yes
            stop-writes-on-bgsave-error no
            loglevel notice
            include /etc/forge/secrets/redis/auth.conf

            """
        let ask = """
            test "$(REDISCLI_AUTH=$(cat /etc/forge/secrets/redis/password) redis-cli ping)" = PONG
            """
        let pod = PodShape(
            part: "forge-redis",
            image: image,
            command: ["/usr/bin/redis-server", "/etc/forge/redis/redis.conf"],
            port: PlatformInstallation.Ports.redis,
            secrets: ["forge-redis": "/etc/forge/secrets/redis"],
            configs: ["forge-redis-settings": "/etc/forge/redis"],
            readiness: ["exec": ["command": .strings(["/bin/sh", "-c", ask])]],
            liveness: ["tcpSocket": ["port": "main"]],
            memory: (64, 512),
            fingerprint: Fingerprint.of(configuration)
        )
        return [
            system("v1", "ConfigMap", "forge-redis-settings", ["data": ["redis.conf": .string(configuration)]]),
            service("forge-redis", port: PlatformInstallation.Ports.redis, target: PlatformInstallation.Ports.redis),
            keeping(pod, at: "/data", size: "2Gi"),
        ]
    }

    /// The installed registry, and on every node a port of its loopback address that leads to it for pulls.
    var registryObjects: [PlatformObject] {
        guard case .own(let nodePort) = installation.registry else { return [] }
        let configuration = """
            version: 0.1
            log: {level: warn, accesslog: {disabled: true}}
            storage:
              filesystem: {rootdirectory: /data}
              delete: {enabled: true}
              cache: {blobdescriptor: inmemory}
            http: {addr: ":\(PlatformInstallation.Ports.registry)"}
            auth:
              htpasswd: {realm: forge, path: /run/registry/htpasswd}

            """
        let hash = "htpasswd -i -B -n -C 5 forge </etc/forge/secrets/registry/password >/run/registry/htpasswd"
        let pod = PodShape(
            part: "forge-registry",
            image: image,
            command: ["/usr/bin/docker-registry", "serve", "/etc/forge/registry/config.yml"],
            port: PlatformInstallation.Ports.registry,
            secrets: ["forge-registry": "/etc/forge/secrets/registry"],
            configs: ["forge-registry-settings": "/etc/forge/registry"],
            scratch: ["passwords": "/run/registry"],
            readiness: ["tcpSocket": ["port": "main"]],
            liveness: ["tcpSocket": ["port": "main"]],
            memory: (64, 512),
            before: [("hash-password", ["/bin/sh", "-c", hash], [:])],
            fingerprint: Fingerprint.of(configuration)
        )
        return [
            system("v1", "ConfigMap", "forge-registry-settings", ["data": ["config.yml": .string(configuration)]]),
            service(
                "forge-registry",
                port: PlatformInstallation.Ports.registry,
                target: PlatformInstallation.Ports.registry
            ),
            keeping(pod, at: "/data", size: "20Gi"),
        ] + nodeRegistry(port: nodePort)
    }

    /// nginx on every node's loopback address: it adds the password, so that the runtime needs none, and lets nothing
    /// but pulls through.
    private func nodeRegistry(port: Int) -> [PlatformObject] {
        let configuration = """
            worker_processes 1;
            pid /run/nginx/nginx.pid;
            error_log /dev/stderr warn;
            daemon off;
            events { worker_connections 256; }
            http {
                access_log off;
                server_tokens off;
                client_body_temp_path /run/nginx/body;
                proxy_temp_path /run/nginx/proxy;
                fastcgi_temp_path /run/nginx/fastcgi;
                uwsgi_temp_path /run/nginx/uwsgi;
                scgi_temp_path /run/nginx/scgi;
                proxy_max_temp_file_size 0;
                server {
                    listen 5000;
                    location / {
                        limit_except GET { deny all; }
                        include /etc/forge/secrets/registry/proxy.conf;
                        proxy_http_version 1.1;
                        proxy_read_timeout 300s;
                        proxy_pass http://forge-registry:\(PlatformInstallation.Ports.registry);
                    }
                }
            }

            """
        var pod = PodShape(
            part: "forge-registry-node",
            image: image,
            command: ["/usr/sbin/nginx", "-c", "/etc/forge/nginx/nginx.conf"],
            port: PlatformInstallation.Ports.registry,
            secrets: ["forge-registry": "/etc/forge/secrets/registry"],
            configs: ["forge-registry-node-settings": "/etc/forge/nginx"],
            scratch: ["run": "/run/nginx"],
            readiness: ["tcpSocket": ["port": "main"]],
            liveness: ["tcpSocket": ["port": "main"]],
            cpu: 20,
            memory: (32, 128),
            fingerprint: Fingerprint.of(configuration)
        )
        pod.hostPort = port
        pod.hostAddress = "127.0.0.1"
        let part = pod.part
        return [
            system("v1", "ConfigMap", "\(part)-settings", ["data": ["nginx.conf": .string(configuration)]]),
            system(
                "apps/v1",
                "DaemonSet",
                part,
                ["spec": ["selector": selector(part), "template": pod.template(labels: labels(part))]]
            ),
        ]
    }

    /// A StatefulSet of one pod with a folder that outlives it, if the installation has such storage.
    private func keeping(_ pod: PodShape, at path: String, size: String) -> PlatformObject {
        var pod = pod
        var spec: [String: JSONValue] = [
            "replicas": 1, "serviceName": .string(pod.part), "selector": selector(pod.part),
        ]
        switch installation.storage {
        case .ephemeral: pod.scratch["data"] = path
        case .claims(let storageClass):
            pod.claims["data"] = path
            var claim: [String: JSONValue] = [
                "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": .string(size)]],
            ]
            if let storageClass { claim["storageClassName"] = .string(storageClass) }
            spec["volumeClaimTemplates"] = [
                ["metadata": ["name": "data", "labels": .object(labels(pod.part))], "spec": .object(claim)]
            ]
        }
        spec["template"] = pod.template(labels: labels(pod.part))
        return system("apps/v1", "StatefulSet", pod.part, ["spec": .object(spec)])
    }

    /// The platform's image as the nodes pull it.
    var image: String { installation.image.description }
}
