#!/bin/bash
# A flood of calls about unknown handles, each of which has to be asked about, beside an honest client:
# how long its first writes take without the flood, with it, and when it has just gone.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure
cat >"$work/rules.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" },
               "rules": [ { "path": "/export/xfs", "access": "ro" } ] },
  "admin": { "enabled": false }
}
JSON
"$lab" origin exec 'mkdir -p /export/flood && cd /export/flood && rm -f * &&
  for n in $(seq 0 999); do : >f$n; done' || exit 1
proxy_start proxy 2049 --config "$work/rules.json" || exit 1

first_writes() { # from-number count seconds
  "${place[@]}" "$ci/flood" writes "$proxy:2049" "$origin:2049:20048" /export/flood "$@"
}
flooding=
flood_begins() { # addresses seconds
  # 7,200 calls at once: replies come when a batch is judged whole, and a slow machine asks some 500 times a second
  "${place[@]}" "$ci/flood" everybody "$proxy:2049" "$1" 24 300 "$2" >"$work/flooded" &
  flooding=$!
  sleep 3
}
# Ends it before its time: its connections are closed with all that they have asked.
flood_ends() { kill -KILL "$flooding" 2>/dev/null; wait "$flooding" 2>/dev/null; }
at_exit+=(flood_ends)

took() { # what most-milliseconds most-writes command...: the 99th percentile, and how many at least
  local what=$1 most=$2 least=$3 said count median p99 longest
  shift 3
  said=$("$@") || return 1
  read -r count median p99 longest <<<"$said"
  echo "     $what: $count first writes, median $median ms, p99 $p99 ms, longest $longest ms"
  [ "$count" -ge "$least" ] && awk "BEGIN { exit !($p99 <= $most) }"
}
tell() { grep '^     [a-z0-9]' "$work/said"; }

first_writes 0 20 10 >/dev/null # Java compiles
check "first writes alone" took alone 200 200 first_writes 100 200 15
tell
flood_begins 1 20
check "first writes beside a flood from one address" took "one address" 1000 100 first_writes 300 200 15
tell
wait "$flooding"
check "that was a flood" test "$(cat "$work/flooded")" -ge 5000
echo "     $(cat "$work/flooded") calls of it were answered"
flood_begins 24 20
check "first writes beside a flood from 24 addresses" \
  took "24 addresses" 1000 100 first_writes 500 200 15
tell
flood_ends
check "the first write when it has just gone" took "just gone" 1000 1 first_writes 700 1 20
tell
written() { # at the origin
  equal 0 "$("$lab" origin exec 'cd /export/flood; for n in $(seq 100 199) $(seq 300 399) $(seq 500 599); do
    [ "$(cat f$n)" = written ] || echo f$n; done | wc -l')"
}
check "what was written is there" written
"$lab" origin exec 'rm -r /export/flood'
check "the proxy stops with 0" proxy_stop proxy
finish 7
