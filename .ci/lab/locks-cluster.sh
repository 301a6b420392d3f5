#!/bin/bash
# NFSv3 locks through two instances, each on a machine of its own as far as the network goes, and a lock address that
# is moved from one to the other: client1 mounts the first, client2 the second.
#   locks-cluster.sh             a sample of all
#   locks-cluster.sh --long      a client's crash too, the origin's, 20 kills and moves under load, an address that comes and goes
. "$(dirname "$0")/common.sh"

long=
[ "${1:-}" != --long ] || long=1
guests_without_kerberos
guests_ready insecure 1 2
. "$(dirname "$0")/locks-common.sh"
lock_address=$LAB_NET.33
declare -A at=([1]=$LAB_NET.31 [2]=$LAB_NET.32)
lab_place=("${place[@]}")

# ---- two machines -----------------------------------------------------------------------------------
ns() { echo "$LAB_NAME-i$1"; }
on() { ip netns exec "$(ns "$1")" "${@:2}"; } # instance command...
machine() { # instance
  local name
  name=$(ns "$1")
  ip netns add "$name" && ip link add "$name" type veth peer name eth0 netns "$name" &&
    ip link set "$name" netns "$LAB_NAME" && ip -n "$LAB_NAME" link set "$name" master br0 up &&
    ip -n "$name" addr add "${at[$1]}/24" dev eth0 && ip -n "$name" link set eth0 up && ip -n "$name" link set lo up
}
machines_leave() {
  local n
  for n in 1 2; do
    ip -n "$LAB_NAME" link del "$(ns $n)" 2>/dev/null
    ip netns del "$(ns $n)" 2>/dev/null
  done
}
at_exit+=(machines_leave)
machines_leave
for n in 1 2; do machine $n || exit 1; done
(umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/secret")

instance_configured() { # instance
  cat >"$work/instance$1.json" <<JSON
{ "listen": { "portmap": { "enabled": true } },
  "exports": { "parameters": { "squash": "none" } },
  "cluster": { "enabled": true, "name": "locks", "instance": "i$1", "host": "${at[$1]}", "backOffMillis": 1000,
               "join": { "tcpIp": [ "${at[1]}", "${at[2]}" ] } },
  "locks": { "enabled": true, "stateDirectory": "$work/state$1", "address": "$lock_address",
             "secretFile": "$work/secret" },
  "backend": { "origin": { "host": "$origin" } } }
JSON
}
instance_start() { # instance
  place=(ip netns exec "$(ns "$1")")
  proxy_start "i$1" 4045 --config "$work/instance$1.json" || exit 1
  place=("${lab_place[@]}")
}
address_to() { # instance: moved by hand, as VRRP would
  ip -n "$(ns $((3 - $1)))" addr del "$lock_address/32" dev eth0 2>/dev/null
  ip -n "$(ns "$1")" addr add "$lock_address/32" dev eth0 2>/dev/null
  on "$1" "$ci/lab/announce" eth0 "$lock_address"
}
page() { on "$1" curl -s --max-time 5 "http://127.0.0.1:9049$2" "${@:3}"; } # instance path
listed() { page "$owner_now" /locks; }
is_owner() { page "$1" /locks | grep -q '"locks":\['; }
knows_owner() { page "$1" /locks | grep -q "\"owner\":\"i$2\""; } # instance owner
owned_by() { # instance, and the other one knows
  owner_now=$1
  wait_for 20 is_owner "$1" && wait_for 20 knows_owner $((3 - $1)) "$1"
}
joined() { page 1 /health/cluster | grep -q '"state":"joined"' && page 2 /health/cluster | grep -q '"state":"joined"'; }
none_listed() { equal '{"enabled":true,"locks":[]}' "$(listed)"; }

for n in 1 2; do instance_configured $n; done
address_to 1
for n in 1 2; do instance_start $n; done
check "two instances; the one that has the lock address is the owner, and the other one knows" eval \
  'wait_for 60 joined && owned_by 1'

# ---- one lock, and the owner killed -----------------------------------------------------------------
owner A 1 "${at[1]}" one try await:/lab/go-A unlock
check "A locks through the first" wait_for 30 has_said A 1 '^try ok'
check "B, through the second, is refused" refused B 2 "${at[2]}" one
owner W 2 "${at[2]}" one wait unlock
check "B waits" wait_for 20 is_waiting
before=$(origin_locks)
proxy_kill i1
address_to 2
check "the owner is killed, and the second has the address: it is the owner" eval 'owner_now=2; wait_for 20 is_owner 2'
check "the origin's locks are unchanged" equal "$before" "$(origin_locks)"
check "it knows of both" contains "$(listed)" '"client":.*"client":'
instance_start 1
wait_for 30 knows_owner 1 2
go 1 go-A
# The origin may still have its way to the machine that had the address: B gets it by a grant, or at its own question.
check "A unlocks through the first, which is back: B gets it" wait_for 45 has_said W 2 '^wait ok'
echo "     B runs $(after A 1 W 2) s after A's unlock"
gone A; gone W
check "nothing is left at the origin, nor in GET /locks" eval 'nothing_at_origin && none_listed'

# ---- one that is not the owner is killed ------------------------------------------------------------
owner K 1 "${at[1]}" two try await:/lab/go-K unlock
wait_for 30 has_said K 1 '^try ok'
proxy_kill i1
check "one that is not the owner is killed: nothing is lost" contains "$(listed)" '"client":"'"$LAB_NET"'.101"'
instance_start 1
wait_for 30 knows_owner 1 2
go 1 go-K
gone K
check "its client unlocks when it is back" nothing_at_origin

# ---- a client crashes while the address moves ---------------------------------------------------------
if [ -z "$long" ]; then
  address_to 1
  check "the address moves back to the first" owned_by 1
else
  owner C 1 "${at[1]}" three try:0:10 try:20:10 hold
  wait_for 30 has_said C 1 '^try:20:10 ok'
  owner S 2 "${at[2]}" three try:100:10 wait:0:10 await:/lab/go-S unlock
  wait_for 30 has_said S 2 '^try:100:10 ok'
  wait_for 20 is_waiting
  rm -rf "$guests/client1/statd"
  "$lab" client exec -n 1 'mkdir -p /lab/statd; cp -a /var/lib/nfs/. /lab/statd/'
  "$lab" client crash 1
  wait "${owner_pid[C]}" 2>/dev/null
  address_to 1
  check "a client crashes, and the address moves back to the first" owned_by 1
  "$lab" client start 1
  "$lab" client exec -n 1 'cp -a /lab/statd/. /var/lib/nfs/'
  "$lab" client exec -n 1 'sm-notify -f -d' >"$work/sm-notify.out" 2>&1 &
  notify=$!
  only_b() { listed | grep -q client2 && ! listed | grep -q client1; }
  check "it comes back, and says so: nothing of it is left, and B's lock stays" wait_for 60 only_b
  check "B has what it waited for" wait_for 60 has_said S 2 '^wait:0:10 ok'
  end_of $notify 20
  go 2 go-S
  gone S
  check "nothing is left at the origin" wait_for 10 nothing_at_origin
fi

# ---- what only an owner answers --------------------------------------------------------------------
elsewhere() { contains "$(page 2 "/locks/release?client=$LAB_NET.102" -X POST)" 'instance i1 has the locks'; }
check "POST /locks/release at the other one tells where the owner is" elsewhere
no_word() { # what a stranger who knows no secret gets at the forwarding port: a challenge, and an end
  local said
  said=$("${place[@]}" timeout 5 bash -c "exec 5<>/dev/tcp/$lock_address/4046; printf '\\200\\0\\0\\10\\0\\0\\0\\5\\0\\0\\0\\1' >&5; wc -c <&5")
  equal 44 "$said"
}
check "a stranger at the forwarding port is told a challenge, and nothing more" no_word

# ---- many owners, kills and moves -------------------------------------------------------------------
addresses 200 24
"$lab" origin exec ': >/export/owners; chmod 666 /export/owners'
"${place[@]}" "$ci/lab/nlm-owners" "${at[1]},${at[2]}" /export/owners "$LAB_NET.200" 24 "until:$work/enough" \
  >"$work/owners.txt" 2>&1 &
owners_pid=$!
wait_for 60 grep -qs begun "$work/owners.txt"
moves=${long:+20}
for ((i = 1; i <= ${moves:-2}; i++)); do
  sleep "$((RANDOM % 2)).$((RANDOM % 10))"
  other=$((3 - owner_now))
  if [ $((i % 2)) = 1 ]; then # killed, and back
    proxy_kill "i$owner_now"
    address_to $other
    instance_start $((3 - other))
  else # just moved
    address_to $other
  fi
  owned_by $other || failed "no owner after move $i"
  wait_for 30 joined || failed "not joined after move $i"
done
if [ -n "$long" ]; then
  for ((i = 1; i <= 20; i++)); do # faster than the other one can begin, now and then
    address_to $((1 + i % 2))
    sleep 3
  done
  owned_by $((1 + (i - 1) % 2)) || failed "no owner after the address came and went"
fi
sleep 1
: >"$work/enough"
end_of $owners_pid 120
check "24 addresses at two instances, one name and svid 0: no two share a lock, over ${moves:-2} kills and moves" \
  never_shared "$(tail -n 1 "$work/owners.txt")"
echo "     $(tail -n 1 "$work/owners.txt")"
check "nothing is left at the origin" wait_for 20 nothing_at_origin
check "nor in GET /locks" wait_for 10 none_listed

# ---- the origin crashes, and the address moves meanwhile ---------------------------------------------
[ -n "$long" ] || finish 17
owner R 1 "${at[1]}" six try await:/lab/go-R unlock
owner Q 2 "${at[2]}" seven try await:/lab/go-Q unlock
wait_for 30 has_said R 1 '^try ok'
wait_for 30 has_said Q 2 '^try ok'
"$lab" origin exec sync
"$lab" origin crash
address_to $((3 - owner_now))
check "the origin crashes, and the address moves" owned_by $((3 - owner_now))
"$lab" origin start -e insecure
reclaimed() { [ "$(origin_locks)" -ge 2 ]; }
check "it comes back: both clients have reclaimed" wait_for 90 reclaimed
check "a direct client is refused what A has reclaimed" refused R-direct 2 "$origin" six
go 1 go-R
go 2 go-Q
gone R
gone Q
check "nothing is left at the origin" wait_for 20 nothing_at_origin
finish 24
