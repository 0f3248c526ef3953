#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the tests need, checks the formatting, builds everything and runs the tests. Fails when a test fails,
# when none ran, when one was skipped that this machine can run, and when something is left running, mounted or lying
# about.
#
#   bash Tests/run.sh                  every test that needs no cluster, then the suite from end to end on podman
#   bash Tests/run.sh --kubernetes     the suites of Kubernetes, then the suite from end to end, on the cluster in
#                                      KUBECONFIG; KUBE_TEST_REGISTRY names a registry that nodes and pods reach
#   bash Tests/run.sh --filter <pattern>   only the tests that match, without a platform

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
. Tests/lib/packages.sh
. Tests/lib/leftovers.sh
. Tests/lib/suites.sh
. Tests/lib/platforms.sh

# One configuration for the executables and the tests: the release build of quickstart.sh, with testing enabled.
flags=(-c release -Xswiftc -enable-testing --explicit-target-dependency-import-check error)
end_to_end=EndToEndTests
on_kubernetes='ForgeKubernetes(Client|Objects)?Tests'
work=$(mktemp -d)
bin=$root/.build/release
skips=$root/Tests/lib/skips
trap 'stop_platform; rm -rf "$work"' EXIT

# A crash is told by its message; walking the stacks of a debug build takes minutes.
export SWIFT_BACKTRACE=enable=no

title() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

kubernetes=
if [ "${1:-}" = --kubernetes ]; then
    kubernetes=yes
    shift
    : "${KUBECONFIG:?names no cluster; export it, or start one}"
    registry=${KUBE_TEST_REGISTRY:?names no registry that nodes and pods reach}
    export FORGE_TEST_KUBECONFIG=$KUBECONFIG
fi

title "packages"
[ -n "$kubernetes" ] || kubernetes_packages=()
install_packages "${forge_packages[@]}" "${test_packages[@]}" "${kubernetes_packages[@]}"
title "formatting"
swift format lint --strict -r Package.swift Sources Tests
title "build"
swift build --build-tests "${flags[@]}"
machine_state | sort >"$work/before"

if [ $# -gt 0 ]; then
    title "tests"
    suites "$@"
elif [ -n "$kubernetes" ]; then
    title "tests of the targets on Kubernetes"
    suites --filter "$on_kubernetes"
    title "a platform for the tests from end to end"
    start_kubernetes_platform
    title "tests from end to end on Kubernetes"
    suites --filter "$end_to_end"
    title "the platform goes"
    stop_platform
else
    title "tests of the targets"
    suites --skip "$end_to_end"
    title "a platform for the tests from end to end"
    start_podman_platform
    title "tests from end to end"
    suites --filter "$end_to_end"
    title "the platform stops"
    stop_platform
fi

title "what is left"
left=
for _ in $(seq 50); do
    left=$(machine_state | sort | comm -13 "$work/before" -)
    [ -n "$left" ] || break
    sleep 0.2
done
printf '%s\n' "${left:-nothing}"

echo
[ "$skipped" = 0 ] || cat "$work/skipped"
unexpected=$(unexpected_skips)
echo "$passed passed, $failed failed, $skipped skipped"
[ "$ran" -gt 0 ] || { echo "no test ran" >&2; exit 1; }
[ -z "$left" ] || { echo "the tests left something behind" >&2; exit 1; }
[ -z "$unexpected" ] || { printf 'skipped, and not in Tests/lib/skips:\n%s\n' "$unexpected" >&2; exit 1; }
[ "$failed" = 0 ]
