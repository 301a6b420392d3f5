#!/bin/bash
# kill -9 of the proxy under load, and its start half a second later, again and again.
#   kill9.sh [--long] [--kerberos | --handed-over]     --long: 20 rounds instead of 5; of 3 with --kerberos
#
# client1 holds an exclusive lock and writes with fsync (4.2), client3 reads (v3 and 4.1), client2
# tries the lock at the origin itself, not through the proxy, the whole time. Both write 1 MiB at a time
# (v3 and 4.2): calls of which the origin has got a part when the proxy dies. With --kerberos the
# clients have keytabs, so the writer's state operations are krb5i although its mount is sec=sys. With --handed-over
# the listening socket outlives the proxy, which is started again at once, as by systemd, from a class-data archive.
. "$(dirname "$0")/common.sh"
. "$ci/lab/load.sh"

rounds=5 security='' over='' long=''
for option; do
  case $option in
    --long) long=1 ;;
    --kerberos) rounds=3 security=,sec=sys subject=kill9-kerberos ;;
    --handed-over) over=1 subject=kill9-handed-over ;;
    *) echo "usage: $0 [--long] [--kerberos | --handed-over]"; exit 2 ;;
  esac
done
[ -z "$long" ] || rounds=20
if [ -n "$security" ]; then guests_with_kerberos; else guests_without_kerberos; fi
begin_proxy() {
  if [ -z "$over" ]; then
    proxy_before "$origin"
    return
  fi
  java -XX:ArchiveClassesAtExit="$work/classes.jsa" -jar "$jar" demo --once >/dev/null 2>&1 || exit 1
  "${place[@]}" "$ci/supervise" "$proxy:2049" java -XX:SharedArchiveFile="$work/classes.jsa" -jar "$jar" \
    --config "$work/root.json" --origin "$origin:2049" --listen "$proxy:2049" </dev/null >"$work/events" 2>>"$work/proxy.err" &
  proxy_pid[proxy]=$!
  wait_for 60 times ready 1 || exit 1
}
times() { [ "$(grep -c " $1" "$work/events")" -ge "$2" ]; }
kill_and_begin() { # round
  if [ -z "$over" ]; then
    proxy_kill proxy
    sleep 0.5
    proxy_before "$origin"
    return
  fi
  kill -KILL "$(sed -nE 's/.* started ([0-9]+)$/\1/p' "$work/events" | tail -n 1)"
  wait_for 60 times ready $(($1 + 1))
}
guests_ready insecure 1 2 3
server=$proxy
[ -z "$security" ] || server=proxy
begin_proxy
"$lab" origin exec "/host$ci/lab/workload prepare /export/kill9-read; : >/export/kill9" || exit 1

load_start writer 1 write kill9 -v 4.2 -s "$server" -o "hard$security"
wait_for 30 load_has_lock writer
load_start watcher 2 watch kill9 -v 4.2 -s "$origin" -o "hard$security"
load_start reader-v3 3 read kill9-read -v 3 -s "$server" -o "$v3_ports$security"
load_start reader-v4.1 3 read kill9-read -v 4.1 -s "$server" -o "hard$security"
load_start large-v3 2 large kill9-large3 -v 3 -s "$server" -o "$v3_ports$security"
load_start large-v4.2 3 large kill9-large4 -v 4.2 -s "$server" -o "hard$security"
loads=(writer watcher reader-v3 reader-v4.1 large-v3 large-v4.2)
all_go_on() { load_goes_on 90 "${loads[@]}"; }
check "writer, watcher, readers and writers of 1 MiB at work" all_go_on

survived=0
for ((round = 1; round <= rounds; round++)); do
  sleep "1.$((RANDOM % 10))" # so that each kill meets another moment
  kill_and_begin "$round"
  all_go_on >"$work/stands" || break
  survived=$round
done
check "$rounds times kill -9: all went on each time" \
  eval 'cat "$work/stands"; equal "$rounds" "$survived"'
check "lock held at the origin the whole time" load_ended watcher
echo "     watcher, direct: refused $(load_result watcher)"
check "writer (4.2, locked, fsync): no error" load_ended writer
check "writer: $(load_result writer)" load_in_order writer /export/kill9
for version in v3 v4.1; do
  check "reader ($version): no error" load_ended reader-$version
  echo "     reader ($version): $(load_result reader-$version)"
done
for version in v3 v4.2; do
  check "writer of 1 MiB at a time ($version): no error, all as written" load_ended large-$version
  echo "     writer of 1 MiB ($version): $(load_result large-$version)"
done
if [ -n "$security" ]; then
  # SP4_MACH_CRED: the machine's ticket for the name it mounted is there although no mount asked.
  check "the writer's client used its machine credential towards nfs/proxy" \
    grep -qE 'ISSUE: .*host/client1@LAB.TEST for nfs/proxy@LAB.TEST' "$lab_dir/kdc/kdc.log"
  finish 10
fi
finish 9
