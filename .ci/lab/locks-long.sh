#!/bin/bash
# Locks of NFSv3 under load, by hand: 100 addresses with one name and svid 0, and the proxy killed at random points;
# then pairs of LOCK and UNLOCK without end, and how long the journal becomes.
#   locks-long.sh [KILLS [PAIRS]]     100 1000000: some ten minutes on a quiet machine
. "$(dirname "$0")/common.sh"

kills=${1:-100} pairs=${2:-1000000}
guests_without_kerberos
guests_ready insecure
. "$(dirname "$0")/locks-common.sh"
proxy_with_locks
addresses 110 100
"$lab" origin exec ': >/export/owners; chmod 666 /export/owners; : >/export/pairs; chmod 666 /export/pairs'

"${place[@]}" "$ci/lab/nlm-owners" "$proxy" /export/owners "$LAB_NET.110" 100 "until:$work/enough" \
  >"$work/owners.txt" 2>&1 &
owners_pid=$!
wait_for 60 grep -qs begun "$work/owners.txt"
killed=0
while [ $killed -lt "$kills" ] && ! ended $owners_pid; do
  sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
  proxy_kill proxy
  proxy_with_locks
  killed=$((killed + 1))
  [ $((killed % 10)) != 0 ] || echo "     $killed kills, journal $(stat -c %s "$state/locks.journal") bytes"
  sleep "$((RANDOM % 3)).$((RANDOM % 10))"
done
: >"$work/enough"
end_of $owners_pid 300
check "100 addresses, one name and svid 0: no two share a lock, over $killed kills" \
  never_shared "$(tail -n 1 "$work/owners.txt")"
echo "     $(tail -n 1 "$work/owners.txt")"
check "nothing is left at the origin" wait_for 20 nothing_at_origin
knows_nothing() { equal '{"enabled":true,"locks":[]}' "$(listed)"; }
check "nor in GET /locks" wait_for 10 knows_nothing

longest=0
watch() {
  local size
  size=$(stat -c %s "$state/locks.journal")
  [ "$size" -le "$longest" ] || longest=$size
}
began=$SECONDS
"${place[@]}" "$ci/lab/nlm-owners" --pairs "$proxy" /export/pairs "$LAB_NET.110" 16 "$pairs" >"$work/pairs.txt" 2>&1 &
pairs_pid=$!
until ended $pairs_pid; do
  watch
  sleep 1
done
wait $pairs_pid
check "$pairs pairs of LOCK and UNLOCK by 16 owners, all granted" \
  contains "$(tail -n 1 "$work/pairs.txt")" "^granted $pairs denied 0 shared [0-9]* unlock-failures 0$"
echo "     in $((SECONDS - began)) s; the journal was never longer than $longest bytes"
bounded() { [ "$longest" -lt $((3 << 20)) ]; }
check "the journal stays below 3 MiB" bounded
check "nothing is left at the origin" wait_for 20 nothing_at_origin
proxy_stop proxy
proxy_with_locks
check "a proxy that starts with it knows of no lock" wait_for 10 knows_nothing
finish 7
