#!/bin/bash
# Reserved ports: 350 clients over a restart of the proxy, and a flood of short connections, before an
# origin that takes calls from ports below 1024 only. The clients are not kernels: `comers`.
. "$(dirname "$0")/common.sh"
clients=350
# When clients come back, they wait 3 s, 6 s and 12 s for a JVM that shares two cores with them. TIME_WAIT is 60 s.
worst_seconds=12
worst_after_stop=30

guests_without_kerberos
guests_ready secure
# knfsd closes the oldest connections beyond (threads + 3) * 20.
"$lab" origin exec 'cat /proc/fs/nfsd/threads >/run/threads; echo 24 >/proc/fs/nfsd/threads' || exit 1
threads_back() { "$lab" origin exec 'cat /run/threads >/proc/fs/nfsd/threads'; }
at_exit=(threads_back "${at_exit[@]}")
to_origin() { "${place[@]}" ss -Htan "$@" "dst $origin:2049" | wc -l; }

comers() { # name arguments...
  local name=$1
  shift
  "${place[@]}" python3 -I "$ci/lab/comers" "$@" >>"$work/$name.out" 2>&1 &
  # shellcheck disable=SC2004 # by name, not by number: common.sh declares it so
  proxy_pid[$name]=$!
}
said() { grep -q "$2" "$work/$1.out" || ended "${proxy_pid[$1]}"; }

# Whoever went to the origin by itself in a check before has left TIME_WAIT behind.
none_left() { [ "$(to_origin)" = 0 ]; }
wait_for 90 none_left
proxy_before "$origin"
comers stay stay "$proxy" $clients
wait_for 60 said stay connected
check "$clients clients have an answer, each from a port of its own" \
  eval 'contains "$(cat "$work/stay.out")" "^$clients connected" && [ "$(to_origin state established)" -ge $clients ]'

again() { # what seconds: all of them, and how long it took
  local result
  wait_for 100 said stay "again, "
  result=$(sed -n 's/.* again, //p' "$work/stay.out")
  echo "     $1: $(cat "$work/stay.out")"
  contains "$(cat "$work/stay.out")" "^$clients of $clients again" &&
    awk -v most="$2" '{ exit !($5 + 0 <= most) }' <<<"$result"
}
restart() { # KILL|TERM seconds
  local left
  : >"$work/stay.out"
  kill -USR1 "${proxy_pid[stay]}"
  if [ "$1" = KILL ]; then proxy_kill proxy; else proxy_stop proxy; fi
  left=$(to_origin)
  proxy_before "$origin"
  again "$1" "$2" && equal "0 ports still taken" "$left ports still taken"
}
check "kill -9 and a restart: all again within $worst_seconds s" restart KILL $worst_seconds
grep -h again "$work/said"
# A stop lets clients go one by one; those that come back meanwhile are sent away again, and wait longer.
check "SIGTERM and a restart: all again within $worst_after_stop s" restart TERM $worst_after_stop
grep -h again "$work/said"
proxy_kill stay
gone() { [ "$(to_origin)" -le 1 ]; }
check "clients that were killed leave no port taken" wait_for 10 gone

strangers() {
  local pids=() n
  for n in {1..50}; do
    "${place[@]}" bash -c "exec 3<>/dev/tcp/$proxy/2049; sleep 1" &
    pids+=($!)
  done
  sleep 0.5
  n=$(to_origin state established)
  wait "${pids[@]}"
  [ "$n" -le 1 ] || { echo "$n connections to the origin"; return 1; }
}
check "50 connections without a call take no port" strangers

# Twice what 359 ports would carry if each were taken for 60 s afterwards.
comers flood flood "$proxy" 45 12
check "12 short connections a second: all answered, and no client waits 2 s" eval '
  end_of "${proxy_pid[flood]}" 90 && unset "proxy_pid[flood]" &&
  contains "$(cat "$work/flood.out")" "^flood: ([0-9]+) of \1 answered; clients: ([0-9]+) of \2, worst [01]\."'
echo "     $(cat "$work/flood.out")"

# One address takes what it can; then another one comes.
comers greedy greedy "$proxy" 400
wait_for 30 said greedy connected
newcomer() { "${place[@]}" python3 -I "$ci/lab/comers" one "$proxy" 127.7.0.1; }
check "one address with 400 connections: a client that comes has its answer" newcomer
contains "$(cat "$work"/proxy.err "$work"/proxy.out)" "WARN .*below 1024.*backend.origin.localAddresses" >"$work/said"
check "the log names the cure" test $? = 0
proxy_kill greedy
proxy_stop proxy
finish 8
