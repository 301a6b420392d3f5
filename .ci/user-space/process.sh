#!/bin/bash
# The process: from `java -jar` to the first answer, what it writes, SIGTERM with a call in flight,
# a port that is taken; on each Java of 17 and 25 that the machine has. Then one whose listening socket
# outlives it, as with systemd's socket activation, under kill -9.
. "$(dirname "$0")/common.sh"

origin_port=20512
null_origin $origin_port 2
call_reached_origin() { [ "$(grep -c '^call' "$work/origin-$origin_port.out")" -gt "$calls" ]; }
answered() {
  proxy_launch proxy --config "$work/proxy.json"
  seconds=$("$ci/null-call" 127.0.0.1 "$port" 30)
}
origin_is_logged() { grep -q " INFO  \[server\] origin 127.0.0.1 port $demo_port: NFS 3" "$work/proxy.err"; }
only_information() {
  wait_for 10 origin_is_logged || { cat "$work/proxy.err"; return 1; }
  ! grep -vE '^[0-9-]+ [0-9:.]+ INFO ' "$work/proxy.err" && equal "" "$(<"$work/proxy.out")"
}
# While a call is in flight: no new connection, the reply still comes, exit status 0.
ends_in_order() {
  local caller
  calls=$(grep -c '^call' "$work/origin-$origin_port.out")
  "$ci/null-call" 127.0.0.1 "$port" >"$work/caller" 2>&1 &
  caller=$!
  wait_for 10 call_reached_origin || return 1
  kill -TERM "${proxy_pid[proxy]}"
  wait_for 1 not_listening || { echo "it goes on listening"; return 1; }
  ! ended "${proxy_pid[proxy]}" || { echo "it did not wait for the call"; return 1; }
  end_of $caller 20 || { cat "$work/caller"; return 1; }
  end_of "${proxy_pid[proxy]}" 15
  equal 0 $?
}
not_listening() { ! listening "$port"; }
taken() {
  proxy_launch proxy --origin 127.0.0.1:"$port" --listen 127.0.0.1:$origin_port
  end_of "${proxy_pid[proxy]}" 20
  equal 1 $? && contains "$(<"$work/proxy.err")" "$origin_port"
}

# The demo's embedded origin is a whole one: a proxy has nothing to complain of.
demo_start
cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "backend": { "origin": { "host": "127.0.0.1", "port": $demo_port, "ports": { "mount": $demo_port } } }
}
JSON
javas=()
for java in java /usr/lib/jvm/*/bin/java; do
  release=$("$java" -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p')
  [[ $release =~ ^(17|25)$ ]] && javas[release]=$java
done
[ -n "${javas[25]:-}" ] || echo "     Java 25 is not on this machine: only 17 was tried"
[ -n "${javas[17]:-}" ] || { echo "no Java 17"; exit 1; }
for release in "${!javas[@]}"; do
  [ -n "${PROXY_COMMAND:-}" ] || proxy_command=("${javas[release]}" -jar "$jar")
  rm -f "$work"/proxy.{out,err}
  check "Java $release: answers NULL" answered
  echo "     Java $release: ${seconds:-?} s from the start to the first answer"
  check "Java $release: no warning on stderr, nothing on stdout" only_information
  proxy_stop proxy
  proxy_start proxy "$port" --origin 127.0.0.1:$origin_port --listen 127.0.0.1:"$port"
  check "Java $release: SIGTERM lets the call in flight end" ends_in_order
  unset "proxy_pid[proxy]"
  check "Java $release: a taken port is named, exit status 1" taken
  unset "proxy_pid[proxy]"
done

# ---- a socket that outlives the process ---------------------------------------------------------
handed_over() { # socket name arguments...: the proxy below what does systemd's part
  local name=$2
  "$ci/supervise" "$1" "${proxy_command[@]}" "${@:3}" </dev/null >"$work/$name.events" 2>"$work/$name.err" &
}
times() { [ "$(grep -c " $1" "$work/$2.events")" -ge "$3" ]; }
clients_wait_and_go_on() {
  local kills pid
  mkfifo "$work/until" && exec 7<>"$work/until"
  "$ci/stalls" 127.0.0.1 "$port" <&7 >"$work/stalls" 2>&1 &
  pid=$!
  for kills in 1 2 3; do
    sleep 0.5
    kill -KILL "$(sed -nE 's/.* started ([0-9]+)$/\1/p' "$work/socket.events" | tail -n 1)" || return 1
    wait_for 30 times ready socket $((kills + 1)) || return 1
  done
  sleep 0.5
  echo >&7
  end_of $pid 60 && contains "$(<"$work/stalls")" '^calls [0-9]{2,}, lost [123], refused 0, worst stall'
}
is_told() { grep -aq "$1" "$work/$2.err"; }
handed_over "127.0.0.1:$port" socket --config "$work/proxy.json"
proxy_pid[socket]=$!
check "a socket that was handed over: it says when it is ready" wait_for 30 times ready socket 1
check "kill -9, three times: no connection is refused, every call is answered" clients_wait_and_go_on
echo "     $(<"$work/stalls")"
check "SIGTERM ends both" proxy_stop socket
handed_over "127.0.0.1:$((port + 1))" elsewhere --config "$work/proxy.json"
proxy_pid[elsewhere]=$!
check "a socket that the configuration does not mean is refused by key" \
  wait_for 20 is_told "listen.port is $port: set that to $((port + 1))" elsewhere
proxy_stop elsewhere
finish $((4 * ${#javas[@]} + 4))
