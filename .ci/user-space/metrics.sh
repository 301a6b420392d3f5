#!/bin/bash
# What is counted, as Prometheus reads it: the text, the alert rules, and a Prometheus that scrapes. Needs
# Debian's prometheus package (prometheus and promtool; the service need not run).
. "$(dirname "$0")/common.sh"

examples=$checkout/examples/observability
admin=20519 other_admin=20516 prometheus=20518
calls=40
for tool in prometheus promtool; do
  command -v $tool >/dev/null || { echo "no $tool: apt-get install prometheus"; exit 1; }
done

scrape() { curl -sS --max-time 10 "http://127.0.0.1:$admin/metrics" "$@"; }
sample() { # the value of the one sample whose line begins so
  scrape | grep -F -- "$1" | sed -E 's/.* //'
}
text_is_clean() { # no word of promtool's: an error, or a name that is not as names should be
  local said
  said=$(scrape | promtool check metrics 2>&1) || { echo "$said"; return 1; }
  equal "" "$said"
}
counted() {
  equal $((calls + 1)) "$(sample 'nfs_proxy_operations_total{program="nfs",version="3",operation="GETATTR"}')" &&
    equal 2 "$(sample 'nfs_proxy_operation_errors_total{program="nfs",version="3",operation="LOOKUP",status="NOENT"}')" &&
    equal 1 "$(sample 'nfs_proxy_operations_total{program="mount",version="3",operation="MNT"}')"
}
asked() { # what Prometheus has as the value of an expression
  curl -sS --max-time 10 -G "http://127.0.0.1:$prometheus/api/v1/query" --data-urlencode "query=$1" |
    sed -nE 's/.*"value":\[[^,]*,"([^"]*)"\].*/\1/p'
}
is_up() { [ "$(asked 'up{job="nfs-proxy"}')" = 1 ]; }
is_scraped() { [ "$(asked 'sum(nfs_proxy_operations_total{operation="GETATTR"})')" = $((calls + 1)) ]; }
is_told() { [ -n "$(asked "ALERTS{alertname=\"$1\",alertstate=\"firing\"}")" ]; }

demo_start
cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "admin": { "host": "127.0.0.1", "port": $admin },
  "exports": {
    "parameters": { "squash": "none" },
    "rules": [ { "path": "/export/scratch", "access": "none" } ]
  },
  "backend": { "origin": { "host": "127.0.0.1", "port": $demo_port, "ports": { "mount": $demo_port } } }
}
JSON
proxy_start proxy "$port" --config "$work/proxy.json" || exit 1
wait_for 20 listening $admin || exit 1
path=$("$ci/v3-call" "$port" 0 exports | sed -E 's/^OK ?//' | head -n 1 | awk '{ print $1 }')
root=$("$ci/v3-call" "$port" 0 mnt "$path" | sed -E 's/^OK ?//')
for _ in $(seq $calls); do "$ci/v3-call" "$port" 0 getattr "$root" >/dev/null; done
for _ in 1 2; do "$ci/v3-call" "$port" 0 lookup "$root" no-such-file >/dev/null; done
"$ci/v3-call" "$port" 0 getattr "$root" >/dev/null

check "promtool has nothing to say of /metrics" text_is_clean
check "calls were counted exactly" counted
check "OpenMetrics for who asks for it" contains "$(scrape -H 'Accept: application/openmetrics-text' | tail -n 1)" '^# EOF$'
check "the configuration of Prometheus" promtool check config "$examples/prometheus.yml"
check "the alert rules" promtool check rules "$examples/nfs-proxy.rules.yml"
check "their tests" promtool test rules "$examples/nfs-proxy.rules.test.yml"

# The example as it is, but for where the proxies are and how long everything takes.
sed -E "s/proxy-a.example.com:9049/127.0.0.1:$admin/; /proxy-b.example.com/d; s/_interval: 15s/_interval: 1s/" \
  "$examples/prometheus.yml" >"$work/prometheus.yml"
sed -E 's/for: [0-9]+m/for: 2s/; s/\[[0-9]+m\]/[5s]/' "$examples/nfs-proxy.rules.yml" >"$work/nfs-proxy.rules.yml"
prometheus --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/tsdb" \
  --web.listen-address "127.0.0.1:$prometheus" >"$work/prometheus.out" 2>&1 &
proxy_pid[prometheus]=$!
wait_for 30 listening $prometheus
check "Prometheus scrapes the proxy" wait_for 30 is_up
check "and has the numbers" wait_for 15 is_scraped
check "no alert fires while all is well" eval 'sleep 4; equal "" "$(asked "count(ALERTS{alertstate=\"firing\"})")"'

refuse_until_told() { # a client that goes on asking for what a rule denies
  local end=$((SECONDS + 30))
  until is_told NfsProxyRefusals; do
    [ $SECONDS -lt $end ] || return 1
    for _ in 1 2 3 4 5; do "$ci/v3-call" "$port" 0 mnt /export/scratch; done
  done
}
check "a burst of refusals is told" refuse_until_told
slow_until_told() { # an origin that stands still, again and again
  local end=$((SECONDS + 30)) call
  until is_told NfsProxyOriginSlow; do
    [ $SECONDS -lt $end ] || return 1
    kill -STOP "${proxy_pid[demo]}"
    "$ci/v3-call" "$port" 0 getattr "$root" &
    call=$!
    sleep 0.8
    kill -CONT "${proxy_pid[demo]}"
    wait $call
  done
}
check "an origin whose calls take long is told" slow_until_told
# Another proxy, before an origin that takes any number of connections.
null_origin 20513 0
cat >"$work/other.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": 20517 },
  "admin": { "host": "127.0.0.1", "port": $other_admin },
  "cluster": { "enabled": true, "instance": "other", "port": 20514, "join": { "tcpIp": ["127.0.0.1:20515"] } },
  "exports": { "parameters": { "squash": "none" } },
  "backend": { "origin": { "host": "127.0.0.1", "port": 20513, "ports": { "mount": 20513 } } }
}
JSON
proxy_start other 20517 --config "$work/other.json" || exit 1
sed -i -E "s/^( *- )127.0.0.1:$admin$/&\n\1127.0.0.1:$other_admin/" "$work/prometheus.yml"
kill -HUP "${proxy_pid[prometheus]}"
check "an instance that goes on alone is told" wait_for 40 is_told NfsProxyAlone
# 340 clients that stay, each with a port below 1024 of its own towards the origin.
stayers() { # until the end of its input
  python3 -I - "$ci" 3<&0 <<'PYTHON'
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from wire import NFS, Connection
stay = [Connection("127.0.0.1", 20517, 0, f"127.7.{n // 20}.1") for n in range(340)]
for connection in stay:
    connection.call(NFS, 3, 0, b"")
print("all there", flush=True)
os.read(3, 1)
PYTHON
}
ports_are_told() {
  exec 4> >(stayers)
  wait_for 30 is_told NfsProxyReservedPortsFew
  local status=$?
  exec 4>&-
  [ $status = 0 ] || curl -sS "http://127.0.0.1:$other_admin/metrics" | grep reserved_ports
  return $status
}
check "source ports that run out are told" ports_are_told
proxy_stop other
proxy_kill demo
check "an origin that is gone is told" eval '
  "$ci/v3-call" "$port" 0 getattr "$root" >/dev/null 2>&1 & wait_for 60 is_told NfsProxyOriginGone'
proxy_kill proxy
check "a proxy that is gone is told" wait_for 30 is_told NfsProxyDown
finish 15
