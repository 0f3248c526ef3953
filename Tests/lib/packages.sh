# SPDX-License-Identifier: Apache-2.0
# The Debian packages that forge is built with and runs on. Sourced by examples/quickstart.sh and Tests/run.sh.

forge_packages=(
    # to build
    libcurl4-openssl-dev libhiredis-dev libyaml-dev pkg-config zlib1g-dev
    # to run
    apache2-utils ca-certificates curl docker-registry libnginx-mod-http-lua lua-cjson nginx redis-server util-linux
    aardvark-dns catatonit conmon iptables netavark podman runc
    # to make the builder image
    mmdebstrap
)

# What only the tests need.
test_packages=(busybox-static git iproute2 openssl procps python3-pip python3-venv)

# What only the tests on Kubernetes need: kubectl, which other packages bring too.
kubernetes_packages=()
command -v kubectl >/dev/null || kubernetes_packages=(kubernetes-client)

# What these packages start by themselves on their standard ports; the platform runs its own ones.
forge_units=(
    docker-registry.service nginx.service podman-auto-update.timer podman-restart.service podman.socket
    redis-server.service
)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -E "$@"; fi
}

# Prints those of its arguments that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# Installs what is missing of its arguments, and nothing when nothing is. No service is started: Debian's way to say so is a policy-rc.d
# that answers 101 (invoke-rc.d(8)); one that is there already stays as it is.
install_packages() {
    local missing policy=/usr/sbin/policy-rc.d own_policy= status=0
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ ! -e "$policy" ]; then
        own_policy=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy" || return 1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" ||
        status=$?
    [ -z "$own_policy" ] || as_root rm -f "$policy"
    [ "$status" = 0 ] || return "$status"
    disable_units "${missing[@]}"
}

# Keeps what was just installed from starting with the next boot; what was there before is left as it is.
disable_units() {
    local unit package
    command -v systemctl >/dev/null || return 0
    for unit in "${forge_units[@]}"; do
        package=$(dpkg-query -S "/lib/systemd/system/$unit" 2>/dev/null | cut -d: -f1)
        case " $* " in
        *" $package "*) as_root systemctl disable "$unit" 2>/dev/null || true ;;
        esac
    done
}
