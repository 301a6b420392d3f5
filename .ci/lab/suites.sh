#!/bin/bash
# The protocol's own test suites through the proxy with the cache on, beside the same at the origin:
# those of pynfs (NFSv4.0 and 4.2) and Connectathon's. They are not in this repository:
#   PYNFS=/folder CTHON=/folder .ci/lab/suites.sh
# PYNFS after its `setup.py build`, with what it imports in PYTHONPATH; CTHON after its `make`. One may be left out.
#   SUITES_VERSIONS="3 4.2"  of Connectathon's; the client has the host's kernel and compiler
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pynfs=${PYNFS:-} cthon=${CTHON:-}
[ -n "$pynfs$cthon" ] || { echo "no suite to run: PYNFS or CTHON says in which folder one is" >&2; exit 1; }
[ -z "$pynfs" ] || [ -e "$pynfs/nfs4.1/xdrdef/nfs4_pack.py" ] || { echo "no pynfs that was built at $pynfs" >&2; exit 1; }
[ -z "$cthon" ] || [ -x "$cthon/lock/tlock64" ] || { echo "no Connectathon tests that were built at $cthon" >&2; exit 1; }
read -r -a versions <<<"${SUITES_VERSIONS:-3 4.0 4.1 4.2}"
admin=127.0.0.1:9049
# What differs and is meant to: no write delegation, and sessions that are made larger.
meant=(DELEG2 CSESS26 CSESS27 SEQ6 SEQ7)
guests_without_kerberos
guests_ready insecure
# So that as much as can be is kept.
cat >"$work/suites.json" <<JSON
{ "listen": { "host": "$proxy", "portmap": { "enabled": true } }, "backend": { "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } },
  "locks": { "enabled": true, "stateDirectory": "$work/locks" },
  "cache": { "enabled": true, "memoryBytesMax": 134217728, "minimumBytes": 512, "settledAgeMillis": 1000,
             "directory": "$work/disk", "diskBytesMax": 1073741824 } }
JSON
mkdir "$work/locks"
proxy_start proxy 2049 --config "$work/suites.json" || exit 1
at_exit=(suites_swept "${at_exit[@]}")
suites_swept() { "$lab" origin exec 'rm -rf /export/suite-*'; }

counted() { # name: what the proxy counts
  "${place[@]}" curl -sf "http://$admin/cache" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
pynfs_runs() { # folder server name
  "$lab" origin exec "mkdir -m 777 /export/suite-$3"
  (cd "$pynfs/nfs$1" && "${place[@]}" python3 testserver.py "$2:/export/suite-$3" --maketree all) \
    </dev/null >"$work/$3.log" 2>&1 || { tail -n 5 "$work/$3.log"; return 1; }
}
pynfs_as_directly() { # folder fewest-tests: both at once, most of it is waiting
  local direct
  pynfs_runs "$1" "$origin" "direct-$1" & direct=$!
  pynfs_runs "$1" "$proxy" "proxied-$1" || return 1
  wait $direct && "$ci/lab/suite-verdicts" "$work/direct-$1.log" "$work/proxied-$1.log" "$2" "${meant[@]}"
}
# The client's own cache is emptied all the time: else nothing is read twice.
cthon_said() { # version server
  LAB_KERNEL='' "$lab" client run -n 1 -v "$1" -s "$2" -o hard -- "
    cp -r /host$cthon /tmp/suite && cd /tmp/suite && mkdir \$MNT/suite-c || exit
    while sleep 0.3; do echo 1 >/proc/sys/vm/drop_caches; done & dropper=\$!
    for suite in b g s l; do sh runtests -\$suite -f \$MNT/suite-c/\$suite </dev/null 2>&1; echo suite \$suite: rc \$?; done
    kill \$dropper; rm -rf \$MNT/suite-c /tmp/suite" >"$work/cthon" 2>&1
  grep -E ' ok\.?$|PASSED|FAILED|pass/total|rc [0-9]+$' "$work/cthon" | sort
}
cthon_as_directly() { # version
  local direct here hits
  direct=$(cthon_said "$1" "$origin") hits=$(counted cache_hits_total)
  here=$(cthon_said "$1" "$proxy")
  echo "     $(wc -l <<<"$here") verdicts, $(grep -c 'rc 0$' <<<"$here") suites of 4 passed; READs that were hits: $(($(counted cache_hits_total) - hits))"
  diff <(echo "$direct") <(echo "$here") && [ "$(grep -c 'rc 0$' <<<"$here")" = 4 ]
}
due=0
if [ -n "$pynfs" ]; then
  check "pynfs, NFSv4.0: verdicts as directly" pynfs_as_directly 4.0 580
  grep '^     ' "$work/said"
  check "pynfs, NFSv4.2: verdicts as directly, but for what is meant" pynfs_as_directly 4.1 190
  grep '^     ' "$work/said"
  due=2
fi
if [ -n "$cthon" ]; then
  runs client1 || LAB_KERNEL='' "$lab" client start 1
  for version in "${versions[@]}"; do
    check "Connectathon, NFSv$version: verdicts as directly" cthon_as_directly "$version"
    grep '^     ' "$work/said"
  done
  check "READs were hits" eval '[ "$(counted cache_hits_total)" -gt 0 ]'
  due=$((due + ${#versions[@]} + 1))
fi
finish $due
