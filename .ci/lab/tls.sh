#!/bin/bash
# RPC-with-TLS towards clients: Linux 6.12 clients with xprtsec=tls and mtls, through the proxy, before an origin
# that has no TLS. By hand: see tls-common.sh.
#   tls.sh [KILLS]     how often the proxy is killed under load, over mtls and again without TLS; 5
. "$(dirname "$0")/tls-common.sh"
kills=${1:-5}

runs origin || "$lab" origin start -e insecure &
next client start 1 &
LAB_TLS_CERT=stranger next client start 2 &
LAB_TLS_CERT=expired next client start 3 &
wait

configuration() { # file port tls parameters...: what else holds for all exports
  local file=$1 port=$2 settings=$3 parameters=${4:-}
  cat >"$work/$file" <<JSON
{ "listen": { "host": "0.0.0.0", "port": $port, "tls": {
    "certificate": "$tls/${5:-proxy}.pem", "key": "$tls/${5:-proxy}.key", "clientCa": "$tls/ca.pem", $settings } },
  "exports": { "parameters": { "squash": "none"$parameters } },
  "admin": { "port": $((port + 1)) },
  "backend": { "origin": { "host": "$origin", "reservedPorts": "never" } } }
JSON
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
refused() { # client version options port said-by-the-client said-by-the-proxy name
  local output
  output=$(LAB_JOB_WAIT=100 mounted "$1" "$2" "$3,soft,timeo=50,retrans=1,retry=0" "$4" "cat ID" 2>&1) &&
    { echo "it was served: $output"; return 1; }
  echo "     client: $(grep -E 'mount|denied|error' <<<"$output" | tail -n 1)" >&4
  echo "     proxy:  $(grep -E 'handshake|refused' "$work/$7.err" | tail -n 1 | cut -c1-300)" >&4
  contains "$output" "$5" && contains "$(cat "$work/$7.err")" "$6"
}

configuration offer.json 2049 '"mode": "offer", "clients": "ask"'
proxy_launch offer --config "$work/offer.json"
wait_for 90 proxy_serves offer 2049 || exit 1

# ---- mounts ---------------------------------------------------------------------------------------
declare -A transport_of=([tls]='"transport":"(tls|mtls)"' [mtls]='"transport":"mtls"')
uses() { # version xprtsec
  local output name=f$1-$2-$$
  output=$(mounted 1 "$1" "xprtsec=$2" 2049 \
    "cat ID; head -c 3000000 /dev/urandom >$name; sync; echo 3 >/proc/sys/vm/drop_caches; cat $name | wc -c;
     flock -x $name echo locked; rm $name; grep -c xprtsec=$2 /proc/mounts; cat /proc/\$\$/mountstats | grep -c 'proto=tcp'") || return 1
  contains "$output" '^3000000$' && contains "$output" '^locked$' && contains "$output" '^1$'
}
for version in 3 4.1 4.2; do
  for xprtsec in tls mtls; do
    check "v$version, xprtsec=$xprtsec: mount, 3 MB written and read, lock" uses $version $xprtsec
  done
done
check "lab check v4.1, xprtsec=tls" as_direct 4.1 xprtsec=tls
check "lab check v4.2, xprtsec=tls" as_direct 4.2 xprtsec=tls
check "lab check v3, xprtsec=tls" as_direct 3 xprtsec=tls,nolock,proto=tcp,mountproto=tcp,port=2049,mountport=2049
seen_as() { # xprtsec
  local output
  mounted 1 4.2 "xprtsec=$1" 2049 "cat ID; touch /lab/mounted; while [ -e /lab/mounted ]; do sleep 0.2; done" >/dev/null 2>&1 &
  local job=$!
  wait_for 60 test -e "$guests/client1/mounted"
  output=$(page 2049 clients)
  rm -f "$guests/client1/mounted"
  wait $job
  contains "$output" "${transport_of[$1]}"
}
check "GET /clients says that it is mtls" seen_as mtls
check "GET /clients says that it is tls" seen_as tls
check "its handshakes are counted" contains \
  "$(page 2049 metrics)" '^nfs_proxy_tls_handshakes_total\{outcome="ok"\} [1-9]'

# ---- nothing in the clear ---------------------------------------------------------------------------
nothing_in_the_clear() {
  local secret=Secret-$$-Word
  "${place[@]}" tcpdump -i br0 -s 0 -U -w "$work/seen.pcap" host "${LAB_NET:?}.101" and port 2049 2>/dev/null &
  local dump=$!
  sleep 1
  mounted 1 4.2 xprtsec=mtls 2049 "echo $secret >$secret; sync; cat $secret; ls; rm $secret" >/dev/null || return 1
  sleep 1
  kill $dump; wait $dump 2>/dev/null
  echo "     $(stat -c %s "$work/seen.pcap") bytes captured" >&4
  equal 0 "$(grep -c -a "$secret" "$work/seen.pcap")" || return 1
  contains "$(strings -n 8 "$work/seen.pcap")" STARTTLS || return 1
  # of RPC, as tshark reads it, the probe and its answer alone
  equal "" "$(tshark -r "$work/seen.pcap" -Y 'rpc.msgtyp && !(rpc.procedure == 0)' 2>/dev/null | head -n 3)"
}
check "a capture shows the probe, and nothing else in the clear" nothing_in_the_clear

# ---- refused ----------------------------------------------------------------------------------------
configuration require.json 2149 '"mode": "require", "clients": "require"'
configuration named.json 2249 '"mode": "offer", "clients": "none"' '' origin
configuration ruled.json 2349 '"mode": "offer", "clients": "ask"' ', "transport": ["tls", "mtls"]'
for name in require:2149 named:2249 ruled:2349; do
  proxy_launch "${name%:*}" --config "$work/${name%:*}.json"
done
for name in require:2149 named:2249 ruled:2349; do
  wait_for 90 proxy_serves "${name%:*}" "${name#*:}" || exit 1
done
check "required, and the client shows no certificate" refused 1 4.2 xprtsec=tls 2149 . 'no certificate' require
check "a certificate of a stranger" refused 2 4.2 xprtsec=mtls 2149 . "certificate is refused" require
# Its line is the second of its kind within a minute, so that it is counted alone.
check "a certificate that has expired" refused 3 4.2 xprtsec=mtls 2149 . "certificate is refused" require
check "both are counted" contains "$(page 2149 metrics)" 'outcome="bad_certificate"} ([2-9]|[1-9][0-9])'
check "without TLS, where it is required" refused 1 4.2 sec=sys 2149 . 'no TLS' require
check "the proxy's certificate has another name" refused 1 4.2 xprtsec=tls 2249 . 'client (ends|refuses)' named
check "without TLS, where a rule wants it, v4.2" refused 1 4.2 sec=sys 2349 . '`transport` of' ruled
# By another client: a line is told once a minute for each client, key and rule.
check "without TLS, where a rule wants it, v3" refused 2 3 sec=sys 2349 . 'NFSv3 .*`transport` of' ruled
check "with it, there" mounted 1 4.1 xprtsec=tls 2349 cat ID

# ---- kill -9 ----------------------------------------------------------------------------------------
under_load() { survives_kills offer 2049 "$kills" mounted 1 4.1 "$1,hard" 2049; } # option
check "kill -9 under load, $kills times, over mtls: no error, the lock is held" under_load xprtsec=mtls
check "the same without TLS, for comparison" under_load sec=sys
finish 24
