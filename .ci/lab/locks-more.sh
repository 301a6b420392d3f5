#!/bin/bash
# The rest of what locks.sh shows, by hand, some minutes: NFSv4 beside NFSv3, delegations, grants that do not
# arrive, a lost journal, the origin's crash under one that waits, IPv6, NFS-Ganesha as the origin.
#   locks-more.sh [PART...]     versions delegation callbacks journal crash ipv6 ganesha; all of them
. "$(dirname "$0")/common.sh"

guests_without_kerberos
guests_ready insecure 1 2
. "$(dirname "$0")/locks-common.sh"
due=0
read -r -a parts <<<"${*:-versions delegation callbacks journal crash ipv6 ganesha}"

# Who asks for what another holds is refused, then waits, and gets it when the holder unlocks.
hands_over() { # holder-version holder-server asker-version asker-server
  local name=$1$3${2##*.}${4##*.}
  version=$1 owner "H$name" 1 "$2" "versions$name" try "await:/lab/go-H$name" unlock
  wait_for 40 has_said "H$name" 1 '^try ok' || { echo "the holder: $(said "H$name" 1)"; return 1; }
  version=$3 owner "A$name" 2 "$4" "versions$name" try wait unlock
  wait_for 40 has_said "A$name" 2 '^try EAGAIN' || { echo "the asker: $(said "A$name" 2)"; return 1; }
  sleep 1 # until the second request is there
  go 1 "go-H$name"
  wait_for 60 has_said "A$name" 2 '^wait ok' || { echo "the waiter: $(said "A$name" 2)"; return 1; }
  gone "H$name" && gone "A$name"
}
step() { # what command...
  due=$((due + 1))
  check "$@"
}

versions() {
  proxy_with_locks
  local row
  for row in "4.2 $proxy 3 $proxy" "3 $proxy 4.2 $proxy" "4.2 $origin 3 $proxy" "3 $proxy 4.2 $origin" \
    "4.1 $proxy 3 $origin" "3 $origin 3 $proxy"; do
    read -r -a each <<<"$row"
    step "v${each[0]} at ${each[1]} holds, v${each[2]} at ${each[3]} waits for it" hands_over "${each[@]}"
    echo "     $(after "H${each[0]}${each[2]}${each[1]##*.}${each[3]##*.}" 1 \
      "A${each[0]}${each[2]}${each[1]##*.}${each[3]##*.}" 2) s from the unlock"
  done
  step "nothing is left at the origin" wait_for 10 nothing_at_origin
  proxy_stop proxy
}

delegation() {
  proxy_with_locks
  rm -f "$guests/client1"/{reading,stop-reading}
  "$lab" client run -n 1 -v 4.1 -s "$proxy" -- '
    touch delegated; for n in 1 2 3; do cat delegated ID >/dev/null; sleep 0.3; done
    exec 3<delegated; cat <&3; touch /lab/reading; until [ -e /lab/stop-reading ]; do sleep 0.1; done' \
    >"$work/reader" 2>&1 &
  local pid=$!
  wait_for 40 test -e "$guests/client1/reading"
  delegated() { "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' | grep -q 'type: deleg, access: r.*delegated'; }
  step "a v4 client has a delegation" delegated
  owner L 2 "$proxy" delegated try unlock
  step "a v3 client locks that file" wait_for 40 has_said L 2 '^try ok'
  echo "     in $(took L 2 try) s"
  step "the delegation was recalled" eval '! delegated'
  touch "$guests/client1/stop-reading"
  end_of $pid 30
  gone L
  proxy_stop proxy
}

# B waits, A unlocks, and B is not told, or not by whom it takes it from: B asks itself after 30 seconds.
waits_for_its_poll() { # name command...: done when B waits
  owner "P$1" 1 "$proxy" "poll$1" try "await:/lab/go-P$1" unlock
  wait_for 40 has_said "P$1" 1 '^try ok' || return 1
  owner "Q$1" 2 "$proxy" "poll$1" wait unlock
  wait_for 40 is_waiting || return 1
  "${@:2}"
  go 1 "go-P$1"
  wait_for 60 has_said "Q$1" 2 '^wait ok' || { echo "the waiter: $(said "Q$1" 2)"; return 1; }
  gone "P$1" && gone "Q$1"
}
callbacks() {
  proxy_with_locks
  no_portmapper() { "$lab" client exec -n 2 'kill $(pidof rpcbind)'; }
  step "the waiter's portmapper is away: it gets the lock at its own question" \
    waits_for_its_poll lost no_portmapper
  echo "     $(took Qlost 2 wait) s after it asked; unreachable: $(measured 'nfs_proxy_locks_grants_total.*unreachable')"
  "$lab" client stop 2 # what was registered there is gone too
  "$lab" client start 2
  proxy_stop proxy
  ip -n "$LAB_NAME" addr replace "$LAB_NET.2/24" dev br0
  proxy_with_locks "\"callbackFrom\": \"$LAB_NET.2\""
  step "it is called from an address that it did not mount: the same" waits_for_its_poll other true
  echo "     $(took Qother 2 wait) s after it asked"
  step "nothing is left at the origin" wait_for 10 nothing_at_origin
  proxy_stop proxy
  ip -n "$LAB_NAME" addr del "$LAB_NET.2/24" dev br0
}

journal() {
  proxy_with_locks
  owner J 1 "$proxy" journal try await:/lab/go-J unlock
  wait_for 40 has_said J 1 '^try ok'
  proxy_kill proxy
  rm -rf "$state"
  proxy_with_locks
  knows_nothing() { equal '{"enabled":true,"locks":[]}' "$(listed)"; }
  step "the journal is gone: the proxy knows of nothing" wait_for 10 knows_nothing
  step "and B is refused all the same" refused J-other 2 "$proxy" journal
  go 1 go-J
  gone J
  step "A unlocks, and nothing is left at the origin" wait_for 10 nothing_at_origin
  proxy_stop proxy
}

crash() {
  proxy_with_locks
  owner R 1 "$proxy" crash try:0:10 await:/lab/go-R unlock:0:10
  wait_for 40 has_said R 1 '^try:0:10 ok'
  owner S 2 "$proxy" crash try:50:10 wait:0:10 unlock
  wait_for 40 is_waiting
  "$lab" origin exec sync
  "$lab" origin crash
  "$lab" origin start -e insecure
  both() { [ "$(origin_locks)" -ge 2 ]; }
  step "the origin crashes under two that hold and one that waits: both reclaim" wait_for 90 both
  step "a third is refused what they have" refused R-third 2 "$origin" crash
  # it may ask anew in the grace period, and again five seconds later
  sleep 12
  go 1 go-R
  step "A unlocks, and the one that waited has it" wait_for 60 has_said S 2 '^wait:0:10 ok'
  echo "     $(said R 1 | awk '/^unlock/ { print $4 }') unlock, $(said S 2 | awk '/^wait/ { print $4 }') granted"
  gone R
  gone S
  step "nothing is left at the origin" wait_for 10 nothing_at_origin
  proxy_stop proxy
}

ipv6() {
  local prefix=fd00:98:0 n
  address_of_guest() { # address: for the only interface that is not lo
    echo "dev=\$(ip -o link | awk -F': ' '/vec0|eth0/ { print \$2; exit }')
      ip -6 addr replace $1/64 dev \$dev nodad"
  }
  ip -n "$LAB_NAME" -6 addr replace $prefix::1/64 dev br0 nodad
  "$lab" origin exec "$(address_of_guest $prefix::10)"
  for n in 1 2; do "$lab" client exec -n $n "$(address_of_guest $prefix::10$n)"; done
  lock_origin=$prefix::10 lock_listen=$prefix::1
  proxy_with_locks
  options=hard,proto=tcp6,mountproto=tcp6
  owner V 1 "[$prefix::1]" six try await:/lab/go-V unlock
  step "IPv6 on both sides: A locks" wait_for 60 has_said V 1 '^try ok'
  owner VW 2 "[$prefix::1]" six try wait unlock
  step "B is refused" wait_for 60 has_said VW 2 '^try EAGAIN'
  wait_for 20 is_waiting
  go 1 go-V
  step "B waits and is called back over IPv6" wait_for 20 has_said VW 2 '^wait ok'
  echo "     B runs $(after V 1 VW 2) s after A's unlock"
  gone V
  gone VW
  step "nothing is left at the origin" wait_for 10 nothing_at_origin
  options=hard lock_origin=$origin lock_listen=$proxy
  proxy_stop proxy
}

# Ganesha has a network namespace of its own at the lab's bridge, with a portmapper and a status monitor.
ganesha() {
  local ns=$LAB_NAME-g address=$LAB_NET.30 pid
  command -v ganesha.nfsd >/dev/null || { step "NFS-Ganesha is installed" false; return; }
  mkdir -p "$work/ganesha/export"
  : >"$work/ganesha/export/owners"
  chmod -R a+rwX "$work/ganesha/export"
  cat >"$work/ganesha/conf" <<CONF
NFS_CORE_PARAM { Enable_NLM = true; NLM_Port = 4045; MNT_Port = 20048; Enable_RQUOTA = false; Protocols = 3, 4; }
NFSV4 { RecoveryRoot = $work/ganesha; Grace_Period = 5; Lease_Lifetime = 5; }
EXPORT { Export_Id = 1; Path = $work/ganesha/export; Pseudo = /export; Access_Type = RW; Squash = None;
  SecType = sys; FSAL { Name = VFS; } }
CONF
  ip netns add "$ns"
  ip link add "$ns" type veth peer name eth0 netns "$ns"
  ip link set "$ns" netns "$LAB_NAME"
  ip -n "$LAB_NAME" link set "$ns" master br0 up
  ip -n "$ns" addr add "$address/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" link set lo up
  ip netns exec "$ns" unshare -m bash -c "
    mount -t tmpfs tmpfs /run && mkdir -p /run/rpcbind /run/ganesha && mount --bind '$work/ganesha' /var/lib/nfs
    mkdir -p /var/lib/nfs/sm /var/lib/nfs/sm.bak
    rpcbind -f -w & rpcbind=\$!
    sleep 1; rpc.statd -F --no-notify & statd=\$!
    trap 'kill \$ganesha \$statd \$rpcbind' TERM
    sleep 1; ganesha.nfsd -F -f '$work/ganesha/conf' -L '$work/ganesha/log' -p /run/ganesha.pid & ganesha=\$!
    wait" >"$work/ganesha.out" 2>&1 &
  pid=$!
  serves() { ip netns exec "$ns" ss -Hltn 'sport = :4045' | grep -q .; }
  if ! wait_for 30 serves; then
    tail -n 5 "$work/ganesha/log" "$work/ganesha.out"
    step "Ganesha serves NLM" false
  fi
  sleep 8 # its grace period
  lock_origin=$address
  proxy_with_locks
  addresses 200 8
  "${place[@]}" "$ci/lab/nlm-owners" "$proxy" "$work/ganesha/export/owners" "$LAB_NET.200" 8 10 >"$work/g.txt" 2>&1
  step "Ganesha as origin: 8 addresses with svid 0 and one name never share a lock" \
    never_shared "$(tail -n 1 "$work/g.txt")"
  echo "     $(tail -n 1 "$work/g.txt")"
  step "GET /locks is empty" equal '{"enabled":true,"locks":[]}' "$(listed)"
  lab_path() { "$lab" client run -n "$1" -v 3 -s "$proxy" -p "$work/ganesha/export" -o hard -- \
    "exec /host$ci/lab/lock-owner two /lab/$2 ${*:3}" >"$work/owner-$2.out" 2>&1 & owner_pid[$2]=$!; }
  rm -f "$guests"/client[12]/{G,GW,go-G}
  lab_path 1 G try await:/lab/go-G unlock
  wait_for 40 has_said G 1 '^try ok'
  lab_path 2 GW try wait unlock
  step "Linux clients: B is refused" wait_for 40 has_said GW 2 '^try EAGAIN'
  wait_for 20 is_waiting
  go 1 go-G
  step "B waits, and gets it" wait_for 60 has_said GW 2 '^wait ok'
  echo "     B runs $(after G 1 GW 2) s after A's unlock"
  gone G
  gone GW
  lock_origin=$origin
  proxy_stop proxy
  kill "$pid"
  wait "$pid" 2>/dev/null
  ip netns del "$ns"
}

for part in "${parts[@]}"; do "$part"; done
finish "$due"
