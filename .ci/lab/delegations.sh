#!/bin/bash
# A read delegation, granted and recalled through the proxy: client1 reads and holds it, client2
# writes. The origin's states show it before and not after, and client1 counts one DELEGRETURN: a
# delegation whose recall got lost would be revoked instead, without that operation.
. "$(dirname "$0")/common.sh"

granted() { # file
  "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' |
    grep -E "type: deleg, access: r.*filename: \"[^\"]*$1\""
}
not_granted() { ! granted "$1" >/dev/null; }

# The first opens bring the callback channel up, without which nothing is granted.
reader='
  touch $FILE
  for n in 1 2 3; do cat $FILE ID >/dev/null; sleep 0.3; done
  exec 3<$FILE
  cat <&3
  touch /lab/reading; sync /lab/reading
  until [ -e /lab/stop-reading ]; do sleep 0.1; done
  exec 3<&-
  cat $FILE
  awk -v m=$MNT "/^device/ { mine = \$5 == m } mine && /DELEGRETURN:/ { print \$1, \$2 }" \
    /proc/self/mountstats'

guests_without_kerberos
guests_ready insecure 1 2
proxy_before "$origin"
for version in 4.1 4.2; do
  file=delegation-$version-$$
  rm -f "$guests/client1"/{reading,stop-reading}
  "$lab" client run -n 1 -v $version -s "$proxy" -- "FILE=$file; $reader" >"$work/reader" 2>&1 &
  pid=$!
  wait_for 30 test -e "$guests/client1/reading"
  check "v$version: the origin's states show a read delegation" granted "$file"
  started=$(milliseconds)
  check "v$version: another client writes" \
    "$lab" client run -n 2 -v $version -s "$proxy" -- "echo written >>$file"
  took=$(seconds_since "$started")
  check "v$version: recalled: gone from the origin's states ($took s for mount, write, unmount)" \
    not_granted "$file"
  touch "$guests/client1/stop-reading"
  end_of $pid 30
  check "v$version: the reader gave it back and reads what was written" \
    equal $'written\nDELEGRETURN: 1' "$(cat "$work/reader")"
done
finish 8
