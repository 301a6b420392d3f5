#!/bin/bash
# The example of an encrypted cluster port, by its files as they stand: two instances on machines of their
# own as far as the network goes, joined through stunnel; a capture between them; who has no certificate.
# By hand, not a stage of run: needs Debian's stunnel4 and openssl; root.
. "$(dirname "$0")/common.sh"
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for networks" >&2; exit 1; }
command -v stunnel >/dev/null || { echo "no stunnel: apt-get install stunnel4" >&2; exit 1; }
examples=$checkout/examples/cluster-stunnel

declare -A machine=() address=([a]=10.98.254.1 [b]=10.98.254.2 [c]=10.98.254.3) loopback=([a]=127.20.0.1 [b]=127.20.0.2)
declare -A others=()
leave() {
  local pid
  for pid in "${others[@]}" "${machine[@]}"; do kill "$pid" 2>/dev/null; done
}
at_exit+=(leave)
on() { # machine command...
  nsenter --net="/proc/${machine[$1]}/ns/net" "${@:2}"
}
machine_begin() { # name
  unshare --net sleep infinity </dev/null >/dev/null 2>&1 3>&- &
  machine[$1]=$!
  wait_for 5 test "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/${machine[$1]}/ns/net")"
  ip link add "to$1" type veth peer name lan0 netns "${machine[$1]}" &&
    ip link set "to$1" master lan up &&
    on "$1" ip link set lo up &&
    on "$1" ip address add "${address[$1]}/24" dev lan0 &&
    on "$1" ip link set lan0 up
}
ip address add 10.98.254.9/24 dev lan
for name in a b c; do machine_begin $name || exit 1; done
for name in a b; do on $name ip address add "${loopback[$name]}/32" dev lo || exit 1; done
null_origin 2049 0 10.98.254.9

# ---- certificates, as docs/guide/tls.md makes them ------------------------------------------------
keys=$work/cluster
mkdir "$keys"
new=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)
authority() { openssl req -x509 "${new[@]}" -days 30 -subj "/CN=$1" -keyout "$keys/$1.key" -out "$keys/$1.pem"; }
certificate() { # name authority
  openssl req "${new[@]}" -subj "/CN=$1" -addext "subjectAltName=DNS:$1.example.com" -keyout "$keys/$1.key" -out "$keys/$1.csr" &&
    openssl x509 -req -in "$keys/$1.csr" -CA "$keys/$2.pem" -CAkey "$keys/$2.key" -days 30 -copy_extensions copy -out "$keys/$1.pem"
}
{ authority ca && authority other && certificate proxy-a ca && certificate proxy-b ca && certificate proxy-c other; } >"$work/openssl" 2>&1 ||
  { cat "$work/openssl"; exit 1; }

# Names and the folder of the keys are of this machine; everything else is as it stands.
adapted() { # file
  sed -e "s#/etc/nfs-proxy/cluster#$keys#" -e "s#= proxy-a.example.com:#= ${address[a]}:#" -e "s#= proxy-b.example.com:#= ${address[b]}:#" "$1"
}
tunnel() { # name: sets others[name], the process itself
  nsenter --net="/proc/${machine[$1]}/ns/net" stunnel "$work/stunnel-$1.conf" >>"$work/stunnel-$1.out" 2>&1 </dev/null 3>&- &
  others[$1]=$!
}
for name in a b; do
  adapted "$examples/stunnel-$name.conf" >"$work/stunnel-$name.conf"
  tunnel $name
done

tcpdump -i lan -s 0 -U -w "$work/seen.pcap" 'host 10.98.254.1 and host 10.98.254.2' 2>/dev/null 3>&- &
dump=$!
others[dump]=$dump
echo "10.98.254.9 nfs.example.com" >"$work/hosts"
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java "-Djdk.net.hosts.file=$work/hosts" -jar "$jar")
for name in a b; do
  place=(nsenter "--net=/proc/${machine[$name]}/ns/net")
  check "instance $name starts from its file" proxy_start $name 2049 --config "$examples/proxy-$name.json"
done
place=()
page() { on "$1" curl -sS --max-time 10 http://127.0.0.1:9049/health/cluster; }
is_joined() { page "$1" | jq -e '.state == "joined" and (.instances | length) == 2'; } >/dev/null 2>&1
joined() {
  if wait_for 90 is_joined a && wait_for 20 is_joined b; then return; fi
  page a; page b; tail -n 5 "$work"/stunnel-*.out
  return 1
}
check "both are joined" joined
echo "     $(page a | jq -c '[.state, .address, (.instances[] | .name)]')"
sleep 3
kill $dump
wait $dump 2>/dev/null
nothing_in_the_clear() {
  local bytes
  bytes=$(stat -c %s "$work/seen.pcap")
  echo "     $bytes bytes captured between them, $(tshark -r "$work/seen.pcap" -d tcp.port==5711,tls -Y tls 2>/dev/null | wc -l) frames of TLS" >&4
  [ "$bytes" -gt 10000 ] || return 1
  equal 0 "$(strings -n 6 "$work/seen.pcap" | grep -c -e HZC -e hazelcast -e nfs.example.com -e proxy-a -e proxy-b)" || return 1
  equal "" "$(tshark -r "$work/seen.pcap" -Y 'tcp.len > 0 && !(tcp.port == 5711)' 2>/dev/null | head -n 3)"
}
exec 4>&1
check "a capture between them shows TLS to port 5711, and nothing of the cluster" nothing_in_the_clear
port_is_shut() { # the cluster's own port, from another machine
  ! on c timeout 3 bash -c "exec 5<>/dev/tcp/${address[a]}/5701"
}
check "Hazelcast's port is not reached from outside" port_is_shut
# A member of no cluster, by TLS: what an answer of Hazelcast would begin with never comes.
answered() { # openssl's options...
  { printf HZC; sleep 2; } | on c timeout 5 openssl s_client -quiet -connect "${address[a]}:5711" -CAfile "$keys/ca.pem" "$@" 2>"$work/s_client" | head -c 3
}
refused_without() { equal "" "$(answered)"; }
refused_other() { equal "" "$(answered -cert "$keys/proxy-c.pem" -key "$keys/proxy-c.key")"; }
refused_name() { # it may not come as proxy-a itself: only the other one's name is taken there
  equal "" "$(answered -cert "$keys/proxy-a.pem" -key "$keys/proxy-a.key")"
}
taken() { equal HZC "$(answered -cert "$keys/proxy-b.pem" -key "$keys/proxy-b.key")"; }
check "without a certificate nobody is let through" refused_without
check "with one of another CA neither" refused_other
check "with one of another name neither" refused_name
check "with the right one the same bytes are answered" taken

# ---- the tunnel breaks ------------------------------------------------------------------------------
is_alone() { page a | jq -e '.state == "local-only"'; } >/dev/null 2>&1
kill "${others[b]}"
end_of "${others[b]}" 10
on_a() { place=(); wait_for 60 is_alone && on a "$ci/null-call" 127.0.0.1 2049 5; }
check "without the tunnel an instance goes on alone, and serves" on_a
tunnel b
check "with it again both are joined" joined
finish 11
