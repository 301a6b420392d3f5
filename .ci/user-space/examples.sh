#!/bin/bash
# The examples that are no configuration of ours alone: two instances behind haproxy, each on a machine
# of its own as far as the network goes, by the files as they stand, drained and rebalanced; Kubernetes
# manifests and a systemd unit as far as this machine can tell.
. "$(dirname "$0")/common.sh"
examples=$checkout/examples

# ---- haproxy --------------------------------------------------------------------------------------
# 10.0.0.1 is the origin and a client; 10, 11 and 12 the machines of the example.
ip addr add 10.0.0.1/24 dev lan
for last in 10 11 12; do machine_begin $last lan0 "10.0.0.$last/24" || exit 1; done
null_origin 2049 0 10.0.0.1
# The one name in the example.
echo "10.0.0.1 nfs.example.com" >"$work/hosts"
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java "-Djdk.net.hosts.file=$work/hosts" -jar "$jar")

check "haproxy accepts its configuration" haproxy -c -f "$examples/haproxy/haproxy.cfg"
for name in a:11 b:12; do
  place=(nsenter "--net=/proc/${machine[${name#*:}]}/ns/net")
  check "instance ${name%:*} starts from its file" \
    proxy_start ${name%:*} 2050 --config "$examples/haproxy/proxy-${name%:*}.json"
done
on 10 haproxy -db -f "$examples/haproxy/haproxy.cfg" >"$work/haproxy.out" 2>"$work/haproxy.err" </dev/null 3>&- &
balancer=$!
balancer_leave() { kill $balancer 2>/dev/null; }
at_exit=(balancer_leave "${at_exit[@]}")
place=(nsenter "--net=/proc/${machine[10]}/ns/net")
wait_for 10 listening 2049
place=()
sleep 1.5
calls() { "$ci/null-call" 10.0.0.10 2049 5 >/dev/null; }
page() { curl -sS --max-time 5 "http://10.0.0.$1:9049$2"; }
post() { # machine path: as its administrator does, by its own address
  on "$1" curl -sS --max-time 5 -X POST -w ' %{http_code}' "http://10.0.0.$1:9049$2"
}
check "a client is served through haproxy" calls
# Its checks go on all the time: neither may have cost the origin a connection.
connections_before=$(grep -c ^connection "$work/origin-2049.out")
sleep 2
check "haproxy's checks open nothing at the origin, and are in no log" eval '
  equal $connections_before $(grep -c ^connection "$work/origin-2049.out") &&
    equal "" "$(grep -E "WARN|ERROR" "$work/a.err" "$work/b.err" | grep -v " origin ")"'
check "each says who it is" eval '
  contains "$(page 11 /info)" "\"instance\":\"a\"" && contains "$(page 12 /info)" "\"instance\":\"b\""'

# Clients that stay: each has made a call.
held=()
client_comes() {
  local fd
  exec {fd}<>/dev/tcp/10.0.0.10/2049 || return
  printf '\x80\0\0\x28\0\0\0\1\0\0\0\0\0\0\0\2\0\1\x86\xa3\0\0\0\3' >&$fd
  printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >&$fd
  held+=("$fd")
  equal 28 "$(timeout 5 head -c 28 <&$fd | wc -c)"
}
have() { # connections at a, at b
  [ "$(clients_of 11) $(clients_of 12)" = "$1 $2" ] || {
    echo "a and b have $(clients_of 11) and $(clients_of 12) clients, not $1 and $2"
    return 1
  }
}
clients_of() { page "$1" /info | grep -oE '"connections":[0-9]+' | grep -oE '[0-9]+$'; }
check "four clients: two at each" eval '
  client_comes && client_comes && client_comes && client_comes && wait_for 5 have 2 2'
check "who is on another machine may not drain" eval '
  contains "$(curl -sS -X POST -w " %{http_code}" http://10.0.0.11:9049/drain)" "not from this address.* 403"'
check "drain by the machine's own address" contains "$(post 11 /drain)" '"draining":true.* 202'
check "a's clients are sent away, b's stay" wait_for 20 have 0 2
check "they come back, to b" eval 'client_comes && client_comes && wait_for 5 have 0 4'
check "undrain" contains "$(post 11 /undrain)" '"draining":false.* 202'
check "haproxy sends to a again" eval '
  a_serves() { contains "$(on 10 curl -sS -o /dev/null -w "%{http_code}" http://10.0.0.11:9049/health/accepting)" 200; }
  wait_for 10 a_serves && sleep 1.5 && calls'
check "rebalance: b gives half away" contains "$(post 12 '/rebalance?share=0.5')" '"shed":2.* 202'
check "they leave b" wait_for 20 have 0 2
check "and go where the fewest are" eval 'client_comes && client_comes && wait_for 5 have 2 2'
proxy_kill a
check "one killed: clients are served by the other" eval 'for n in 1 2 3 4 5; do calls || exit 1; done'
proxy_stop b

# ---- Kubernetes, systemd ----------------------------------------------------------------------------
check "Kubernetes: manifests agree with each other and with what the proxy says" \
  python3 -I "$ci/user-space/manifests" "$examples/kubernetes/nfs-proxy.yaml" "$work/kubernetes.json"
check "Kubernetes: the configuration in the manifest is accepted" \
  java -jar "$jar" check-config "$work/kubernetes.json"
# The jar and Java need not be where the unit says.
sed -e 's,/usr/bin/java,/bin/true,' "$examples/systemd/nfs-proxy.service" >"$work/nfs-proxy.service"
check "systemd accepts the units" eval '
  cp "$examples/systemd/nfs-proxy.socket" "$work"; said=$(systemd-analyze verify "$work"/nfs-proxy.{service,socket} 2>&1) && equal "" "$said"'
check "systemd: exposure below 2 of 10, without root" \
  systemd-analyze security --offline=true --threshold=20 "$work/nfs-proxy.service"
finish 21
