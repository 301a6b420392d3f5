#!/bin/bash
# More than one of everything: connections of one mount, versions on one client, clients, proxies
# and origins; and origins that have one version of NFS only.
. "$(dirname "$0")/common.sh"

established() { # address port: connections of the namespace's host with that peer or port
  ip netns exec "$LAB_NAME" ss -Htn state established "$1" | wc -l
}

guests_without_kerberos
guests_ready secure 1 2
proxy_before "$origin"

# nconnect=4 gives four client connections, and so four to the origin.
nconnect() {
  local pid from to
  rm -f "$guests/client1"/{connected,stop}
  "$lab" client run -n 1 -v 4.2 -s "$proxy" -o nconnect=4 -- '
    head -c 20000000 /dev/urandom >/run/sample
    for n in 1 2 3 4; do cp /run/sample nconnect.$n & done; wait
    touch /lab/connected; sync /lab/connected
    until [ -e /lab/stop ]; do sleep 0.1; done
    echo 3 >/proc/sys/vm/drop_caches
    for n in 1 2 3 4; do cmp /run/sample nconnect.$n || exit 1; done
    rm nconnect.*' &
  pid=$!
  wait_for 60 test -e "$guests/client1/connected" || return 1
  from=$(established "src $proxy:2049 and dst $LAB_NET.101")
  to=$(established "dst $origin:2049")
  touch "$guests/client1/stop"
  end_of $pid 60 || return 1
  # What is still there without a client, the proxy has for its own questions.
  wait_for 10 unconnected && sleep 0.5
  to=$((to - $(established "dst $origin:2049")))
  equal "4 from the client, 4 to the origin" "$from from the client, $to to the origin"
}
unconnected() { [ "$(established "src $proxy:2049 and dst $LAB_NET.101")" = 0 ]; }
check "nconnect=4: four connections on each side, data intact" nconnect

two_versions() {
  "$lab" client run -v 4.1 -s "$proxy" -- '
    other=$(mktemp -d /mnt/other.XXXXXX)
    mount -t nfs -o vers=4.0 '"$proxy"':/export $other || exit 1
    trap "cd /; umount $other" EXIT
    echo one >versions; [ "$(cat $other/versions)" = one ] || exit 2
    echo two >>$other/versions; [ "$(tail -n 1 versions)" = two ] || exit 3
    rm $other/versions; ! cat versions 2>/dev/null || exit 4
    [ "$(grep -cE " ($MNT|$other) nfs4 .*vers=4.[01]," /proc/mounts)" = 2 ]'
}
check "4.1 and 4.0 mounted at once" two_versions

# Each writes, then reads what the other wrote; a file in /lab says that it is there.
two_clients() {
  local n other pids=()
  rm -f "$guests"/client[12]/written "$guests"/client[12]/other-wrote
  for n in 1 2; do
    other=$((3 - n))
    "$lab" client run -n $n -v 4.$n -s "$proxy" -- "
      seq -f 'client$n %.0f' 100000 >two.$n
      touch /lab/written; sync /lab/written
      until [ -e /lab/other-wrote ]; do sleep 0.1; done
      awk '\$0 != \"client$other \" NR { exit 1 } END { exit NR != 100000 }' two.$other" &
    pids[n]=$!
  done
  for n in 1 2; do wait_for 90 test -e "$guests/client$n/written" || return 1; done
  for n in 1 2; do touch "$guests/client$n/other-wrote"; done
  end_of "${pids[1]}" 60 && end_of "${pids[2]}" 60
}
check "two clients at once, each reads what the other wrote" two_clients

# A second proxy on this machine, for a second, unrelated origin.
two_origins() {
  "$lab" reexport start -b && "$lab" reexport exec '
    mkdir -p /export && mount -t tmpfs tmpfs /export && echo second >/export/ID &&
    exportfs -o rw,no_root_squash,fsid=1 "*:/export"' || return 1
  proxy_start second 2050 --origin "$LAB_NET.20:2049" --listen "$proxy:2050" || return 1
  "$lab" client run -v 4.2 -s "$proxy" -- '
    other=$(mktemp -d /mnt/other.XXXXXX)
    mount -t nfs -o vers=4.2,port=2050 '"$proxy"':/export $other || exit 1
    trap "cd /; umount $other" EXIT
    cat ID $other/ID; echo a >which; echo b >$other/which' >"$work/ids" || return 1
  equal $'/export\nsecond' "$(cat "$work/ids")" &&
    equal a "$("$lab" origin exec 'cat /export/which')" &&
    equal b "$("$lab" reexport exec 'cat /export/which')"
}
check "two proxies for two origins side by side" two_origins
proxy_stop second
"$lab" reexport stop

# One version only, at the origin. The proxy is started anew: what it finds at its start is logged.
origin_with() { # rpc.nfsd options: which versions to leave out
  "$lab" origin exec "rpc.nfsd 0; rpc.nfsd $* --grace-time 10 --lease-time 15 8"
}
mounted() { equal /export "$("$lab" client run -v "$1" -s "$proxy" -o "$2" -- cat ID)"; }
refusal() { # host version options: what mount says when it is refused
  local output status
  output=$("$lab" client run -v "$2" -s "$1" -o "$3,retry=0" -- true 2>&1)
  status=$?
  echo "${output//$1/SERVER} ($status)"
}
refused_as_direct() { # version options-through-the-proxy options-direct
  local direct
  direct=$(refusal "$origin" "$1" "$3")
  contains "$direct" '\(120\)$' && equal "$direct" "$(refusal "$proxy" "$1" "$2")"
}
proxy_stop proxy
origin_with -N 4
proxy_before "$origin"
check "origin with v3 only: v3 works" mounted 3 "$v3_ports"
check "origin with v3 only: v4.2 is refused as by the origin" refused_as_direct 4.2 hard hard
proxy_stop proxy
origin_with -N 3
proxy_before "$origin"
check "origin with v4 only: v4.2 works" mounted 4.2 hard
check "origin with v4 only: v3 is refused as by the origin" \
  refused_as_direct 3 "$v3_ports" "${v3_ports/mountport=2049/mountport=20048}"
proxy_stop proxy
origin_with -V 3 -V 4
finish 8
