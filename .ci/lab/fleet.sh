#!/bin/bash
# Three instances behind haproxy: killed in turn under load, drained, and evened out.
#   fleet.sh [--long | SECONDS KILLS CUTS]
#                 --long: three minutes of kills; with a slow origin 100 kills, and 100 times that
#                 haproxy cuts all connections of an instance (180 100 100)
#
# haproxy is the example's, with this lab's addresses; it gives each connection a PROXY v2 header.
# client1 writes with fsync under a lock (4.2) and makes trees (4.1), client2 does the same (4.0) and
# makes trees over v3, client3 holds a read delegation (4.1) and tries client1's lock at the
# origin itself. An instance dies every five seconds and is back a second later.
#
# With PROXY_COMMAND=.ci/byte-pump only the kills are made, and the last check fails: a client that
# comes back while the origin still works on its call sleeps for 15 s.
export LAB_JOB_WAIT=${LAB_JOB_WAIT:-3600} # the loads go on for as long as the kills
. "$(dirname "$0")/common.sh"
. "$ci/lab/load.sh"

kill_seconds=30 slow_kills=9 cuts=15
case "$#$*" in
  0) ;;
  1--long) kill_seconds=180 slow_kills=100 cuts=100 ;;
  3[0-9]*) kill_seconds=$1 slow_kills=$2 cuts=$3 ;;
  *) echo "usage: $0 [--long | SECONDS KILLS CUTS]"; exit 2 ;;
esac
pump=${PROXY_COMMAND:+yes}
names=(a b c)
declare -A at=([a]=$LAB_NET.2 [b]=$LAB_NET.3 [c]=$LAB_NET.4)
guests_without_kerberos
guests_ready insecure 1 2 3

# ---- the fleet ----------------------------------------------------------------------------------
fleet_leave() { [ -z "${balancer_pid:-}" ] || kill "$balancer_pid" 2>/dev/null; }
at_exit=(fleet_leave "${at_exit[@]}")
for name in "${names[@]}"; do
  ip -n "$LAB_NAME" addr replace "${at[$name]}/24" dev br0
  cat >"$work/$name.json" <<JSON
{
  "cluster": { "instance": "$name" },
  "listen": {
    "host": "${at[$name]}", "port": $([ -n "$pump" ] && echo 2050 || echo 2049),
    "proxyProtocol": { "host": "${at[$name]}", "port": 2050, "trusted": ["$proxy"] }
  },
  "admin": { "host": "${at[$name]}", "port": 9049, "actionsFrom": ["$LAB_NET.0/24"] },
  "drain": { "noticeMillis": 1500 },
  "exports": { "parameters": { "squash": "none", "clients": ["$LAB_NET.96/27"] } },
  "backend": { "origin": { "host": "$origin", "localAddresses": ["${at[$name]}"] } }
}
JSON
done
# The example as it stands, with these addresses, a third server, and an address to come from.
sed -e "s/bind :2049/bind $proxy:2049/" -e "s/^    server a .*/    source $proxy\n    server a ${at[a]}:2050/" \
  -e "s/^    server b .*/    server b ${at[b]}:2050\n    server c ${at[c]}:2050/" \
  "$checkout/examples/haproxy/haproxy.cfg" >"$work/haproxy.cfg"
[ -z "$pump" ] || sed -i -e '/httpchk\|disable-on-404/d' -e 's/check port 9049/check/' \
  -e 's/ send-proxy-v2//' "$work/haproxy.cfg"
cat >>"$work/haproxy.cfg" <<CFG
listen stats
    mode http
    bind $proxy:9050
    stats enable
    stats admin if TRUE
    stats uri /
CFG
# An instance starts 200 times, on a machine that does much else: it need not become fast.
[ -n "$pump" ] || proxy_command=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -jar "$jar")
listening() { [ -n "$("${place[@]}" ss -Hltn "src ${at[${starting:-none}]:-$proxy} and sport = :$1")" ]; }
instance_start() {
  starting=$1
  proxy_launch "$1" --config "$work/$1.json"
  { wait_for 120 proxy_serves "$1" 2050 && ! ended "${proxy_pid[$1]}"; } || { tail "$work/$1.err"; return 1; }
}
is_up() { # name: haproxy sends clients there
  "${place[@]}" curl -s --max-time 5 "http://$proxy:9050/;csv" | grep -q "^proxies,$1,.*,UP,"
}
page() { "${place[@]}" curl -sS --max-time 10 "http://${at[$1]}:9049$2"; }
post() { "${place[@]}" curl -sS --max-time 10 -X POST "http://${at[$1]}:9049$2"; }
connections() { page "$1" /clients | grep -o '"address"' | wc -l; }

for name in "${names[@]}"; do instance_start "$name" || exit 1; done
starting=
"${place[@]}" haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.out" 2>"$work/haproxy.err" </dev/null &
balancer_pid=$!
wait_for 10 listening 2049 || { cat "$work/haproxy.err"; exit 1; }
for name in "${names[@]}"; do wait_for 20 is_up "$name"; done

# ---- killed in turn -----------------------------------------------------------------------------
kill_in_turn() { # times seconds-between
  local n name killed
  for ((n = 0; n < $1; n++)); do
    name=${names[n % 3]}
    killed=$(milliseconds)
    proxy_kill "$name"
    sleep "0.$((RANDOM % 8 + 2))"
    instance_start "$name" || return 1
    until [ $(($(milliseconds) - killed)) -ge $(($2 * 1000)) ]; do sleep 0.1; done
  done
}
worst() { load_result "$1" | sed 's/.*worst stall //'; }
held() { # file: a read delegation of client3 at the origin
  "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' |
    grep -qE "type: deleg, access: r.*filename: \"[^\"]*$1\""
}
again() { load_log "$1" | sed -n 's/^again //p'; }

"$lab" origin exec 'rm -rf /export/fleet*; echo held >/export/fleet-held; : >/export/fleet-a; : >/export/fleet-b' || exit 1
v40=(-v 4.0 -s "$proxy") v41=(-v 4.1 -s "$proxy") v42=(-v 4.2 -s "$proxy") v3=(-v 3 -s "$proxy" -o "$v3_ports")
load_start write-4.2 1 write fleet-a "${v42[@]}"
load_start write-4.0 2 write fleet-b "${v40[@]}"
wait_for 30 load_has_lock write-4.2
load_start watch 3 watch fleet-a -v 4.2 -s "$origin"
load_start tree-4.1-once 1 tree fleet-tree41 "${v41[@]}"
load_start tree-3 2 tree fleet-tree3 "${v3[@]}"
load_start hold 3 hold fleet-held "${v41[@]}"
loads=(write-4.2 write-4.0 watch tree-4.1-once tree-3 hold)
all_go_on() { load_goes_on 90 "${loads[@]}"; }
check "six loads of v3, 4.0, 4.1 and 4.2 at work behind haproxy" all_go_on

if [ -z "$pump" ]; then
  true_clients() {
    local address
    for address in 1 2 3; do
      for name in "${names[@]}"; do page "$name" /clients; done |
        grep -q "\"address\":\"$LAB_NET.10$address\",\"port\":[0-9]*,\"balancer\":\"$proxy\"" || return 1
    done
  }
  check "rules and /clients see the true clients, not haproxy" true_clients
fi
held fleet-held && deleg="held" || deleg="not given"
times=$((kill_seconds / 5))
check "$times times kill -9, every 5 s: all go on" eval "kill_in_turn $times 5 && all_go_on"
echo "     delegation before: $deleg, after: $(held fleet-held && echo held || echo gone)"
check "delegation kept at the origin" eval '[ "$deleg" = held ] && held fleet-held'
check "lock held at the origin the whole time: $(load_count watch) times refused" load_ended watch
for name in write-4.2 write-4.0 tree-4.1-once tree-3 hold; do
  check "$name: no error" load_ended $name
  echo "     $name: $(load_result $name)$(again $name | sed 's/^/; met its own work: /')"
done
check "write-4.2: each record once, in order" load_in_order write-4.2 /export/fleet-a
check "write-4.0: each record once, in order" load_in_order write-4.0 /export/fleet-b

# ---- the origin slow, so that a call is being executed when its instance dies ---------------------
freezer='while [ ! -e /lab/thaw ]; do
    fsfreeze -f /export && sleep 0.6; fsfreeze -u /export; sleep 0.4
  done'
rm -f "$guests/origin/thaw"
"$lab" origin exec "$freezer" >"$work/freezer" 2>&1 &
freezer_pid=$!
thaw() {
  touch "$guests/origin/thaw"
  end_of $freezer_pid 20
}
at_exit=(thaw "${at_exit[@]}")
load_start slow-4.1 1 write fleet-slow1 "${v41[@]}"
load_start slow-4.2 2 write fleet-slow2 "${v42[@]}"
load_start slow-4.1b 3 write fleet-slow3 "${v41[@]}"
slow=(slow-4.1 slow-4.2 slow-4.1b)
for name in "${slow[@]}"; do wait_for 30 load_has_lock "$name"; done
told=0 hidden=0
slow_turns() {
  local n name counts
  for ((n = 0; n < slow_kills; n++)); do
    name=${names[n % 3]}
    if [ -z "$pump" ]; then # what it has hidden is forgotten with it
      counts=$(page "$name" /info)
      # shellcheck disable=SC2001 # a part of the text is taken, none is replaced
      hidden=$((hidden + $(sed 's/.*"callsDelayed":\([0-9]*\).*/\1/' <<<"$counts")))
      # shellcheck disable=SC2001 # the same
      told=$((told + $(sed 's/.*"delaysTold":\([0-9]*\).*/\1/' <<<"$counts")))
    fi
    proxy_kill "$name"
    sleep 0.3
    instance_start "$name" || return 1
    sleep "0.$((RANDOM % 8 + 2))"
  done
}
check "$slow_kills times kill -9 while the origin is slow: all go on" \
  eval 'slow_turns && load_goes_on 90 "${slow[@]}"'
# To client and origin a cut is what a kill is, and the instance need not start again.
cut() { # name
  "${place[@]}" curl -s --max-time 5 -o "$work/cut" -d "s=$1&action=shutdown&b=proxies" "http://$proxy:9050/"
}
cut_turns() {
  local n
  for ((n = 0; n < cuts; n++)); do
    cut "${names[n % 3]}" || return 1
    sleep "0.$((RANDOM % 9 + 1))"
  done
}
count() { sed "s/.*\"$1\":\([0-9]*\).*/\1/"; }
check "$cuts times all connections of an instance cut: all go on" \
  eval 'cut_turns && load_goes_on 90 "${slow[@]}"'
[ -n "$pump" ] || for name in "${names[@]}"; do
  counts=$(page "$name" /info)
  hidden=$((hidden + $(count callsDelayed <<<"$counts"))) told=$((told + $(count delaysTold <<<"$counts")))
done
thaw
for name in "${slow[@]}"; do
  check "$name: no error" load_ended "$name"
  echo "     $name: worst stall $(worst "$name" | sed 's/ (.*//')"
done
echo "     SEQUENCE answered DELAY: hidden $hidden times, told $told times"
no_fifteen() {
  local name
  for name in "${slow[@]}"; do
    worst "$name" | awk '{ exit !($1 < 10) }' || { echo "$name: $(load_result "$name")"; return 1; }
  done
}
check "no client slept for 15 s" no_fifteen
[ -z "$pump" ] || finish 17

# ---- drained, and evened out --------------------------------------------------------------------
load_start drain-4.2 1 write fleet-a "${v42[@]}"
load_start drain-4.1-once 2 tree fleet-drain41 "${v41[@]}"
load_start drain-3-once 3 tree fleet-drain3 "${v3[@]}"
load_start drain-4.0-once 3 tree fleet-drain40 "${v40[@]}"
drains=(drain-4.2 drain-4.1-once drain-3-once drain-4.0-once)
load_goes_on 30 "${drains[@]}"
is_empty() { [ "$(connections "$1")" = 0 ]; }
drained() { # name: nobody is left there, and all go on
  [ "$(connections "$1")" -gt 0 ] || echo "($1 had no client)"
  contains "$(post "$1" /drain)" '"draining":true' || return 1
  wait_for 20 is_empty "$1" || { page "$1" /clients; return 1; }
  contains "$(page "$1" /health/ready)" '"ready":false' || return 1
  load_goes_on 30 "${drains[@]}" && sleep 1 && is_empty "$1" || return 1
  post "$1" /undrain && wait_for 20 is_up "$1"
}
for name in "${names[@]}"; do check "drain $name: its clients go elsewhere" drained "$name"; done
stopped() {
  proxy_stop "$1" && load_goes_on 30 "${drains[@]}" && instance_start "$1" && wait_for 20 is_up "$1"
}
check "SIGTERM of a: exit status 0, all go on" stopped a
for name in "${drains[@]}"; do
  check "$name: no error, nothing executed twice" load_ended "$name"
  echo "     $name: $(load_result "$name")"
done

# 30 connections that come back when they are closed; c is away, and returns.
proxy_stop c
"${place[@]}" python3 -I "$ci/lab/callers" "$proxy" 30 >"$work/callers" 2>&1 &
callers=$!
proxy_pid[callers]=$callers
two_have_all() { [ $(($(connections a) + $(connections b))) = 30 ]; }
all_there() { [ $(($(connections a) + $(connections b) + $(connections c))) = 30 ]; }
wait_for 20 two_have_all
before="$(connections a) $(connections b)"
instance_start c
wait_for 20 is_up c
post a "/rebalance?share=0.34" >"$work/shed"
post b "/rebalance?share=0.34" >>"$work/shed"
sleep 3
even() {
  local name n
  wait_for 10 all_there || return 1
  for name in "${names[@]}"; do
    n=$(connections "$name")
    printf '%s ' "$n"
    [ "$n" -ge 8 ] && [ "$n" -le 12 ] || return 1
  done
}
check "rebalance: 30 connections, $before before c returned, within 20 % of even after" even
echo "     $(connections a) $(connections b) $(connections c)"
kill "$callers" && end_of "$callers" 10
unset "proxy_pid[callers]"

# One mount over several instances: what was written through one is read through another.
load_start through 1 through fleet-through -v 4.2 -s "$proxy" -o hard,nconnect=4
load_goes_on 30 through
spread() {
  local name several=0
  for name in "${names[@]}"; do [ "$(connections "$name")" = 0 ] || several=$((several + 1)); done
  [ $several -ge 2 ]
}
check "nconnect=4: over at least two instances" spread
sleep 5
check "nconnect=4: no stale read" load_ended through
echo "     through: $(load_result through)"
for name in "${names[@]}"; do proxy_stop "$name"; done
finish 29
