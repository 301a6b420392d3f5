#!/bin/bash
# Three instances in a cluster before NFS-Ganesha: one that joins lists what the others found and asks
# the origin less; what clients feel when a member is killed, stopped, or cut off; what an instance
# without a cluster pays: nothing. The figures are printed, and asserted with generous bounds only.
. "$(dirname "$0")/common.sh"
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for Ganesha and routes" >&2; exit 1; }
seen=22049 seen_mount=22048 calls=$work/calls
declare -A nfs=([a]=20521 [b]=20522 [c]=20523 [alone]=20524)
declare -A member=([a]=10.98.254.1 [b]=10.98.254.2 [c]=10.98.254.3)
declare -A admin=([a]=9061 [b]=9062 [c]=9063 [alone]=9064)
loggers=()
loggers_leave() { kill "${loggers[@]}" 2>/dev/null; }
at_exit+=(loggers_leave)

# Members have addresses of their own, which rules of routing can cut off.
for address in "${member[@]}"; do ip addr add "$address/24" dev lan; done
ip rule add pref 100 lookup local && ip rule del pref 0 || exit 1

ganesha_start
: >"$calls"
"$ci/call-log" $seen "$ganesha" "$calls" >"$work/call-log.out" 2>&1 3>&- &
loggers+=($!)
"$ci/call-log" $seen_mount "$ganesha_mount" "$calls" >"$work/call-log-mount.out" 2>&1 3>&- &
loggers+=($!)
wait_for 10 listening $seen && wait_for 10 listening $seen_mount || exit 1

configure() { # name cluster
  cat >"$work/$1.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": ${nfs[$1]} },
  "exports": { "parameters": { "squash": "none" } },
  "discovery": { "refreshMillis": 3600000 },
  "admin": { "port": ${admin[$1]} },
  "cluster": $2,
  "backend": { "origin": { "host": "127.0.0.1", "port": $seen, "ports": { "mount": $seen_mount } } }
}
JSON
}
configure alone '{ "enabled": false }'
for name in a b c; do
  configure $name "{ \"enabled\": true, \"instance\": \"$name\", \"host\": \"${member[$name]}/32\",
    \"backOffMillis\": 3000, \"join\": { \"tcpIp\": [\"${member[a]}\", \"${member[b]}:5701\", \"${member[c]}\"] } }"
done
page() { curl -sS --max-time 10 "http://127.0.0.1:${admin[$1]}/$2"; }
state() { page "$1" health/cluster | jq -r .state; }
members() { page "$1" health/cluster | jq '.instances | length'; }
# By the origin's names: Ganesha shows three of its exports as one filesystem, with three paths.
found() { page "$1" exports | jq -c '[.[] | select(.path != "/") | .fsid.nfs4] | unique'; }
is_joined() { [ "$(state "$1")" = joined ] && [ "$(members "$1")" = "$2" ]; } 2>/dev/null
is_local() { [ "$(state "$1")" = local-only ]; } 2>/dev/null
resident() { awk '/VmRSS/ { printf "%d MiB", $2 / 1024 }' "/proc/${proxy_pid[$1]}/status"; }
run() { # name: until it answers; sets seconds
  proxy_launch "$1" --config "$work/$1.json"
  seconds=$("$ci/null-call" 127.0.0.1 "${nfs[$1]}" 30)
}
counted() { wc -l <"$calls"; }
mounts() { grep -c '^100005 [0-9]* 1$' "$calls"; }
settled() { # no more calls for a second
  local before
  before=$(counted)
  sleep 1
  [ "$(counted)" = "$before" ]
}
found_all() { [ "$(found "$1" | jq length)" = 2 ]; } 2>/dev/null

# ---- without a cluster --------------------------------------------------------------------------
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java -Xlog:class+load:file="$work/classes" -jar "$jar")
run alone
wait_for 30 found_all alone && wait_for 30 settled
asked_alone=$(counted) mounts_alone=$(mounts)
no_hazelcast() {
  [ "$(wc -l <"$work/classes")" -gt 1000 ] && ! grep com.hazelcast "$work/classes" | head -n 3 | grep .
}
check "without a cluster no class of Hazelcast is loaded" no_hazelcast
alone_rss=$(resident alone)
proxy_stop alone
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java -jar "$jar")
times=
for _ in 1 2 3; do run alone; times+=" $seconds"; proxy_kill alone; done
echo "     without a cluster: answers after$times s, $alone_rss; looks at the origin with $asked_alone calls, $mounts_alone MNT"

# ---- joining ------------------------------------------------------------------------------------
run a
wait_for 30 found_all a && wait_for 60 settled
first=$seconds
serves_at_once() { [ "${first%.*}" -lt 20 ]; }
check "the first instance answers before its cluster is there ($first s)" serves_at_once
alone_says_so() { wait_for 60 page_says_alone; }
page_says_alone() { page a health/cluster | jq -e '.state == "local-only" and .why == "no other instance is there"'; } >/dev/null 2>&1
check "it is local-only, and says why" alone_says_so
before=$(counted) mounts_before=$(mounts) launched=$(milliseconds)
run b
second=$seconds
joins() { wait_for 60 is_joined b 2 || { page b health/cluster; return 1; }; }
check "the second joins" joins
echo "     the second: answers after $second s, joined after $(seconds_since "$launched") s"
lists_the_same() { found_all a && equal "$(found a)" "$(found b)"; }
check "it lists the filesystems that the first found: $(found a)" lists_the_same
wait_for 30 settled
asked_joined=$(($(counted) - before)) mounts_joined=$(($(mounts) - mounts_before))
asks_less() { [ $asked_joined -lt "$asked_alone" ] && equal 0 $mounts_joined; }
check "and has asked the origin for none of them: $asked_joined calls, $mounts_joined MNT (alone: $asked_alone, $mounts_alone)" asks_less
run c
three() { wait_for 60 is_joined a 3 && wait_for 60 is_joined b 3 && wait_for 60 is_joined c 3; }
check "three instances are joined" three
echo "     resident with a cluster: a $(resident a), b $(resident b), c $(resident c); without: $alone_rss"

# ---- faults -------------------------------------------------------------------------------------
# What a client of b feels in the ten seconds after.
feels() { # what
  check "$1: no error, none waits five seconds" unhurt
  echo "     $1: $(tail -n 1 "$work/latencies")"
}
unhurt() {
  wait "$load" || { cat "$work/latencies"; return 1; }
  contains "$(<"$work/latencies")" ' 0 errors, .*max ([0-9]{1,3}|[1-4][0-9]{3})\.'
}
load_begins() {
  "$ci/latencies" "${nfs[b]}" /export 10 >"$work/latencies" 2>&1 3>&- &
  load=$!
}
load_begins
feels "without a fault"

load_begins
proxy_kill a
was_local() { wait_for 20 is_local b || { page b health/cluster; return 1; }; }
check "after SIGKILL of a, b is local-only" was_local
feels "SIGKILL of a member"
back() { wait_for "$2" is_joined b "$1" || { page b health/cluster; return 1; }; }
check "and is joined again, with c" back 2 30
run a
check "a comes back" back 3 60

load_begins
kill -STOP "${proxy_pid[c]}"
feels "SIGSTOP of a member"
check "c, silent for longer than its heartbeat, is left behind" was_local
check "and b is joined again, with a" back 2 40
kill -CONT "${proxy_pid[c]}"
check "c goes on, and comes back" back 3 90

# Every packet to b's address and from it is lost.
cut_b() { # add or del
  ip rule "$1" pref 10 to 10.98.254.2 blackhole && ip rule "$1" pref 11 from 10.98.254.2 blackhole
}
load_begins
cut_b add
feels "b cut off from the others"
cut_off() { wait_for 60 page_b_alone; }
page_b_alone() { page b health/cluster | jq -e '.state == "local-only" and (.instances | length) == 1'; } >/dev/null 2>&1
check "b is alone, local-only" cut_off
check "and lists what it did" lists_the_same
load_begins
feels "b alone"
cut_b del
check "when it is reached again, it comes back" back 3 120
finish 21
