#!/bin/bash
# The examples that are no configuration of ours alone: two instances behind haproxy, started as they
# stand but for addresses; Kubernetes manifests and a systemd unit as far as this machine can tell.
. "$(dirname "$0")/common.sh"
examples=$checkout/examples
origin_port=20512
null_origin $origin_port 0
for last in 10 11 12; do ip addr add 10.0.0.$last/24 dev lan; done

check "haproxy accepts its configuration" haproxy -c -f "$examples/haproxy/haproxy.cfg"
listening() { [ -n "$(ss -Hltn "src ${2:-$here} and sport = :$1")" ]; }
for name in a:11 b:12; do
  here=10.0.0.${name#*:}
  sed -e "s/127.0.0.1/$here/" -e "s/\"host\": \"nfs.example.com\"/\"host\": \"127.0.0.1\", \"port\": $origin_port/" \
    "$examples/haproxy/proxy-${name%:*}.json" >"$work/${name%:*}.json"
  check "instance ${name%:*} starts from its file" proxy_start ${name%:*} 2050 --config "$work/${name%:*}.json"
done
sed -e 's/bind :2049/bind 10.0.0.10:2049/' -e 's/^    server a /    source 10.0.0.10\n&/' \
  "$examples/haproxy/haproxy.cfg" >"$work/haproxy.cfg"
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.out" 2>"$work/haproxy.err" </dev/null &
balancer=$!
balancer_leave() { kill $balancer 2>/dev/null; }
at_exit+=(balancer_leave)
here=10.0.0.10
wait_for 10 listening 2049
sleep 1.5
calls() { "$ci/null-call" 10.0.0.10 2049 5 >/dev/null; }
page() { curl -sS --max-time 5 "http://10.0.0.$1:9049$2"; }
check "a client is served through haproxy" calls
# Its checks go on all the time: neither may have cost the origin a connection.
connections_before=$(grep -c ^connection "$work/origin-$origin_port.out")
sleep 2
check "haproxy's checks open nothing at the origin, and are in no log" eval '
  equal $connections_before $(grep -c ^connection "$work/origin-$origin_port.out") &&
    equal "" "$(grep -E "WARN|ERROR" "$work/a.err" "$work/b.err" | grep -v " origin ")"'
check "each says who it is" eval '
  contains "$(page 11 /info)" "\"instance\":\"a\"" && contains "$(page 12 /info)" "\"instance\":\"b\""'
proxy_kill a
check "one killed: clients are served by the other" eval 'for n in 1 2 3 4 5; do calls || exit 1; done'
proxy_stop b

check "Kubernetes: manifests agree with each other and with what the proxy says" \
  python3 -I "$ci/user-space/manifests" "$examples/kubernetes/nfs-proxy.yaml" "$work/kubernetes.json"
check "Kubernetes: the configuration in the manifest is accepted" \
  java -jar "$jar" check-config "$work/kubernetes.json"
# The jar and Java need not be where the unit says.
sed -e 's,/usr/bin/java,/bin/true,' "$examples/systemd/nfs-proxy.service" >"$work/nfs-proxy.service"
check "systemd accepts the unit" eval '
  said=$(systemd-analyze verify "$work/nfs-proxy.service" 2>&1) && equal "" "$said"'
check "systemd: exposure below 2 of 10, without root" \
  systemd-analyze security --offline=true --threshold=20 "$work/nfs-proxy.service"
finish 11
