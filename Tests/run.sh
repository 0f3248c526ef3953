#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the tests need, checks the formatting, builds everything and runs every test: first the suites of the
# single targets, then those that drive the built executables from end to end. Fails when a test fails, when none ran,
# and when something of them is left running, mounted or lying about.
#
#   bash Tests/run.sh [--filter <pattern>]   only the tests that match

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
. Tests/lib/packages.sh
. Tests/lib/leftovers.sh

# One configuration for the executables and the tests: the release build of quickstart.sh, with testing enabled.
flags=(-c release -Xswiftc -enable-testing --explicit-target-dependency-import-check error)
end_to_end=EndToEndTests
work=$(mktemp -d)
bin=$root/.build/release

stop_platform() {
    [ -e "$work/state" ] || return 0
    "$bin/forge" down --state "$work/state" || true
    rm -rf "$work/state"
}
trap 'stop_platform; rm -rf "$work"' EXIT

# A crash is told by its message; walking the stacks of a debug build takes minutes.
export SWIFT_BACKTRACE=enable=no

title() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# Runs suites and adds up what swift test counted.
passed=0 failed=0 ran=0
suites() {
    local output=$work/output status=0 count issues
    swift test --skip-build "${flags[@]}" "$@" 2>&1 | tee "$output" || status=$?
    count=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$output" | tail -n 1)
    issues=$(grep -E '^✘ Test .* failed after' "$output" | grep -vc '^✘ Test run' || true)
    count=${count:-0}
    ran=$((ran + count))
    if [ "$status" != 0 ] && [ "$issues" = 0 ]; then issues=1; fi
    failed=$((failed + issues))
    passed=$((passed + (count > issues ? count - issues : 0)))
}

title "packages"
install_packages "${forge_packages[@]}" "${test_packages[@]}"
title "formatting"
swift format lint --strict -r Package.swift Sources Tests
title "build"
swift build --build-tests "${flags[@]}"
machine_state | sort >"$work/before"

# A port on loopback that nothing listens on now.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
    done
}

# The platform that the suite from end to end drives, in a state folder of its own.
start_platform() {
    export FORGE_STATE_DIR=$work/state XDG_CONFIG_HOME=$work/config FORGE_TEST_BINARIES=$bin
    FORGE_TEST_HTTP_PORT=$(free_port)
    export FORGE_TEST_HTTP_PORT
    "$bin/forge" up --api-port "$(free_port)" --http-port "$FORGE_TEST_HTTP_PORT"
    "$bin/forged" builder create --state "$FORGE_STATE_DIR"
}

if [ $# -gt 0 ]; then
    title "tests"
    suites "$@"
else
    title "tests of the targets"
    suites --skip "$end_to_end"
    title "a platform for the tests from end to end"
    start_platform
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
echo "$passed passed, $failed failed"
[ "$ran" -gt 0 ] || { echo "no test ran" >&2; exit 1; }
[ -z "$left" ] || { echo "the tests left something behind" >&2; exit 1; }
[ "$failed" = 0 ]
