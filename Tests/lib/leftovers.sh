# SPDX-License-Identifier: Apache-2.0
# What a test run must not leave behind on the machine. Sourced by Tests/run.sh.

# Prints one line for each process, mount, network name space and network interface that containers, nginx, Redis or a
# registry may leave, each folder of forge in /run and /tmp, and each file in the checkout that is new or changed. Two
# listings, before and after, tell what a run left.
machine_state() (
    # Nothing to list is no failure.
    set +e +o pipefail
    ps -eo pid=,args= | awk '
        $2 ~ /(^|\/)(redis-server|docker-registry|nginx:?|podman|conmon|aardvark-dns|netavark|runc|crun|catatonit|forged)$/ {
            print "process " $0
        }'
    awk '$5 ~ /forge|\/netns\/|containers|overlay/ { print "mount " $5 }' /proc/self/mountinfo
    ls /run/netns 2>/dev/null | sed 's/^/netns /'
    ls /sys/class/net | grep -E '^(podman|veth|cni)' | sed 's/^/interface /'
    ls -d /run/forge/* /tmp/forge-* 2>/dev/null | sed 's/^/folder /'
    git status --porcelain --untracked-files=all 2>/dev/null | sed 's/^/checkout /'
    return 0
)
