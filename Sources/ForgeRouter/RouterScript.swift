// SPDX-License-Identifier: Apache-2.0

/// The Lua that runs inside nginx: it keeps the table in a shared dictionary, answers the control socket, and picks
/// the endpoint of each request (specs/router.md §4–§6).
///
/// It is part of the configuration text, so that configuration and script are always swapped together.
/// It must not contain an unbalanced brace: nginx finds the end of a Lua block by counting them.
enum RouterScript {
    /// Largest table that is accepted, in bytes, over the control socket and from the table file.
    static let tableLimit = 4 << 20

    /// The module `forge.router`, for an `init_by_lua_block`.
    static let source = #"""
        local balancer = require "ngx.balancer"
        local cjson = require("cjson.safe").new()
        cjson.decode_max_depth(8)
        local dictionary = ngx.shared.forge_router
        local router = {}

        -- Shape of a table: {"routes": {host: [app, process]}, "services": {service: [[address, port], ...]}}.
        local function parse(text)
            local parsed = cjson.decode(text)
            if type(parsed) ~= "table" or type(parsed.routes) ~= "table" or type(parsed.services) ~= "table" then
                return nil, "a table has an object of routes and one of services"
            end
            local hosts = {}
            for host, target in pairs(parsed.routes) do
                local app = type(target) == "table" and target[1]
                local process = type(target) == "table" and target[2]
                if type(host) ~= "string" or type(app) ~= "string" or type(process) ~= "string"
                    or not (app .. process):find("^[a-z0-9-]+$") then
                    return nil, "a route leads from a host to an app and its process type: " .. tostring(host)
                end
                hosts[host] = app .. "." .. process
            end
            parsed.hosts = hosts
            for service, endpoints in pairs(parsed.services) do
                if type(service) ~= "string" or type(endpoints) ~= "table" then
                    return nil, "a service has a list of endpoints: " .. tostring(service)
                end
                for _, endpoint in ipairs(endpoints) do
                    local address = type(endpoint) == "table" and endpoint[1]
                    local port = type(endpoint) == "table" and endpoint[2]
                    if type(address) ~= "string" or not address:find("^[%x.:]+$") or type(port) ~= "number"
                        or port < 1 or port > 65535 or port ~= math.floor(port) then
                        return nil, "an endpoint is an IP address and a port: " .. service
                    end
                    endpoint.key = address .. " " .. port
                    endpoint.peer = address:find(":", 1, true) and "[" .. address .. "]" or address
                end
            end
            return parsed
        end

        -- The text is stored before the generation that names it, so a worker sees a whole table, the old or the new.
        local function store(text)
            local previous = dictionary:get("generation") or 0
            local stored, problem = dictionary:safe_set("table " .. previous + 1, text)
            if not stored then
                return nil, problem
            end
            dictionary:set("generation", previous + 1)
            dictionary:delete("table " .. previous)
            return true
        end

        -- Each worker parses a table once; per request it only compares generations.
        local cached, cached_generation
        local function current()
            for _ = 1, 5 do
                local generation = dictionary:get("generation")
                if generation == cached_generation then
                    return cached
                end
                -- Absent when the table was replaced between the two reads: then read the generation again.
                local text = dictionary:get("table " .. generation)
                if text then
                    cached = parse(text)
                    cached.turns = {}
                    cached_generation = generation
                    return cached
                end
            end
            return cached
        end

        local function current_boot()
            local file = io.open("/proc/sys/kernel/random/boot_id")
            local id = file and file:read("*l")
            if file then
                file:close()
            end
            return id
        end

        -- After a restart of nginx. Endpoints of an earlier boot are left out: their addresses may be other apps' now.
        function router.load(path, limit)
            if dictionary:get("generation") then
                return
            end
            local file = io.open(path, "rb")
            if not file then
                return
            end
            local text = file:read(limit + 1) or ""
            file:close()
            local parsed, problem = parse(text)
            if #text > limit or not parsed then
                ngx.log(ngx.WARN, "the saved table is not used: ", problem or "too large")
                return
            end
            if parsed.boot ~= current_boot() then
                text = cjson.encode({ routes = parsed.routes, services = {} })
            end
            store(text)
        end

        -- Workers outlive a killed master and would hold its ports: they finish their requests and leave.
        function router.follow_master()
            local ffi = require "ffi"
            ffi.cdef "int getppid(void); int kill(int pid, int signal);"
            local master, quit = ffi.C.getppid(), 3
            ngx.timer.every(1, function(premature)
                if not premature and ffi.C.getppid() ~= master then
                    ffi.C.kill(ngx.worker.pid(), quit)
                end
            end)
        end

        local function answer(status, content_type, body)
            ngx.status = status
            ngx.header["Content-Type"] = content_type
            ngx.header["Content-Length"] = #body
            ngx.print(body)
            return ngx.exit(ngx.HTTP_OK)
        end

        -- The control socket: GET /table, PUT /table.
        function router.control()
            local method = ngx.req.get_method()
            if ngx.var.uri ~= "/table" or (method ~= "GET" and method ~= "PUT") then
                return answer(404, "application/json", cjson.encode({ error = "GET or PUT /table" }))
            end
            if method == "GET" then
                local generation = dictionary:get("generation")
                local text = generation and dictionary:get("table " .. generation)
                if not text then
                    return answer(404, "application/json", cjson.encode({ error = "no table yet" }))
                end
                return answer(200, "application/json", text)
            end
            ngx.req.read_body()
            local text = ngx.req.get_body_data() or ""
            local parsed, problem = parse(text)
            if not parsed then
                return answer(422, "application/json", cjson.encode({ error = problem }))
            end
            local stored, full = store(text)
            if not stored then
                return answer(507, "application/json", cjson.encode({ error = full }))
            end
            return answer(200, "application/json", "{}")
        end

        -- The router's own answers: HTML for browsers, JSON for programs that ask for it, else text.
        -- Host and service hold only letters, digits and ".-_:[]", so they need no escaping.
        local function refuse(status, message, detail)
            local accept = (ngx.var.http_accept or ""):lower()
            ngx.header["Cache-Control"] = "no-store"
            if accept:find("application/json", 1, true) then
                return answer(status, "application/json", cjson.encode({
                    status = status, error = message, detail = detail, requestId = ngx.var.forge_request_id
                }))
            end
            if accept:find("text/html", 1, true) then
                return answer(status, "text/html; charset=utf-8", "<!doctype html><html lang=en><meta charset=utf-8>"
                    .. "<meta name=viewport content=\"width=device-width\"><title>" .. status .. " " .. message
                    .. "</title><style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;"
                    .. "padding:0 1rem}small{color:#667}</style><h1>" .. message .. "</h1><p>" .. detail
                    .. "<p><small>" .. status .. " · request " .. ngx.var.forge_request_id .. "</small></html>\n")
            end
            return answer(status, "text/plain; charset=utf-8", message .. "\n" .. detail .. "\n")
        end

        -- The host as nginx routes it, if the client named exactly one. A request line with another host than the
        -- Host header would be routed by one and seen by the app as the other (RFC 9112, section 3.2.2).
        local function requested_host()
            local sent = ngx.req.get_headers(0).host
            if type(sent) ~= "string" then
                return nil
            end
            local name = sent:lower():gsub(":%d*$", ""):gsub("%.$", "")
            local plain = name:find("^[a-z0-9._-]+$") or name:find("^%[[%x:.]+%]$")
            if not plain or #name > 253 or name ~= ngx.var.host then
                return nil
            end
            return name
        end

        -- Access phase: chooses the service, or answers itself.
        function router.route(base_domain)
            local host = requested_host()
            if not host then
                return refuse(400, "the request names no valid host", "one Host header with a host name is needed")
            end
            local known = current()
            if not known then
                ngx.header["Retry-After"] = "1"
                return refuse(503, "the router is starting", "it has no routes yet; try again in a moment")
            end
            local service = known.hosts[host]
            if not service then
                local detail = host .. " leads nowhere; apps are at NAME." .. base_domain
                return refuse(404, "no app is routed at this host", detail)
            end
            ngx.var.forge_service = service
            local endpoints = known.services[service]
            if not endpoints or #endpoints == 0 then
                ngx.header["Retry-After"] = "5"
                local detail = service .. " has no ready instance; try again in a moment"
                return refuse(503, "nothing is ready to answer", detail)
            end
            local accept = (ngx.var.http_accept or ""):lower()
            if ngx.var.forge_upgrade ~= "" or accept:find("text/event-stream", 1, true) then
                return ngx.exec("@stream")
            end
        end

        -- NGX_BUSY, by which a balancer tells nginx that it has no endpoint (left): nginx then answers 502.
        local no_live_endpoint = -3

        -- Balancer phase: round robin; after an error nginx asks again and gets an endpoint that was not tried.
        -- The table is read anew at each try, so that a retry already follows a change of endpoints.
        function router.balance(more_tries)
            local service, known = ngx.var.forge_service, current()
            local endpoints = known and known.services[service]
            local count = endpoints and #endpoints or 0
            local tried = ngx.ctx.tried
            if not tried then
                tried = {}
                ngx.ctx.tried = tried
                balancer.set_more_tries(more_tries)
            end
            for _ = 1, count do
                local turn = (known.turns[service] or math.random(count)) % count + 1
                known.turns[service] = turn
                local endpoint = endpoints[turn]
                if not tried[endpoint.key] then
                    tried[endpoint.key] = true
                    local chosen, problem = balancer.set_current_peer(endpoint.peer, endpoint[2])
                    if not chosen then
                        ngx.log(ngx.ERR, "endpoint ", endpoint.key, " of ", service, ": ", problem)
                        return ngx.exit(no_live_endpoint)
                    end
                    return
                end
            end
            return ngx.exit(no_live_endpoint)
        end

        -- After the last try. An app's own 502 or 504 does not come here.
        function router.failed()
            local service = ngx.var.forge_service
            if ngx.status == 504 then
                return refuse(504, "the app took too long to answer", service .. " sent no answer in time")
            end
            return refuse(502, "the app did not answer", service .. " refused or cut the connection")
        end

        package.loaded["forge.router"] = router
        """#
}
