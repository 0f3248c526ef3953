// SPDX-License-Identifier: Apache-2.0

import ForgeEngine

/// The text of `nginx.conf`: a pure function of the settings, byte-equal for equal settings.
///
/// It names no host and no endpoint: those are in the table that is pushed while nginx runs, so the text changes only
/// with the settings and nginx is hardly ever reloaded (specs/router.md §2).
package struct NginxConfiguration: Sendable, Equatable {
    /// What it was rendered from.
    package let settings: RouterSettings
    /// The complete configuration file.
    package let text: String

    /// - Throws: `RouterError` if a setting could not be written into the file as one plain token.
    package init(_ settings: RouterSettings) throws {
        try settings.validate()
        self.settings = settings
        text = [
            Self.process(settings), "http {", Self.lua(settings), Self.limits(settings), Self.logging(settings),
            Self.forwarding(settings), Self.control(settings), Self.dataPlane(settings), "}\n",
        ].joined(separator: "\n")
    }

    private static func process(_ settings: RouterSettings) -> String {
        """
        # Written by forge from its settings; changes here are overwritten.
        load_module "\(settings.modulesFolder)/ndk_http_module.so";
        load_module "\(settings.modulesFolder)/ngx_http_lua_module.so";
        \(settings.workerUser.map { "user \($0);\n" } ?? "")worker_processes \(settings.workerProcesses);
        worker_shutdown_timeout 30s;
        pid "\(settings.pidFile)";
        error_log "\(settings.errorLog)" warn;

        events {
            worker_connections \(settings.workerConnections);
        }

        """
    }

    private static func lua(_ settings: RouterSettings) -> String {
        """
            lua_shared_dict forge_router 32m;
            init_by_lua_block {
        \(RouterScript.source.indented(by: 8))
                router.load("\(settings.tableFile)", \(RouterScript.tableLimit))
            }
            init_worker_by_lua_block {
                require("forge.router").follow_master()
            }

        """
    }

    /// Nothing goes through temporary files: workers need no writable folder, and a slow reader slows the app's
    /// answer instead of filling the disk. nginx makes the folders all the same.
    private static func limits(_ settings: RouterSettings) -> String {
        """
            client_body_temp_path "\(settings.temporaryFolder)/body";
            proxy_temp_path "\(settings.temporaryFolder)/proxy";
            fastcgi_temp_path "\(settings.temporaryFolder)/fastcgi";
            uwsgi_temp_path "\(settings.temporaryFolder)/uwsgi";
            scgi_temp_path "\(settings.temporaryFolder)/scgi";
            proxy_max_temp_file_size 0;

            server_tokens off;
            default_type application/octet-stream;
            tcp_nodelay on;
            reset_timedout_connection on;
            client_header_timeout 15s;
            client_body_timeout 60s;
            send_timeout 60s;
            keepalive_timeout 75s;
            keepalive_requests 10000;
            client_header_buffer_size 4k;
            large_client_header_buffers 4 16k;

        """
    }

    private static func logging(_ settings: RouterSettings) -> String {
        """
            # Without the query, which may hold secrets.
            map $request_uri $forge_path {
                "~^(?<forge_plain_path>[^?]*)" $forge_plain_path;
            }
            log_format forge escape=json
                '{"time":"$time_iso8601","request_id":"$forge_request_id","service":"$forge_service","host":"$host",'
                '"method":"$request_method","path":"$forge_path","protocol":"$server_protocol","status":$status,'
                '"bytes":$body_bytes_sent,"seconds":$request_time,"client":"$remote_addr",'
                '"endpoint":"$upstream_addr","endpoint_status":"$upstream_status",'
                '"connect_seconds":"$upstream_connect_time","answer_seconds":"$upstream_header_time"}';
            access_log "\(settings.accessLog)" forge;

        """
    }

    private static func forwarding(_ settings: RouterSettings) -> String {
        let trusted = settings.trustedProxies.map { "        \($0) 1;\n" }.joined()
        return """
                # Only WebSockets are upgraded: other protocols (h2c) would bypass the routing of later requests.
                map $http_upgrade $forge_upgrade {
                    default "";
                    "~*^websocket$" websocket;
                }
                map $forge_upgrade $forge_connection {
                    default upgrade;
                    "" close;
                }
                map $http_x_request_id $forge_request_id {
                    default $request_id;
                    "~^[A-Za-z0-9._-]{8,128}$" $http_x_request_id;
                }
                geo $forge_trusted {
                    default 0;
            \(trusted)    }
                map "$forge_trusted $http_x_forwarded_proto" $forge_scheme {
                    default $scheme;
                    "~^1 (?<forge_sent_scheme>https?)$" $forge_sent_scheme;
                }
                map "$forge_trusted $http_x_forwarded_host" $forge_forwarded_host {
                    default $http_host;
                    "~^1 (?<forge_sent_host>[A-Za-z0-9.:_-]+)$" $forge_sent_host;
                }
                map "$forge_trusted $http_x_forwarded_port" $forge_port {
                    default $server_port;
                    "~^1 (?<forge_sent_port>[0-9]{1,5})$" $forge_sent_port;
                }

            """
    }

    private static func control(_ settings: RouterSettings) -> String {
        """
            server {
                listen "unix:\(settings.controlSocket)";
                access_log off;
                client_max_body_size \(RouterScript.tableLimit);
                client_body_buffer_size \(RouterScript.tableLimit);
                location / {
                    content_by_lua_block { require("forge.router").control() }
                }
            }

        """
    }

    private static func dataPlane(_ settings: RouterSettings) -> String {
        """
            # Each request has its own connection to the app: a reused one can be closed by the app just as a POST is
            # sent, and that POST could not be repeated.
            upstream forge_endpoints {
                server 0.0.0.1;
                balancer_by_lua_block { require("forge.router").balance(2) }
            }

            server {
        \(settings.listen.map { "        listen \($0) default_server;" }.joined(separator: "\n"))
                server_name "";
                set $forge_service "";

                client_max_body_size \(settings.bodyLimitMegabytes)m;
                proxy_request_buffering off;
                proxy_http_version 1.1;
                proxy_buffer_size 16k;
                proxy_buffers 16 16k;
                proxy_busy_buffers_size 32k;
                proxy_connect_timeout 3s;
                proxy_send_timeout 60s;
                proxy_read_timeout 60s;
                # Past 10 s a request is not tried elsewhere: then it was slow, not refused.
                proxy_next_upstream error timeout;
                proxy_next_upstream_tries 3;
                proxy_next_upstream_timeout 10s;
                proxy_redirect off;
                proxy_ignore_headers X-Accel-Redirect;
                proxy_hide_header X-Request-Id;
                add_header X-Request-Id $forge_request_id always;

                proxy_set_header Host $http_host;
                proxy_set_header Connection $forge_connection;
                proxy_set_header Upgrade $forge_upgrade;
                proxy_set_header X-Request-Id $forge_request_id;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $forge_scheme;
                proxy_set_header X-Forwarded-Host $forge_forwarded_host;
                proxy_set_header X-Forwarded-Port $forge_port;
                proxy_set_header Forwarded "";
                proxy_set_header Proxy "";

                error_page 502 504 @failed;

                location / {
                    access_by_lua_block { require("forge.router").route("\(settings.baseDomain)") }
                    proxy_pass http://forge_endpoints;
                }
                # WebSockets and server-sent events: passed on as they come, silent for up to an hour.
                location @stream {
                    proxy_buffering off;
                    proxy_read_timeout 1h;
                    proxy_send_timeout 1h;
                    proxy_pass http://forge_endpoints;
                }
                location @failed {
                    content_by_lua_block { require("forge.router").failed() }
                }
            }
        """
    }
}

extension String {
    /// Each line that is not empty, moved to the right.
    fileprivate func indented(by count: Int) -> String {
        let margin = String(repeating: " ", count: count)
        return split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : margin + $0 }
            .joined(separator: "\n")
    }
}
