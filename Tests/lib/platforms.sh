# SPDX-License-Identifier: Apache-2.0
# Starts and stops the platform that the suite from end to end drives. Sourced by Tests/run.sh, which sets work and bin.

# A port on loopback that nothing listens on now.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
    done
}

# One machine: podman, in a state folder of its own.
start_podman_platform() {
    export FORGE_STATE_DIR=$work/state XDG_CONFIG_HOME=$work/config FORGE_TEST_BINARIES=$bin FORGE_TEST_CLUSTER=podman
    local port
    port=$(free_port)
    export FORGE_TEST_ROUTER=127.0.0.1:$port
    "$bin/forge" up --api-port "$(free_port)" --http-port "$port"
    "$bin/forged" builder create --state "$FORGE_STATE_DIR"
}

# The cluster in KUBECONFIG: the platform is installed as an operator would, with what builds need of this machine's way to
# the outside, and stays until the end of the tests.
start_kubernetes_platform() {
    export XDG_CONFIG_HOME=$work/config FORGE_TEST_BINARIES=$bin FORGE_TEST_CLUSTER=kubernetes
    "$bin/forged" platform images --state "$work/state" --registry "$registry" --insecure
    "$bin/forge" platform install --apply --registry "$registry" --insecure --router-port 30080 \
        --ca-bundle "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"
    local node
    node=$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
    export FORGE_TEST_ROUTER=$node:30080
}

stop_platform() {
    case ${FORGE_TEST_CLUSTER:-} in
    podman)
        [ ! -e "$work/state" ] || "$bin/forge" down --state "$work/state" || true
        rm -rf "$work/state"
        ;;
    kubernetes)
        "$bin/forge" platform uninstall --confirm forge-system --delete-data || true
        # Its pods end with the namespaces, some time after the command.
        kubectl wait --for=delete --timeout=120s \
            namespace/forge-system namespace/forge-apps namespace/forge-builds 2>/dev/null || true
        rm -rf "$work/state"
        ;;
    esac
    unset FORGE_TEST_CLUSTER
}
