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
trap 'rm -rf "$work"' EXIT

title() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# Runs suites and adds up what swift test counted.
passed=0 failed=0 ran=0
suites() {
    local output=$work/output status=0 count issues
    swift test --skip-build "${flags[@]}" "$@" 2>&1 | tee "$output" || status=$?
    count=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$output" | tail -n 1)
    issues=$(grep -c '^✘ Test .* failed after' "$output" || true)
    count=${count:-0}
    ran=$((ran + count))
    if [ "$status" != 0 ] && [ "$issues" = 0 ]; then issues=1; fi
    failed=$((failed + issues))
    passed=$((passed + (count > issues ? count - issues : 0)))
}

title "packages"
install_packages
title "formatting"
swift format lint --strict -r Package.swift Sources Tests
title "build"
swift build --build-tests "${flags[@]}"
machine_state | sort >"$work/before"

if [ $# -gt 0 ]; then
    title "tests"
    suites "$@"
else
    title "tests of the targets"
    suites --skip "$end_to_end"
    if [ -d "Tests/$end_to_end" ]; then
        title "tests from end to end"
        suites --filter "$end_to_end"
    fi
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
