#!/bin/bash
# What the proxy asks the origin beside what clients ask: nothing, where all exports have the same
# parameters; little, where they differ, since it learns from the replies that pass. The client's
# own counter of calls and the origin's are compared over an untar of a tree of 1,000 files.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure 1
python3 - "$work/tree.tar" <<'PYTHON' || exit 1
import io, random, sys, tarfile
# Sizes and depths are those of a kernel's sources: 12 files in a directory, 12 KB in the mean, most of
# them smaller, some links.
random.seed(2)
with tarfile.open(sys.argv[1], "w") as tar:
    for n in range(1000):
        folder = n // 12
        path = f"tree/{folder % 9}/{folder % 40}/{folder}" if folder % 3 else f"tree/{folder % 9}"
        entry = tarfile.TarInfo(f"{path}/file{n}.c")
        entry.mode = 0o644
        if n % 100 == 99:
            entry.type, entry.linkname = tarfile.SYMTYPE, f"file{n - 1}.c"
            tar.addfile(entry)
            continue
        entry.size = min(int(random.expovariate(1 / 12000)), 200000)
        tar.addfile(entry, io.BytesIO(random.randbytes(entry.size)))
PYTHON

# Of all guests: one that was left with a mount renews its lease meanwhile.
client_calls() {
  local n sum=0
  for n in 1 2 3; do
    ! runs "client$n" ||
      sum=$((sum + $("$lab" client exec -n $n 'awk "/^rpc / { print \$2 }" /proc/net/rpc/nfs')))
  done
  echo $sum
}
origin_calls() { "$lab" origin exec 'awk "/^rpc / { print \$2 }" /proc/net/rpc/nfsd'; }
# Both at one moment: again if the client has called in between.
calls() {
  local before after at
  for _ in 1 2 3 4 5; do
    before=$(client_calls) at=$(origin_calls) after=$(client_calls)
    [ "$before" != "$after" ] || { echo "$after $at"; return 0; }
  done
  return 1
}
untar() { # version options server folder: sets sent and received; the mount is there before and after
  local options=vers=$1${2:+,$2} c0 o0 c1 o1
  untar_began=$SECONDS
  "$lab" client exec -n 1 "mkdir -p /mnt/tree && mount -t nfs -o $options $3:/export /mnt/tree &&
    ls /mnt/tree/$4 >/dev/null && mkdir /mnt/tree/$4/untar && sync" || return 1
  read -r c0 o0 < <(calls)
  "$lab" client exec -n 1 "cd /mnt/tree/$4/untar && tar xf /host$work/tree.tar --no-same-owner &&
    [ \$(find . -type f -o -type l | wc -l) = 1000 ] && sync"
  status=$?
  read -r c1 o1 < <(calls)
  "$lab" client exec -n 1 "cd / && umount /mnt/tree"
  "$lab" origin exec "rm -rf /export/$4/untar"
  sent=$((c1 - c0)) received=$((o1 - o0))
  return $status
}
# Once a minute the proxy asks the origin for its versions, in six calls, whatever clients do.
of_clients() { # sets received to what is not that
  local surplus=$((received - sent)) looks=$(((SECONDS - untar_began) / 60 + 1))
  if [ $surplus -gt 0 ] && [ $((surplus % 6)) = 0 ] && [ $surplus -le $((looks * 6)) ]; then
    received=$sent
    echo "     (and $surplus of the proxy's own, once a minute: the origin's versions)"
  fi
}
direct_and_through() { # version options: the counters of both
  untar "$1" "${2/2049,mountport=2049/2049,mountport=20048}" "$origin" . || return 1
  of_clients
  echo "     v$1, direct: the client sent $sent calls, the origin received $received"
  equal "$sent" "$received" || return 1
  untar "$1" "$2" "$proxy" . || return 1
  of_clients
  echo "     v$1, through the proxy: $sent and $received"
  equal "$sent" "$received"
}
report() { grep '^     [v(]' "$work/said"; }

# ---- one set of parameters ------------------------------------------------------------------------
proxy_with() { # rules millis [millis]: looks at the list of exports so often, asks a quiet origin so soon
  cat >"$work/counters.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "origin": { "host": "$origin", "quietMillis": ${3:-600000} } },
  "exports": { "parameters": { "squash": "none" }, "rules": [ $1 ] },
  "discovery": { "refreshMillis": $2 },
  "admin": { "host": "$proxy", "port": 9049 }
}
JSON
  proxy_start proxy 2049 --config "$work/counters.json" || exit 1
}
settled() { # the origin's counter, when it has stood still for a second
  local last=-1 now
  until now=$(origin_calls) && [ "$now" = "$last" ]; do last=$now; sleep 1; done
  echo "$now"
}
idle=$(settled)
proxy_with '' 3600000
began=$(settled)
echo "     the proxy's start: $((began - idle)) calls of its own"
check "the start costs a handful of calls" [ $((began - idle)) -le 40 ]
check "v3: the origin gets the client's calls and no other" direct_and_through 3 "$v3_ports"
report
check "v4.2: the origin gets the client's calls and no other" direct_and_through 4.2 ''
report
proxy_stop proxy
proxy_with '' 1000
before=$(origin_calls)
sleep 10
each=$((($(origin_calls) - before) / 10))
echo "     each look at the list of exports: $each calls, by default one a minute"
check "a look costs a handful of calls" [ $each -le 40 ]
proxy_stop proxy

proxy_with '' 3600000 2000
before=$(settled)
sleep 12
asked=$(($(origin_calls) - before))
echo "     an origin that nobody uses is asked every 2 seconds, in 12 seconds: $asked calls"
check "a quiet origin is asked by one call each time" eval '[ $asked -ge 4 ] && [ $asked -le 13 ]'
proxy_stop proxy

# ---- parameters that differ -----------------------------------------------------------------------
rules='{ "path": "/export/xfs", "squash": "root" },
  { "path": "/export/btrfs", "clients": ["192.0.2.0/24"] },
  { "path": "/export/deep/ext4", "access": "ro" },
  { "path": "/export/deep/tmpfs", "hidden": true }'
proxy_with "$rules" 3600000
"$lab" origin exec 'chmod 1777 /export/xfs'
few_more() { # version options folder
  untar "$1" "$2" "$proxy" "$3" || return 1
  echo "     v$1, rules, into /export/$3: the client sent $sent calls, the proxy added" \
    "$((received - sent)) ($(((received - sent) * 10000 / sent)) in 10,000)"
  [ $(((received - sent) * 20)) -lt "$sent" ] && [ "$received" -ge "$sent" ]
}
check "v3, differing rules: less than 5 % more calls" few_more 3 "$v3_ports" .
report
check "v4.2, differing rules: less than 5 % more calls" few_more 4.2 '' .
report
check "v4.0, squashed in a filesystem of its own: less than 5 % more calls" few_more 4.0 '' xfs
report
check "the proxy stops with 0" proxy_stop proxy
finish 9
