#!/bin/bash
# The example of locks through two instances, by its files as they stand: keepalived moves the lock address between
# two machines of their own as far as the network goes; the proxy that has it is killed, and comes back.
# Needs Debian's keepalived and curl; root.
. "$(dirname "$0")/common.sh"
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for networks" >&2; exit 1; }
command -v keepalived >/dev/null || { echo "no keepalived: apt-get install keepalived" >&2; exit 1; }
examples=$checkout/examples/locks-keepalived

declare -A at=([a]=11 [b]=12) keepalived=()
leave() {
  local pid
  for pid in "${keepalived[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${keepalived[@]}"; do wait_for 5 ended "$pid"; done
}
at_exit=(leave "${at_exit[@]}")
ip address add 10.0.0.2/24 dev lan
# eth0 has the address clients know, and that of the instances' own network.
for name in a b; do machine_begin $name eth0 "10.0.0.${at[$name]}/24" "10.20.0.${at[$name]}/24" || exit 1; done
null_origin 2049 0 10.0.0.2
(umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/locks.secret")

moves() { # name: keepalived from its file
  nsenter --net="/proc/${machine[$1]}/ns/net" keepalived --dont-fork --log-console --vrrp \
    --use-file="$examples/keepalived-$1.conf" --pid="$work/keepalived-$1.pid" --vrrp_pid="$work/vrrp-$1.pid" \
    >>"$work/keepalived-$1.out" 2>&1 </dev/null 3>&- &
  keepalived[$1]=$!
}
echo "10.0.0.2 nfs.example.com" >"$work/hosts"
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java "-Djdk.net.hosts.file=$work/hosts" -jar "$jar")
# Folders are of this machine; everything else is as it stands.
begin() { # name
  local place=(nsenter "--net=/proc/${machine[$1]}/ns/net")
  sed -e "s#/etc/nfs-proxy/locks.secret#$work/locks.secret#" -e "s#/var/lib/nfs-proxy#$work/state-$1#" \
    "$examples/proxy-$1.json" >"$work/proxy-$1.json"
  proxy_start "$1" 4045 --config "$work/proxy-$1.json"
}
complaints() { # name file: keepalived ends its check by a signal, so only what it says tells
  : >"$work/test"
  on "$1" keepalived --config-test="$work/test" --use-file="$2"
  cat "$work/test" >&4
}
accepted() { # name: its file, and not one with a misspelt word
  sed 's/nopreempt/nopreemt/' "$examples/keepalived-$1.conf" >"$work/misspelt.conf"
  equal "" "$(complaints "$1" "$examples/keepalived-$1.conf" 4>&1 >/dev/null 2>&1)" &&
    contains "$(complaints "$1" "$work/misspelt.conf" 4>&1 >/dev/null 2>&1)" nopreemt
}
for name in a b; do
  check "keepalived accepts the file of $name" accepted $name
  check "instance $name starts from its file" begin $name
done
for name in a b; do moves $name; done

page() { on "$1" curl -s --max-time 5 "http://127.0.0.1:9049$2"; }
serves() { page "$1" /locks | grep -q '"locks":\['; }
tells() { page "$1" /locks | grep -q "\"owner\":\"proxy-$2\""; }
one_serves() { # the other one tells who
  if serves a && tells b a; then owner=a other=b; return; fi
  serves b && tells a b && owner=b other=a
}
check "one of them gets the address and serves locks; the other one tells which" wait_for 60 one_serves
first=$owner
proxy_kill "$first"
next_serves() { serves "$other"; }
check "its proxy is killed, and keepalived still runs there: the other one has the address, and serves" wait_for 20 next_serves
check "it is started again" begin "$first"
knows() { tells "$first" "$other"; }
check "it does not take the address back, and brings its calls to the other one" wait_for 30 knows
kill "${keepalived[$other]}"
back() { serves "$first" && tells "$other" "$first"; }
check "keepalived ends there: the address is back, and its locks with it" wait_for 20 back
finish 9
