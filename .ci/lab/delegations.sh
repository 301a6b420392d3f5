#!/bin/bash
# A read delegation, granted and recalled through the proxy: client1 reads and holds it, client2
# writes. The origin's states show it before and not after, and client1 counts one DELEGRETURN.
#
# All of that happens without a recall as well, much later: the origin then takes the delegation away
# when the lease (15 s) is over, and client1 is told by its next SEQUENCE. So the write must end before.
. "$(dirname "$0")/common.sh"

granted() { # file
  "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' |
    grep -E "type: deleg, access: r.*filename: \"[^\"]*$1\""
}
writes_meanwhile() { # file: prints the milliseconds that the open and the write took
  "$lab" client run -n 2 -v "$version" -s "$proxy" -- "
    before=\${EPOCHREALTIME/./}; echo written >>$1 && sync $1 || exit 1
    echo \$(((\${EPOCHREALTIME/./} - before) / 1000))" >"$work/waited"
}
gone() { # file
  { ! granted "$1" && [ "$(<"$work/waited")" -lt 15000 ]; } ||
    { echo "the write waited $(<"$work/waited") ms for the delegation"; return 1; }
}

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
  check "v$version: another client writes" writes_meanwhile "$file"
  check "v$version: recalled, in $(<"$work/waited") ms: gone from the origin's states" gone "$file"
  touch "$guests/client1/stop-reading"
  end_of $pid 30
  check "v$version: the reader gave it back and reads what was written" \
    equal $'written\nDELEGRETURN: 1' "$(cat "$work/reader")"
done
finish 8
