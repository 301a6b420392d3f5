#!/bin/bash
# Calls that are sent again over a restart of the proxy: the origin knows a repeated MKDIR, RENAME, REMOVE
# of NFSv3 and v4.0 by the address and port it comes from, and answers it as it did before. The way to the
# origin takes 40 ms there and back, so that many a call is executed and not yet answered at a kill.
#
#   repeats.sh [KILLS]     how often the proxy is killed with -9, 6 if not said
kills=${1:-6}
export LAB_JOB_WAIT=$((200 + 15 * kills))
. "$(dirname "$0")/common.sh"
. "$ci/lab/load.sh"
guests_without_kerberos
guests_ready secure 1 2
near() { "$lab" wan off; }
at_exit=(near "${at_exit[@]}")
proxy_before "$origin"
load_start tree-3 1 tree repeats-3 -v 3 -s "$proxy" -o "$v3_ports"
load_start tree-4.0 2 tree repeats-40 -v 4.0 -s "$proxy" -o hard
loads=(tree-3 tree-4.0)
for name in "${loads[@]}"; do wait_for 30 load_beyond 10 "$name"; done
"$lab" wan 40 || exit 1

survived=0
for ((round = 1; round <= kills; round++)); do
  sleep "1.$((RANDOM % 10))"
  proxy_kill proxy
  sleep 0.5
  proxy_before "$origin"
  load_goes_on 90 "${loads[@]}" >"$work/stands" || break
  survived=$round
done
check "$kills times kill -9: all went on each time" \
  eval 'cat "$work/stands"; equal "$kills" "$survived"'
again_of() { load_log "$1" | sed -n 's/^again *//p'; }
for name in "${loads[@]}"; do
  check "$name: no error" load_ended "$name"
  echo "     $name: $(load_result "$name")"
  check "$name: what was executed before the kill is not executed again" equal "" "$(again_of "$name")"
done
finish 5
