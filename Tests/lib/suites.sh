# SPDX-License-Identifier: Apache-2.0
# Runs suites and adds up what swift test tells. Sourced by Tests/run.sh, which sets flags, work and skips.

passed=0 failed=0 skipped=0 ran=0

# Runs the suites that the arguments select; a failure is counted and does not end the script.
suites() {
    local output=$work/output status=0 count issues missed
    swift test --skip-build "${flags[@]}" "$@" 2>&1 | tee "$output" || status=$?
    count=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$output" | tail -n 1)
    issues=$(grep -E '^✘ Test .* failed after' "$output" | grep -vc '^✘ Test run' || true)
    missed=$(grep -cE '^➜ Test .* skipped' "$output" || true)
    grep -E '^➜ Test .* skipped' "$output" >>"$work/skipped" || true
    count=$((${count:-0} - missed))
    ran=$((ran + count))
    skipped=$((skipped + missed))
    if [ "$status" != 0 ] && [ "$issues" = 0 ]; then issues=1; fi
    failed=$((failed + issues))
    passed=$((passed + (count > issues ? count - issues : 0)))
}

# Prints the tests that were skipped, do not need a cluster that this run has not, and are not on the list of those that may be (Tests/lib/skips): each line of it is
# a part of a test's name, then a tab and why this machine cannot run it.
unexpected_skips() {
    local line name known
    [ -e "$work/skipped" ] || return 0
    while IFS= read -r line; do
        known=
        if [ -z "$kubernetes" ]; then
            case $line in *'skipped: "needs a cluster'*) continue ;; esac
        fi
        while IFS=$'\t' read -r name _; do
            case $name in '' | '#'*) continue ;; esac
            case $line in *"$name"*) known=yes ;; esac
        done <"$skips"
        [ -n "$known" ] || printf '%s\n' "$line"
    done <"$work/skipped"
}
