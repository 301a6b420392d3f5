#!/bin/bash
# RPC-with-TLS on both sides at once: Linux 6.12 clients with xprtsec=mtls, through proxies that require it, before a
# Linux 6.12 origin whose exports say xprtsec=mtls. By hand: see tls-common.sh.
#   tls-both.sh [KILLS]     how often the proxy is killed under load, with TLS on both sides and again with none; 20
. "$(dirname "$0")/tls-common.sh"
. "$ci/lab/load.sh"
kills=${1:-20}

runs origin || next origin start -e insecure,xprtsec=mtls &
next client start 1 &
next client start 2 &
wait_children

own="\"certificate\": \"$tls/proxy.pem\", \"key\": \"$tls/proxy.key\""
from_clients=", \"tls\": { $own, \"clientCa\": \"$tls/ca.pem\", \"mode\": \"require\", \"clients\": \"require\" }"
to_origin=", \"tls\": { \"mode\": \"require\", \"ca\": \"$tls/ca.pem\", $own }"
configuration() { # name port listen-settings origin-settings [host]: settings begin with a comma
  cat >"$work/$1.json" <<JSON
{ "listen": { "host": "0.0.0.0", "port": $2$3 },
  "exports": { "parameters": { "squash": "none" } },
  "admin": { "port": $(($2 + 1)) },
  "backend": { "origin": { "host": "${5:-$origin}", "reservedPorts": "never", "waitMillis": 5000$4 } } }
JSON
}
begins() { # name port
  proxy_launch "$1" --config "$work/$1.json"
  wait_for 90 proxy_serves "$1" "$2" || exit 1
}
mounted() { # client version options port command...
  local n=$1 version=$2 options=$3 port=$4
  shift 4
  case $version in
    3) options+=,nolock,proto=tcp,mountproto=tcp,port=$port,mountport=$port ;;
    *) options+=,port=$port ;;
  esac
  next client run -n "$n" -v "$version" -s proxy -o "$options" -- "$@"
}
relays=()
end_relays() { for each in "${relays[@]}"; do kill "$each" 2>/dev/null; done; }
at_exit=(end_relays "${at_exit[@]}")
relay() { # port to-host:port what
  "${place[@]}" "$ci/lab/relay" "$proxy:$1" "$2" "$3" </dev/null >>"$work/relay.out" 2>>"$work/relay.err" &
  relays+=($!)
  wait_for 10 listening "$1"
}

# ---- as direct ------------------------------------------------------------------------------------
configuration both 2049 "$from_clients" "$to_origin"
begins both 2049
for version in 4.1 4.2; do check "lab check v$version, TLS on both sides" as_direct $version xprtsec=mtls; done
check "lab check v3, TLS on both sides" as_direct 3 xprtsec=mtls,nolock,proto=tcp,mountproto=tcp,port=2049,mountport=2049
secured() { # of both sides
  local now
  now=$(page 2049 info | jq -c '{clients: .tls.handshakes.ok, origin: .originTls.connections}')
  echo "     $now" >&4
  contains "$now" '"none":0'
}
check "no connection to the origin is in the clear" secured

# ---- a delegation, recalled inside TLS -------------------------------------------------------------
granted() { # file
  "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' | grep -qE "type: deleg, access: r.*filename: \"[^\"]*$1\""
}
recalled() { # version: a read delegation of client1, which a write of client2 takes away within the lease
  local file=delegation-$1-$$ job waited
  rm -f "$guests/client1"/{reading,stop-reading}
  mounted 1 "$1" xprtsec=mtls 2049 "touch $file; for n in 1 2 3; do cat $file ID >/dev/null; sleep 0.3; done
    exec 3<$file; cat <&3; touch /lab/reading; sync /lab/reading
    until [ -e /lab/stop-reading ]; do sleep 0.1; done; exec 3<&-; cat $file" >"$work/reader" 2>&1 &
  job=$!
  wait_for 60 test -e "$guests/client1/reading"
  granted "$file"; local had=$?
  waited=$(mounted 2 "$1" xprtsec=mtls 2049 "b=\${EPOCHREALTIME/./}; echo written >>$file && sync $file || exit 1
    echo \$(((\${EPOCHREALTIME/./} - b) / 1000))" | tail -n 1)
  granted "$file" && had=1
  touch "$guests/client1/stop-reading"
  wait $job
  echo "     v$1: the write waited $waited ms" >&4
  [ $had = 0 ] && [ "$waited" -lt 15000 ] && contains "$(cat "$work/reader")" '^written$'
}
for version in 4.1 4.2; do check "v$version: a delegation is granted, and recalled inside TLS" recalled $version; done

# ---- who stands between ----------------------------------------------------------------------------
tls12() {
  local said
  said=$("${place[@]}" "$ci/lab/handshake" "$proxy" 2049 "$1" "$tls/ca.pem")
  echo "     $said" >&4
  echo "$said"
}
check "TLS 1.2 is refused" contains "$(tls12 1.2)" '^refused: .*protocol version'
check "our log says so" contains "$(cat "$work/both.err" "$work/both.out")" 'not TLS 1.3 for ONC RPC'
refused() { # port
  local output
  output=$(LAB_JOB_WAIT=100 mounted 1 4.2 xprtsec=mtls,soft,timeo=50,retrans=1,retry=0 "$1" cat ID 2>&1) &&
    { echo "it was served: $output"; return 1; }
  echo "     client: $(grep -E 'mount|denied|error' <<<"$output" | tail -n 1)" >&4
}
relay 2150 "$proxy:2049" deny
relay 2151 "$proxy:2049" strip
relay 2152 "$proxy:2049" pass
check "a relay that passes all on: served" mounted 1 4.2 xprtsec=mtls 2152 cat ID
check "a relay that denies the probe: the client does not mount" refused 2150
check "a relay that strips the answer: the client does not mount" refused 2151
in_the_clear() { # port: a client that gives in, and has no TLS
  local output
  output=$(LAB_JOB_WAIT=100 mounted 2 4.2 sec=sys,soft,timeo=50,retrans=1,retry=0 "$1" cat ID 2>&1) &&
    { echo "it was served: $output"; return 1; }
  echo "     client: $(grep -E 'mount|denied|error' <<<"$output" | tail -n 1)" >&4
  echo "     proxy:  $(grep -h 'no TLS' "$work"/both.{out,err} | tail -n 1 | cut -c1-260)" >&4
  contains "$(cat "$work"/both.{out,err})" 'no TLS'
}
check "a client behind it that does without TLS is refused" in_the_clear 2151
relay 2153 "$origin:2049" strip
configuration stripped 2249 "$from_clients" ", \"port\": 2153$to_origin" "$proxy"
begins stripped 2249
stripped() {
  refused 2249 || return 1
  echo "     proxy:  $(grep -h 'no TLS with' "$work"/stripped.{out,err} | tail -n 1 | cut -c1-260)" >&4
  contains "$(cat "$work"/stripped.{out,err})" 'it offers none'
}
check "a relay before the origin that strips the answer: the origin is away" stripped
proxy_stop stripped

# ---- an equivalent ---------------------------------------------------------------------------------
relay 2154 "$origin:2049" pass
first=${relays[-1]}
configuration equivalent 2349 "$from_clients" \
  ", \"port\": 2154, \"equivalents\": [\"$origin:2049\"],
   \"tls\": { \"mode\": \"require\", \"ca\": \"$tls/ca.pem\", \"name\": \"origin\", $own }" "$proxy"
begins equivalent 2349
took_over() {
  rm -f "$guests/client1/taken"
  mounted 1 4.1 xprtsec=mtls,hard 2349 "touch /lab/taken; for n in \$(seq 60); do echo \$n >e-$$; cat e-$$ >/dev/null; sleep 0.2
    [ -e /lab/taken ] || break; done; cat e-$$; rm e-$$" >"$work/taken.out" 2>&1 &
  local job=$!
  wait_for 60 test -e "$guests/client1/taken"
  sleep 2
  kill "$first"
  sleep 6
  rm -f "$guests/client1/taken"
  wait $job || { cat "$work/taken.out"; return 1; }
  page 2349 info | jq -c '{origin, servers: .originTls.servers | keys, connections: .originTls.connections}' >&4
  contains "$(page 2349 info | jq -c .originTls.servers)" "$origin port 2049"
}
check "the server at which it is dies: an equivalent takes over, inside TLS" took_over
proxy_stop equivalent

# ---- kill -9 ---------------------------------------------------------------------------------------
under_load() { survives_kills "$1" "$2" "$kills" mounted 1 4.1 "$3,hard" "$2"; }
check "kill -9 under load, $kills times, TLS on both sides: no error, the lock is held" under_load both 2049 xprtsec=mtls
proxy_stop both

# ---- behind a balancer -----------------------------------------------------------------------------
declare -A at=([a]=$LAB_NET.2 [b]=$LAB_NET.3)
for name in a b; do
  ip -n "$LAB_NAME" addr replace "${at[$name]}/24" dev br0
  cat >"$work/$name.json" <<JSON
{ "cluster": { "instance": "$name" },
  "listen": { "host": "${at[$name]}", "port": 2449$from_clients,
    "proxyProtocol": { "host": "${at[$name]}", "port": 2050, "trusted": ["$proxy"] } },
  "admin": { "host": "${at[$name]}", "port": 9049, "actionsFrom": ["$LAB_NET.0/24"] },
  "drain": { "noticeMillis": 1500 },
  "exports": { "parameters": { "squash": "none" } },
  "backend": { "origin": { "host": "$origin", "reservedPorts": "never"$to_origin } } }
JSON
done
sed -e "s/bind :2049/bind $proxy:2049/" -e "s/^    server a .*/    source $proxy\n    server a ${at[a]}:2050/" \
  -e "s/^    server b .*/    server b ${at[b]}:2050/" "$checkout/examples/haproxy/haproxy.cfg" >"$work/haproxy.cfg"
begins a 2050
begins b 2050
"${place[@]}" haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.out" 2>"$work/haproxy.err" </dev/null &
proxy_pid[balancer]=$!
wait_for 20 listening 2049 || { cat "$work/haproxy.err"; exit 1; }
wait_for 60 eval '"${place[@]}" curl -sf "http://${at[b]}:9049/health/ready" >/dev/null'
sleep 3
of_instance() { "${place[@]}" curl -sS --max-time 10 "${@:3}" "http://${at[$1]}:9049$2"; }
connections() { of_instance "$1" /clients | jq length; }
load_start writer 1 write balanced-a -v 4.2 -s proxy -o hard,xprtsec=mtls
load_start wide 2 tree balanced-b -v 4.1 -s proxy -o hard,xprtsec=mtls,nconnect=6
wait_for 60 load_has_lock writer
go_on() { load_goes_on 60 writer wide; }
check "behind haproxy, with PROXY v2 before the probe: writer and trees at work" go_on
true_clients() {
  local all
  all=$(for name in a b; do of_instance $name /clients | jq -c '.[] | {address, balancer, transport}'; done)
  sort <<<"$all" | uniq -c >&4
  contains "$all" "\"address\":\"$LAB_NET.101\",\"balancer\":\"$proxy\",\"transport\":\"mtls\"" &&
    contains "$all" "\"address\":\"$LAB_NET.102\"" && ! grep -q '"none"' <<<"$all"
}
check "GET /clients has the true addresses, and mtls" true_clients
is_empty() { [ "$(connections "$1")" = 0 ]; }
drained() { # name
  of_instance "$1" /drain -X POST >/dev/null
  wait_for 30 is_empty "$1" || return 1
  go_on && of_instance "$1" /undrain -X POST >/dev/null && sleep 3
}
for name in a b; do check "drain $name: its clients go elsewhere, and go on" drained $name; done
evened() {
  local before
  before="$(connections a) $(connections b)"
  for name in a b; do of_instance $name '/rebalance?share=0.5' -X POST >/dev/null; done
  sleep 4
  echo "     connections $before, then $(connections a) $(connections b)" >&4
  go_on
}
check "rebalance: they go on" evened
for name in writer wide; do
  check "$name: no error" load_ended $name
  echo "     $name: $(load_result $name)"
done
check "writer: each record once, in order" load_in_order writer /export/balanced-a
for name in balancer a b; do proxy_stop $name; done

# ---- for comparison, in the same run ---------------------------------------------------------------
for n in 1 2; do "$lab" client stop $n; done
"$lab" origin stop
next origin start -e insecure || exit 1
next client start 1 || exit 1
configuration plain 2549 '' ''
begins plain 2549
check "kill -9 under load, $kills times, no TLS anywhere, for comparison" under_load plain 2549 sec=sys
finish 24
