#!/bin/bash
# Power cut of the origin, and its reboot, under held locks: one client writes through the proxy, one
# directly, each with a lock that it must reclaim in the origin's grace period. A third client, direct,
# tries to get the lock of the first. A lock that was not reclaimed would make the next write fail.
. "$(dirname "$0")/common.sh"
. "$ci/lab/load.sh"

guests_without_kerberos
guests_ready insecure 1 2 3
proxy_before "$origin"
"$lab" origin exec ": >/export/reboot-proxy; : >/export/reboot-direct; sync" || exit 1
load_start proxy 1 write reboot-proxy -v 4.2 -s "$proxy"
load_start direct 3 write reboot-direct -v 4.2 -s "$origin"
wait_for 30 load_has_lock proxy
load_start watcher 2 watch reboot-proxy -v 4.2 -s "$origin"
loads=(proxy direct watcher)
check "writers and watcher at work" load_goes_on 30 "${loads[@]}"
told() { grep -q "$1" "$work/proxy.err"; }
"$lab" origin crash
check "the origin crashes, and the log tells that it does not answer" \
  wait_for 40 told "WARN .*origin .* does not answer: "
check "it boots" "$lab" origin start -e insecure
check "all go on" load_goes_on 90 "${loads[@]}"
check "the log tells that it answers again" wait_for 30 told "INFO .*origin .* answers again, after "
sleep 2
check "lock still held: refused to a direct client, before and after" load_ended watcher
for name in proxy direct; do
  check "writer ($name): lock reclaimed, no error" load_ended $name
  check "writer ($name): $(load_result $name)" load_in_order $name /export/reboot-$name
done
finish 10
