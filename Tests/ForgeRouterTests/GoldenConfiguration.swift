// SPDX-License-Identifier: Apache-2.0

/// The configuration of `NginxConfigurationTests`, with `(script)` in the place of the Lua text.
let goldenConfiguration = #"""
    # Written by forge from its settings; changes here are overwritten.
    load_module "/usr/lib/nginx/modules/ndk_http_module.so";
    load_module "/usr/lib/nginx/modules/ngx_http_lua_module.so";
    user www-data;
    worker_processes 2;
    worker_shutdown_timeout 30s;
    pid "/srv/router/nginx.pid";
    error_log "/srv/router/error.log" warn;

    events {
        worker_connections 4096;
    }

    http {
        lua_shared_dict forge_router 32m;
        init_by_lua_block {
            (script)
            router.load("/srv/router/table.json", 4194304)
        }
        init_worker_by_lua_block {
            require("forge.router").follow_master()
        }

        client_body_temp_path "/srv/router/temp/body";
        proxy_temp_path "/srv/router/temp/proxy";
        fastcgi_temp_path "/srv/router/temp/fastcgi";
        uwsgi_temp_path "/srv/router/temp/uwsgi";
        scgi_temp_path "/srv/router/temp/scgi";
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
        access_log "/srv/router/access.log" forge;

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
            10.0.0.0/8 1;
            fd00::/8 1;
        }
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

        server {
            listen "unix:/srv/router/control/router.sock";
            access_log off;
            client_max_body_size 4194304;
            client_body_buffer_size 4194304;
            location / {
                content_by_lua_block { require("forge.router").control() }
            }
        }

        # Each request has its own connection to the app: a reused one can be closed by the app just as a POST is
        # sent, and that POST could not be repeated.
        upstream forge_endpoints {
            server 0.0.0.1;
            balancer_by_lua_block { require("forge.router").balance(2) }
        }

        server {
            listen 127.0.0.1:8080 default_server;
            listen [::1]:8080 default_server;
            server_name "";
            set $forge_service "";

            client_max_body_size 100m;
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
                access_by_lua_block { require("forge.router").route("apps.example.com") }
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
    }

    """#
