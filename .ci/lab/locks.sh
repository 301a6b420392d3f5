#!/bin/bash
# NFSv3 locks through the proxy: client1 and client2 mount it without nolock, and client2 the origin too.
# What the origin holds is read in its /proc/locks.
#   locks.sh [SECONDS]     of the load during which the proxy is killed; 10
. "$(dirname "$0")/common.sh"

guests_without_kerberos
guests_ready insecure 1 2
. "$(dirname "$0")/locks-common.sh"
more='"exports": { "parameters": { "squash": "none" },
               "rules": [ { "path": "/export/xfs", "access": "ro" } ] },'
proxy_with_locks

# ---- one lock, three who want it ------------------------------------------------------------------
owner A 1 "$proxy" one try await:/lab/go-A unlock
check "A locks through the proxy" wait_for 30 has_said A 1 '^try ok'
check "B, through the proxy, is refused" refused B 2 "$proxy" one
check "B, direct, is refused" refused B-direct 2 "$origin" one
check "GET /locks tells of A, of its name and its export" contains "$(listed)" \
  '"client":"'"$LAB_NET"'.101","name":"client1".*"export":"/export"'
owner W 2 "$proxy" one wait unlock
check "B waits: GET /locks tells so" wait_for 20 is_waiting
go 1 go-A
check "A unlocks: B gets it" wait_for 20 has_said W 2 '^wait ok'
gone A; gone W
echo "     B runs $(after A 1 W 2) s after A's unlock"
check "nothing is left at the origin, nor in GET /locks" eval \
  'nothing_at_origin && equal "{\"enabled\":true,\"locks\":[]}" "$(listed)"'

# ---- direct holders -------------------------------------------------------------------------------
owner D 2 "$origin" two try await:/lab/go-D unlock
wait_for 30 has_said D 2 '^try ok'
owner A2 1 "$proxy" two try wait unlock
check "a direct client holds: A is refused, and waits" wait_for 30 has_said A2 1 '^try EAGAIN'
go 2 go-D
check "A gets it" wait_for 20 has_said A2 1 '^wait ok'
gone D; gone A2
echo "     A runs $(after D 2 A2 1) s after the unlock"

# ---- kill -9 --------------------------------------------------------------------------------------
owner K 1 "$proxy" three try await:/lab/go-K unlock
wait_for 30 has_said K 1 '^try ok'
owner KW 2 "$proxy" three wait unlock
wait_for 20 is_waiting
shares() { "${place[@]}" "$ci/lab/nlm-shares" "$proxy" /export/shared "$@"; }
addresses 200 40
A=$LAB_NET.200:$proxy A_direct=$LAB_NET.200:$origin B=$LAB_NET.201:$proxy B_direct=$LAB_NET.201:$origin
"$lab" origin exec ': >/export/shared; chmod 666 /export/shared'
check "A shares a file and denies writing: B, of the same name and oh, is refused, through the proxy and direct" \
  equal "0 1 1 0 0" "$(shares "$A:share:3:2" "$B:share:2:0" "$B_direct:share:2:0" "$B:share:1:0" "$B:unshare")"
before=$(origin_locks)
proxy_kill proxy
proxy_with_locks
check "kill -9 while A holds and B waits: the origin's locks are unchanged" \
  equal "$before" "$(origin_locks)"
check "the journal knows both" contains "$(listed)" '"client":.*"client":'
knows_share() { listed | grep -qF '"share":{"access":"readWrite","deny":"write"}'; }
check "and what A shares" wait_for 10 knows_share
check "B is refused still; A unshares: B gets it, and denies others both" equal "1 0 0 1 1 0" "$(
  shares "$B:share:2:0" "$A:unshare" "$B:share:3:3" "$A:share:1:0" "$A_direct:share:1:0" "$B:unshare")"
check "nothing is shared any more" equal "0 0" "$(shares "$A_direct:share:3:3" "$A_direct:unshare")"
go 1 go-K
check "A unlocks: B gets it, without waiting for its poll" wait_for 20 has_said KW 2 '^wait ok'
gone K; gone KW
echo "     B runs $(after K 1 KW 2) s after A's unlock"
check "nothing is left at the origin" nothing_at_origin

# ---- many owners, and kills at random points ---------------------------------------------------------
"$lab" origin exec ': >/export/owners; chmod 666 /export/owners'
owners() { "${place[@]}" "$ci/lab/nlm-owners" "$proxy" /export/owners "$LAB_NET.200" "$@"; }
owners 40 "${1:-10}" >"$work/owners.txt" 2>&1 &
owners_pid=$!
kills=0
wait_for 30 grep -qs begun "$work/owners.txt"
while ! ended $owners_pid; do
  sleep "1.$((RANDOM % 10))"
  ended $owners_pid || { proxy_kill proxy; proxy_with_locks; kills=$((kills + 1)); }
done
check "40 addresses, one name and svid 0: none shares the lock, over $kills kills" \
  never_shared "$(cat "$work/owners.txt")"
echo "     $(tail -n 1 "$work/owners.txt")"
check "nothing is left at the origin" wait_for 10 nothing_at_origin
owners 4 1 UDP >"$work/owners-udp.txt" 2>&1
check "the same over UDP" never_shared "$(cat "$work/owners-udp.txt")"
echo "     $(tail -n 1 "$work/owners-udp.txt")"

# ---- rules ----------------------------------------------------------------------------------------
"$lab" origin exec ': >/export/xfs/locked; chmod 666 /export/xfs/locked'
ro_try() {
  "$lab" client run -n 1 -v 3 -s "$proxy" -p /export/xfs -o hard -- "python3 - <<'PY'
import fcntl, os
file = os.open('locked', os.O_RDONLY)
fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
print('shared')
PY"
}
check "a shared lock is granted under ro" ro_try

# ---- a client that crashes --------------------------------------------------------------------------
owner C1 1 "$proxy" four try:0:10 try:20:10 hold
wait_for 30 has_said C1 1 '^try:20:10 ok'
owner C2 1 "$proxy" five try hold
wait_for 30 has_said C2 1 '^try ok'
owner S 2 "$proxy" four try:100:10 wait:0:10 unlock:0:10 hold
check "B waits for a lock of a client that crashes" \
  wait_for 20 is_waiting
rm -rf "$guests/client1/statd"
"$lab" client exec -n 1 'mkdir -p /lab/statd; cp -a /var/lib/nfs/. /lab/statd/'
"$lab" client crash 1
wait "${owner_pid[C1]}" "${owner_pid[C2]}" 2>/dev/null
"$lab" client start 1
"$lab" client exec -n 1 'cp -a /lab/statd/. /var/lib/nfs/; sm-notify -f -d' >"$work/sm-notify.out" 2>&1 &
check "it comes back, and says so: B gets the lock" wait_for 60 has_said S 2 '^wait:0:10 ok'
only_b() { listed | grep -q client2 && ! listed | grep -q client1; }
check "nothing of the crashed client is left, and B's other lock stays" wait_for 10 only_b
end_of "$!" 20

# ---- a file of a user's, root squashed --------------------------------------------------------------
user_lock() {
  "$lab" origin exec ': >/export/user; chown 1000:1000 /export/user; chmod 600 /export/user'
  "$lab" client run -n 1 -v 3 -s "$proxy" -o hard -- "exec setpriv --reuid 1000 --regid 1000 \
    --clear-groups /host$ci/lab/lock-owner user /tmp/U try hold" >"$work/user.out" 2>&1 &
  user_pid=$!
  wait_for 30 eval 'listed | grep -q client1' &&
    "${place[@]}" curl -s -X POST "http://127.0.0.1:$port/locks/release?client=$LAB_NET.101" &&
    wait_for 10 eval '! listed | grep -q client1'
}
check "a lock of uid 1000 in a file of mode 0600 is released, as uid 1000" user_lock
# Its client was not told, and would reclaim the lock.
"$lab" client exec -n 1 "pkill -f 'lock-owner user'"
end_of "$user_pid" 20

# ---- the origin crashes -----------------------------------------------------------------------------
owner R 1 "$proxy" six try await:/lab/go-R unlock
wait_for 30 has_said R 1 '^try ok'
"$lab" origin exec sync
"$lab" origin crash
"$lab" origin start -e insecure
reclaimed() { [ "$(origin_locks)" -ge 2 ]; }
check "the origin crashes and comes back: A and B have reclaimed" wait_for 60 reclaimed
check "a direct client is refused what A has reclaimed" refused R-direct 2 "$origin" six
go 1 go-R
gone R
check "A unlocks" contains "$(said R 1)" '^unlock ok'

# ---- a client that never comes back -------------------------------------------------------------------
released() {
  "${place[@]}" curl -s -X POST "http://127.0.0.1:$port/locks/release?client=$LAB_NET.102"
  wait_for 10 eval 'listed | grep -qF "\"locks\":[]"'
}
check "POST /locks/release gives back what B holds" released
check "nothing is left at the origin" nothing_at_origin
kill "${owner_pid[S]}" 2>/dev/null
finish 30
