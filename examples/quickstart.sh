#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# From a Debian 12 machine with Swift 6.3 to an app that answers: installs packages, builds forge, starts the platform,
# makes the builder image and deploys examples/python-web. Running it again does what is missing, and nothing more.
#
#   bash examples/quickstart.sh [flags of forge up, such as --http-port 8090]
#
# FORGE_STATE_DIR names another state folder than /var/lib/forge. Without root it asks sudo.

set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/Tests/lib/packages.sh"

state=${FORGE_STATE_DIR:-/var/lib/forge}
bin=$root/.build/release
up_flags=("$@")
app=hello
log=$(mktemp)
trap 'rm -f "$log"' EXIT
about=

duration() {
    if [ "$1" -lt 100 ]; then echo "$1 s"; else echo "$((($1 + 30) / 60)) m"; fi
}

# Runs a function and tells how long it took; with its last words and the end of everything when it fails.
step() {
    local title=$1 start=$SECONDS
    about=$2
    shift 2
    [ ! -t 1 ] || printf '  · %s …\r' "$title"
    if "$@" >"$log" 2>&1; then
        printf '  ✓ %-18s %6s   %s\n' "$title" "$(duration $((SECONDS - start)))" "$about"
    else
        printf '  ✗ %-18s %6s\n' "$title" "$(duration $((SECONDS - start)))"
        tail -n 30 "$log" | sed 's/^/      /'
        exit 1
    fi
}

packages() {
    [ "$(. /etc/os-release && echo "$ID $VERSION_ID")" = "debian 12" ] || {
        echo "this is for Debian 12; elsewhere, install the packages of Tests/lib/packages.sh and follow its steps"
        return 1
    }
    install_packages "${forge_packages[@]}"
}

build() {
    command -v swift >/dev/null || {
        echo "swift is not in PATH: install Swift 6.3 from https://www.swift.org/install/linux/"
        return 1
    }
    cd "$root" && swift build -c release -Xswiftc -enable-testing --explicit-target-dependency-import-check error
}

up() {
    as_root env FORGE_STATE_DIR="$state" "$bin/forge" up ${up_flags[@]+"${up_flags[@]}"}
}

builder() {
    as_root "$bin/forged" builder create --state "$state" || return
    if grep -q 'as described' "$log"; then about="as described"; fi
}

deploy() {
    as_root "$bin/forge" deploy "$root/examples/python-web" || return
    if grep -q 'No changes' "$log"; then about="no changes"; fi
}

# What the platform says of itself.
announced() {
    as_root sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" "$state/supervisor.json"
}

answer() {
    curl --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 1 "$url"
}

step "system packages" "podman, nginx, redis, docker-registry, libraries" packages
step "forge, forged" "release build" build
step "forge up" "redis, registry, podman, nginx, forged; ports on loopback only" up
step "builder image" "Debian 12 with the buildpacks, made once" builder
step "forge deploy" "examples/python-web" deploy
url="http://$app.localhost:$(announced router | sed 's/.*://')/"
step "$app" "$url" answer
echo "$url answers: $(cat "$log")"
