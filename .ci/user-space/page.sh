#!/bin/bash
# The live page and `top`: in a real Chromium, under load and after it, beside /metrics. Needs Debian's
# chromium and chromium-driver.
. "$(dirname "$0")/common.sh"

admin=20529
hostile='/export/<img src=x onerror=\"document.title='"'stolen'"'\">'
for tool in chromium chromedriver; do
  command -v $tool >/dev/null || { echo "no $tool: apt-get install chromium chromium-driver"; exit 1; }
done

cluster() { # name port [more]
  echo "{ \"enabled\": true, \"instance\": \"$1\", \"port\": $2, \"join\": { \"tcpIp\": [\"127.0.0.1:20527\", \"127.0.0.1:20528\"] }${3:-} }"
}
demo_start
cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "cluster": $(cluster a 20527),
  "admin": { "host": "127.0.0.1", "port": $admin, "page": { "eventMillis": 500 } },
  "log": { "slowCallMillis": 1 },
  "exports": {
    "parameters": { "squash": "none" },
    "rules": [ { "path": "$hostile", "access": "none" } ]
  },
  "backend": { "origin": { "host": "127.0.0.1", "port": $demo_port, "ports": { "mount": $demo_port } } }
}
JSON
proxy_start proxy "$port" --config "$work/proxy.json" || exit 1
wait_for 20 listening $admin || exit 1
# Another instance, which is looked at from the first one's page alone.
cat >"$work/other.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": 20526 },
  "cluster": $(cluster b 20528 ', "page": "https://gate.example.com/b/"'),
  "admin": { "enabled": false },
  "exports": { "parameters": { "squash": "none" } },
  "backend": { "origin": { "host": "127.0.0.1", "port": $demo_port, "ports": { "mount": $demo_port } } }
}
JSON
proxy_start other 20526 --config "$work/other.json" || exit 1
joined() { [ "$(curl -s "http://127.0.0.1:$admin/health/cluster" | jq '.instances | length')" = 2 ]; }
wait_for 40 joined || exit 1
"$ci/v3-call" "$port" 0 mnt "${hostile//\\/}" >/dev/null

# Until the browser has seen it.
load() {
  until [ -e "$work/seen" ]; do "$ci/page-load" "$port" 1 /export 127.0.0.1 127.0.0.2 127.0.0.3 || return; done
}
load >"$work/load.out" 2>&1 &
proxy_pid[load]=$!
"$ci/page-driver" $admin "$work" >"$work/found" 2>"$work/driver.err" &
driver=$!
seen() { [ -e "$work/seen" ] || ended $driver; }
wait_for 60 seen

# Which side is slow: the origin is stopped for a moment, then the proxy, under the same load.
"$ci/page-load" "$port" 30 /export 127.0.0.1 127.0.0.2 >"$work/load.out" 2>&1 &
proxy_pid[stopped]=$!
curl -sN --max-time 40 -H 'X-Requested-With: check' "http://127.0.0.1:$admin/events" >"$work/events" &
proxy_pid[events]=$!
told() { # side: an event that says so of a call or a loop that waited for 0.4 s
  sed -n 's/^data: //p' "$work/events" | "$ci/page-side" "$1"
}
is_told_of_a_stop() { # pid side
  local i
  for i in 1 2 3 4 5 6; do
    kill -STOP "$1" && sleep 0.6 && kill -CONT "$1"
    sleep 1.2
    told "$2" && return
  done
  return 1
}
# KEEP=FOLDER keeps the pictures of the documents; that of top needs Debian's tmux.
if [ -n "${KEEP:-}" ]; then
  tmux -L "page$$" new-session -d -x 120 -y 14 "java -jar $jar top http://127.0.0.1:$admin"
  sleep 8
  tmux -L "page$$" capture-pane -p >"$work/top.txt"
  tmux -L "page$$" kill-server
  "$ci/page-driver" --picture "$work/top.txt" "$work/page-top.png"
fi
check "a stopped origin is the origin's time" is_told_of_a_stop "${proxy_pid[demo]}" origin
check "a stopped proxy is told as such" is_told_of_a_stop "${proxy_pid[proxy]}" stalled
kill "${proxy_pid[stopped]}" "${proxy_pid[events]}" 2>/dev/null
wait "${proxy_pid[stopped]}" "${proxy_pid[events]}" "${proxy_pid[load]}" 2>/dev/null
in_flight() { curl -s "http://127.0.0.1:$admin/metrics" | sed -n 's/^nfs_proxy_connections //p'; }
all_gone() { [ "$(in_flight)" = 0 ]; }
wait_for 10 all_gone
touch "$work/still"

wait $driver || cat "$work/driver.err"
while IFS=$'\t' read -r what wrong; do
  check "$what" equal "" "$wrong"
done <"$work/found"
sample() { curl -sS --max-time 10 "http://127.0.0.1:$admin/metrics" | grep -F -- "$1" | sed -E 's/.* //'; }
top_says() { # operation: its count
  java -jar "$jar" top "http://127.0.0.1:$admin" --once --by operation --filter "$1" |
    awk -v name="$1" '$1 == name && $2 == 3 { gsub(",", "", $9); print $9 }'
}
same_in_top() {
  local operation
  for operation in GETATTR WRITE; do
    equal "$(sample "nfs_proxy_operations_total{program=\"nfs\",version=\"3\",operation=\"$operation\"}")" "$(top_says $operation)" || return 1
  done
}
check "top shows the same numbers" same_in_top
nobody() {
  java -jar "$jar" top 127.0.0.1:1 --once 2>"$work/nobody"
  equal 1 $? && contains "$(<"$work/nobody")" '^no proxy answers at http://127.0.0.1:1/: '
}
check "top without a proxy says so" nobody
[ -z "${KEEP:-}" ] || cp "$work"/page-*.png "$work/events" "$KEEP"
finish 20
