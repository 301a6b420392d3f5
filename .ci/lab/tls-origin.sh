#!/bin/bash
# RPC-with-TLS towards the origin: clients without TLS, through the proxy, before a Linux 6.12 origin whose exports
# say xprtsec=mtls. By hand: see tls-common.sh.
#   tls-origin.sh [KILLS]     how often the proxy is killed under load; 5
. "$(dirname "$0")/tls-common.sh"
kills=${1:-5}

runs origin || next origin start -e insecure,xprtsec=mtls &
runs client1 || "$lab" client start 1 &
wait_children

configuration() { # file port ca settings...: what else holds for TLS
  cat >"$work/$1" <<JSON
{ "listen": { "host": "0.0.0.0", "port": $2 },
  "exports": { "parameters": { "squash": "none" } },
  "admin": { "port": $(($2 + 1)) },
  "backend": { "origin": { "host": "$origin", "reservedPorts": "never", "waitMillis": 5000,
    "tls": { "ca": "$tls/$3.pem", $4 } } } }
JSON
}
own="\"certificate\": \"$tls/proxy.pem\", \"key\": \"$tls/proxy.key\""
mounted() { # version port command...
  local version=$1 port=$2 options
  shift 2
  case $version in
    3) options=nolock,proto=tcp,mountproto=tcp,port=$port,mountport=$port ;;
    *) options=port=$port ;;
  esac
  "$lab" client run -n 1 -v "$version" -s proxy -o "$options" -- "$@"
}

# ---- direct -----------------------------------------------------------------------------------------
direct_is_refused() { # version: without TLS, this origin serves nobody
  ! LAB_JOB_WAIT=100 "$lab" client run -n 1 -v "$1" -s origin -o soft,timeo=50,retrans=1,retry=0 -- cat ID >/dev/null 2>&1
}
check "direct, v4.2 without TLS: the origin refuses" direct_is_refused 4.2
probed() {
  local output
  output=$("${place[@]}" java -jar "$jar" probe "$origin" --ca "$tls/ca.pem" 2>&1)
  grep '  TLS: ' <<<"$output" >&4
  contains "$output" 'TLS: offered \(RFC 9289\): certificate .* trusted'
}
check "probe: TLS is offered, and the certificate is trusted" probed

# ---- mounts -----------------------------------------------------------------------------------------
configuration required.json 2049 ca "\"mode\": \"require\", $own"
proxy_launch required --config "$work/required.json"
wait_for 90 proxy_serves required 2049 || exit 1
uses() { # version
  local output name=f$1-$$
  output=$(mounted "$1" 2049 \
    "cat ID; head -c 3000000 /dev/urandom >$name; sync; echo 3 >/proc/sys/vm/drop_caches; cat $name | wc -c
     cp $name /tmp/a; echo 3 >/proc/sys/vm/drop_caches; cmp $name /tmp/a && echo same; cat xfs/ID deep/ext4/ID
     flock -x $name echo locked; rm $name") || { echo "$output"; return 1; }
  contains "$output" '^3000000$' && contains "$output" '^same$' && contains "$output" '^locked$' &&
    contains "$output" '^/export/xfs$' && contains "$output" '^/export/deep/ext4$'
}
for version in 3 4.1 4.2; do
  check "v$version: mount, 3 MB written and read, nested filesystems, lock" uses $version
done
found() {
  local paths
  paths=$(page 2049 exports | jq -r '.[].path' | sort | tr '\n' ' ')
  echo "     $paths" >&4
  contains "$paths" '/export/deep/ext4 /export/deep/tmpfs /export/xfs'
}
check "exports are found over TLS" found
said() {
  local now
  now=$(page 2049 info | jq -c '.originTls | {mode, connections, ok: .handshakes.ok, servers}')
  echo "     $now" >&4
  contains "$now" '"none":0' && contains "$now" '"issuer":'
}
check "GET /info shows the origin's certificate, and no connection in the clear" said

# ---- nothing in the clear ---------------------------------------------------------------------------
nothing_in_the_clear() { # version
  local secret=Secret-$$-Word dump
  "${place[@]}" tcpdump -i br0 -s 0 -U -w "$work/seen.pcap" host "$origin" and port 2049 2>/dev/null &
  dump=$!
  sleep 1
  mounted "$1" 2049 "echo $secret >$secret; sync; cat $secret; ls; rm $secret" >/dev/null || return 1
  sleep 1
  kill $dump; wait $dump 2>/dev/null
  echo "     $(stat -c %s "$work/seen.pcap") bytes captured, $(tshark -r "$work/seen.pcap" -Y 'tcp.flags.syn == 1 && tcp.flags.ack == 0' 2>/dev/null | wc -l) connections" >&4
  equal 0 "$(grep -c -a "$secret" "$work/seen.pcap")" || return 1
  contains "$(strings -n 8 "$work/seen.pcap")" STARTTLS || return 1
  # of RPC, as tshark reads it, the question and its answer alone
  equal "" "$(tshark -r "$work/seen.pcap" -Y 'rpc.msgtyp && !(rpc.procedure == 0)' 2>/dev/null | head -n 3)"
}
for version in 3 4.2; do
  check "v$version: a capture shows the question for TLS, and nothing else in the clear" nothing_in_the_clear $version
done

# ---- refused ----------------------------------------------------------------------------------------
refused() { # name port said-by-the-proxy
  local output
  output=$(LAB_JOB_WAIT=100 "$lab" client run -n 1 -v 4.2 -s proxy -o "port=$2,soft,timeo=50,retrans=1,retry=0" -- cat ID 2>&1) &&
    { echo "it was served: $output"; return 1; }
  echo "     client: $(grep -E 'mount|denied|error' <<<"$output" | tail -n 1)" >&4
  echo "     proxy:  $(grep -E 'no TLS with|offers no TLS|refused|denied' "$work/$1.err" | tail -n 1 | cut -c1-300)" >&4
  echo "     /info:  $(page "$2" info | jq -r .reachability.lastError | cut -c1-200)" >&4
  [ -z "$3" ] || contains "$(cat "$work/$1.err")" "$3"
}
configuration stranger.json 2149 stranger-ca "\"mode\": \"require\", $own"
configuration named.json 2249 ca "\"mode\": \"require\", \"name\": \"other.example.com\", $own"
configuration none.json 2349 ca '"mode": "require"'
configuration wrong.json 2449 ca "\"mode\": \"require\", \"certificate\": \"$tls/stranger.pem\", \"key\": \"$tls/stranger.key\""
for name in stranger:2149 named:2249 none:2349 wrong:2449; do
  proxy_launch "${name%:*}" --config "$work/${name%:*}.json"
done
for name in stranger:2149 named:2249 none:2349 wrong:2449; do
  wait_for 90 proxy_serves "${name%:*}" "${name#*:}" || exit 1
done
check "the origin's certificate is of another CA" refused stranger 2149 'its certificate is not trusted'
check "it has another name" refused named 2249 'its certificate has another name'
check "no certificate for an export with xprtsec=mtls" refused none 2349 ''
check "a certificate of a stranger" refused wrong 2449 'it (refuses|ends the connection)'
for name in stranger named none wrong; do proxy_stop $name; done

# ---- kill -9 ----------------------------------------------------------------------------------------
under_load() { survives_kills required 2049 "$kills" "$lab" client run -n 1 -v 4.1 -s proxy -o port=2049,hard --; }
check "kill -9 under load, $kills times: no error, the lock is held" under_load
finish 14
