#!/bin/bash
# Two instances that serve each other what they have read: eight clients that read a file at once, four by
# each, have the origin send it once; what one instance has read another one sends; and an instance that is
# killed is missed by nobody. A purge at one empties both.
# Guests and instances share a few cores here, so an answer is given more time than it takes elsewhere.
#   FLEET_MB=256 .ci/lab/cache-fleet.sh
#   FLEET_MB=1024 FLEET_LINE="20 200mbit" .ci/lab/cache-fleet.sh    over such a line (ms, rate), the eight clients alone
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
size=$((${FLEET_MB:-32} << 20))
read -r -a versions <<<"${CACHE_VERSIONS:-3 4.2}"
read -r delay rate <<<"${FLEET_LINE:-}"
memory=$((size * 8))
[ -z "$delay" ] || memory=$((size * (1 + ${#versions[@]})))
second=$LAB_NET.2
declare -A address=([one]=$proxy [two]=$second)
"${place[@]}" ip address replace "$second/24" dev br0
(umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/cache.secret")
guests_without_kerberos
guests_ready insecure
for name in one two; do
  cat >"$work/$name.json" <<JSON
{ "listen": { "host": "${address[$name]}" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } }, "admin": { "host": "${address[$name]}" },
  "cluster": { "enabled": true, "name": "fleet", "instance": "$name", "host": "${address[$name]}",
               "join": { "tcpIp": ["$proxy", "$second"] } },
  "cache": { "enabled": true, "memoryBytesMax": $memory, "settledAgeMillis": 6000,
             "neighbours": { "enabled": true, "secretFile": "$work/cache.secret", "answerMillis": 500 } } }
JSON
done
proxy_command=(java -Xmx192m "-XX:MaxDirectMemorySize=$((memory * 5 / 4 + (1280 << 20)))" -jar "$jar")

counted() { # instance name: what it counts
  "${place[@]}" curl -sf "http://${address[$1]}:9049/cache" |
    python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], 0))' "$2"
}
reaches() { [ "$(counted "$1" cache_neighbour_reached)" = "${2:-1}" ]; } # instance [others]
told() { # what: of both
  echo "$(counted one "$1") and $(counted two "$1")"
}
made() { # file: of random bytes that count as settled
  "$lab" origin exec "head -c $size /dev/urandom >/export/$1 && sync && sleep 8 && md5sum </export/$1" >/dev/null
}
reads() { # hosts version file clients: what was read, and what the origin sent for it
  local before
  before=$(origin_sent)
  said=$("${place[@]}" "$checkout/benchmarks/cache-reader" "$1" "$2" "/export/$3" "$4") || return 1
  sent=$(($(origin_sent) - before))
}
connected() {
  wait_for 60 reaches one && wait_for 60 reaches two
}
at_once() { # version
  made "together$1" || return 1
  reads "$proxy,$second" "$1" "together$1" 8 || return 1
  echo "     $said (s, MiB, sum): the origin sent $sent of $size bytes"
  echo "     neighbours: asked $(told cache_neighbour_asked_total), here $(told cache_neighbour_here_total), coming $(told cache_neighbour_coming_total)," \
    "granted $(told cache_neighbour_granted_total), late $(told cache_neighbour_late_total), away $(told cache_neighbour_away_total), missed $(told cache_neighbour_missed_total)"
  echo "     brought $(told cache_neighbour_brought_bytes_total), put $(told cache_neighbour_put_bytes_total)," \
    "dropped $(told cache_neighbour_put_dropped_bytes_total), waited $(told cache_waited_total), lost $(told cache_lost_total), misses $(told cache_misses_total)"
  [ "$sent" -le $((size + size / 20)) ]
}
one_after_the_other() { # version
  local first
  made "after$1" || return 1
  reads "$proxy" "$1" "after$1" 1 || return 1
  first=$said
  reads "$second" "$1" "after$1" 1 || return 1
  echo "     the first: $first; the second: $said (s, MiB, sum), for which the origin sent $sent of $size bytes"
  [ "${first##* }" = "${said##* }" ] && [ "$sent" -le $((size / 20)) ]
}
purged() { # version: what is gone at one is gone at both, and neither gives it back
  local answer
  made "purged$1" && reads "$proxy,$second" "$1" "purged$1" 2 || return 1
  if ! answer=$("${place[@]}" curl -s --fail-with-body -X POST "http://$proxy:9049/cache/purge") ||
    [ "$(told cache_held_bytes)" != "0 and 0" ]; then
    echo "$answer, held $(told cache_held_bytes)"
    return 1
  fi
  reads "$second" "$1" "purged$1" 1 || return 1
  echo "     the purge: $answer; then the origin sent $sent of $size bytes; unsealed $(told cache_neighbour_unsealed_total)"
  [ "$sent" -ge "$size" ] && [ "$(told cache_neighbour_unsealed_total)" = "0 and 0" ]
}
killed() { # version
  made "killed$1" || return 1
  reads "$proxy" "$1" "killed$1" 1 || return 1
  proxy_kill two
  reads "$proxy" "$1" "killed$1" 1 || return 1
  echo "     what was there: $said, for which the origin sent $sent of $size bytes"
  [ "$sent" -le $((size / 20)) ] || return 1
  made "alone$1" || return 1
  reads "$proxy" "$1" "alone$1" 1 || return 1
  echo "     what nobody had read: $said; late $(counted one cache_neighbour_late_total), away $(counted one cache_neighbour_away_total)"
}

if [ -n "$delay" ]; then
  # Both ways half of it, and the rate where the data come from.
  "$lab" wan "$delay"
  "$lab" origin exec 'dev=$(ip -o route get '"$proxy"' | sed "s/.* dev \([^ ]*\).*/\1/")
    tc qdisc change dev $dev root netem limit 100000 delay '"$((delay * 500))"'us rate '"$rate"
fi
proxy_start one 2049 --config "$work/one.json" || exit 1
proxy_launch two --config "$work/two.json"
check "the instances find each other, and prove that they know the secret" connected
for version in "${versions[@]}"; do
  check "v$version: eight clients of two instances read a file at once, and the origin sends it once" at_once "$version"
  sed -n 's/^     //p' "$work/said" | sed 's/^/     /'
  [ -z "$delay" ] || continue
  check "v$version: what one instance has read the other one sends" one_after_the_other "$version"
  sed -n 's/^     //p' "$work/said" | sed 's/^/     /'
done
[ -z "$delay" ] || finish $((1 + ${#versions[@]}))
check "a purge is one of both instances" purged "${versions[0]}"
sed -n 's/^     //p' "$work/said" | sed 's/^/     /'
check "an instance is killed, and nobody misses it" killed "${versions[0]}"
sed -n 's/^     //p' "$work/said" | sed 's/^/     /'
finish $((3 + 2 * ${#versions[@]}))
