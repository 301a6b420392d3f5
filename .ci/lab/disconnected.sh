#!/bin/bash
# A proxy that has just started gets a filehandle of a file, in a filesystem that the origin does not
# list and that nobody has entered: an export without a path, until a directory of it is met.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$ci/lab/listed.sh"
guests_without_kerberos
guests_ready insecure 1
admin=127.0.0.1:9049
starts() { proxy_start proxy 2049 --listen "$proxy:2049" --origin "$origin:2049"; }
known() { listed True path state fsid why | sed 's/^/     | /'; }
# Reads and asks for attributes by what it holds open alone, each time /run/go is written to. (With one
# set of parameters for all exports nothing is asked because of a READ, which shows no attributes.)
holder='
rm -f /run/go /run/said; mkfifo /run/go
exec 3<"$1"; cd /
touch /run/held
while read -r _ </run/go; do
  echo 3 >/proc/sys/vm/drop_caches
  { stat --cached=never -L -c "%s bytes" /proc/self/fd/3; cat <&3; } >/run/said 2>&1
  touch /run/done
done'
holds() { # version options
  local options=vers=$1,noac${2:+,$2}
  "$lab" client exec -n 1 "rm -f /run/held /run/done; mkdir -p /mnt/held &&
    mount -t nfs -o $options $proxy:/export /mnt/held || exit 1
    setsid bash -c '${holder//\'/\'\\\'\'}' holder /mnt/held/deep/ext4/ID >/dev/null 2>&1 </dev/null &
    echo \$! >/run/holder
    for _ in {1..100}; do [ ! -e /run/held ] || exit 0; sleep 0.1; done; exit 1"
}
reads() {
  local said
  said=$("$lab" client exec -n 1 'timeout 60 bash -c "echo >/run/go"
    for _ in {1..600}; do [ ! -e /run/done ] || break; sleep 0.1; done; cat /run/said')
  equal "18 bytes
/export/deep/ext4" "$said"
}
lets_go() {
  "$lab" client exec -n 1 'kill $(cat /run/holder); cd /; for _ in {1..50}; do
    umount /mnt/held 2>/dev/null && exit 0; sleep 0.1; done; exit 1'
}
without_path() { [ -n "$(listed 'e["state"] == "disconnected" and e["path"] is None' state)" ]; }
connected() { [ "$(listed 'e["path"] == "/export/deep/ext4"' state)" = connected ]; }
fsid_of() { listed "$1" fsid.nfs4; }
merged() { # fsid: that row has the path, and nothing is left without one
  connected && [ "$(fsid_of 'e["path"] == "/export/deep/ext4"')" = "$1" ] &&
    [ -z "$(listed 'e["state"] != "connected"' state)" ]
}
for version in 3 4.0 4.2; do
  options=
  [ $version != 3 ] || options=$v3_ports
  starts || exit 1
  check "v$version: a client holds a file of a nested filesystem open" holds $version "$options"
  proxy_kill proxy
  starts || exit 1
  check "v$version: kill -9, started again: it is not known" eval '! connected && ! without_path'
  check "v$version: the file is read by its handle" reads
  check "v$version: its filesystem is an export without a path" wait_for 10 without_path
  fsid=$(fsid_of 'e["path"] is None')
  known
  check "v$version: a directory of it is met" \
    "$lab" client exec -n 1 'ls -l /mnt/held/deep/ext4 >/dev/null'
  check "v$version: it has its path, and is one export" wait_for 10 merged "$fsid"
  known
  check "v$version: the client lets go" lets_go
  proxy_stop proxy
done

# Rules make the place matter at once: a client that only appends to a file goes on, under the rules of
# the place and no others. Nobody enters a directory.
cat >"$work/rules.json" <<JSON
{ "exports": { "parameters": { "squash": "none" },
               "rules": [ { "path": "/export/xfs", "access": "ro" },
                          { "path": "/export/btrfs", "hidden": true } ] } }
JSON
under_rules() {
  proxy_start proxy 2049 --config "$work/rules.json" --listen "$proxy:2049" --origin "$origin:2049"
}
appends='
exec 3>>"$1"; cd /
for n in {1..600}; do
  [ ! -e /run/enough ] || exit 0
  echo $n >&3 && sync /proc/self/fd/3 && echo $n >/run/appended || { echo failed $n; exit 1; }
  sleep 0.1
done'
appender() { # version options
  local options=vers=$1${2:+,$2}
  "$lab" client exec -n 1 "rm -f /run/enough /run/appended; mkdir -p /mnt/held &&
    mount -t nfs -o $options $proxy:/export /mnt/held || exit 1
    setsid bash -c '${appends//\'/\'\\\'\'}' appends /mnt/held/deep/ext4/appended \
      >/run/failed 2>&1 </dev/null &"
}
goes_on() {
  "$lab" client exec -n 1 'from=$(cat /run/appended)
    for _ in {1..300}; do
      [ ! -s /run/failed ] || { cat /run/failed; exit 1; }
      [ "$(cat /run/appended)" -lt $((from + 5)) ] || exit 0
      sleep 0.1
    done; echo "stands at $from"; exit 2'
}
for version in 3 4.2; do
  options=
  [ $version != 3 ] || options=$v3_ports
  "$lab" origin exec ': >/export/deep/ext4/appended'
  under_rules || exit 1
  appender $version "$options" || exit 1
  check "v$version, rules elsewhere: a client appends to a file of a nested filesystem" \
    eval 'sleep 1; goes_on'
  proxy_kill proxy
  under_rules || exit 1
  check "v$version: kill -9, started again: it goes on" goes_on
  check "v$version: and the filesystem has its path" connected
  "$lab" client exec -n 1 'touch /run/enough; sleep 0.5; umount /mnt/held'
  proxy_stop proxy
done
"$lab" origin exec 'rm /export/deep/ext4/appended'
finish 27
