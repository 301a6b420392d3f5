#!/bin/bash
# Ways round a rule (../hostile.d): names made late, races, one xid for two calls, second names, and
# so on, against every kind of rule and two instances of one proxy. After each attempt the origin's own
# tree is looked at: nothing forbidden was executed; and what is allowed still works. Before that the
# same table with nobody who judges: so each attempt can be noticed.
#
#   hostile-ways.sh            every attempt in every version, some ten minutes
#   hostile-ways.sh --sample   every attempt under every fifth rule, in one version: not the same under the next
#   hostile-ways.sh RULE [ARGUMENTS OF ../hostile.d/run]     one kind of rule alone, as in
#   hostile-ways.sh ro --kind late_names --only "CREATE xfs"
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rules=(ro none hidden clients versions security squash-all squash-root)
sample=()
[ "${1:-}" != --sample ] || { sample=(--sample); shift; }
[ $# = 0 ] || rules=("$1")
[ $# = 0 ] || shift
guests_without_kerberos
guests_ready insecure
in_grace() { [ "$("$lab" origin exec 'cat /proc/fs/nfsd/v4_end_grace')" != Y ]; }
wait_for 60 eval '! in_grace' || exit 1
table=("${place[@]}" "$ci/hostile.d/run" --origin "$origin" --admin "$shared/lab/lab origin exec")
# One line for each kind of attempt is a check; what belongs to a failure stands before it.
counted() { # what command...
  local line seen=0 what=$1
  shift
  while IFS= read -r line; do
    case $line in
      "ok   "*) ok "$what${line#ok   }" ;;
      "FAIL "*) failed "$what${line#FAIL }" ;;
      *) echo "$line"; continue ;;
    esac
    seen=$((seen + 1))
  done < <("$@" 2>&1)
  [ $seen != 0 ] || failed "${what}nothing was tried"
}
due=0
kinds_of() { "${table[@]}" --count --rule "$@" | awk '$2 > 0' | wc -l; }
both_proxies() { # rule: with these parameters for T and U
  local parameters name port
  parameters=$("${table[@]}" --rule "$1" --parameters)
  for name in one other; do
    [ $name = one ] && port=2049 || port=2050
    [ -z "${proxy_pid[$name]:-}" ] || proxy_stop $name
    cat >"$work/$name.json" <<JSON
{
  "listen": { "host": "$proxy", "port": $port },
  "backend": { "origin": { "host": "$origin", "reservedPorts": "never" } },
  "discovery": { "refreshMillis": 1000 },
  "exports": {
    "parameters": { "squash": "none" },
    "rules": [ { "path": "/export/xfs", ${parameters:1:-1} },
               { "path": "/export/deep/ext4", ${parameters:1:-1} } ]
  },
  "admin": { "enabled": false }
}
JSON
    proxy_start $name $port --config "$work/$name.json" || exit 1
  done
}
if [ ${#rules[@]} != 1 ]; then
  due=$((due + $(kinds_of none "${sample[@]}")))
  counted "unjudged: " "${table[@]}" "${sample[@]}" --rule none --server "$origin:2049:20048" --judged-by-nobody
fi
for rule in "${rules[@]}"; do
  both_proxies "$rule"
  due=$((due + $(kinds_of "$rule" "${sample[@]}" "$@")))
  counted "" "${table[@]}" "${sample[@]}" --rule "$rule" --server "$proxy:2049" --server "$proxy:2050" "$@"
  if [ $# = 0 ]; then # and by one that was started again and knows nothing
    both_proxies "$rule"
    due=$((due + 1))
    counted "started again: " "${table[@]}" --rule "$rule" --server "$proxy:2049" --server "$proxy:2050" --kind cold "${sample[@]}"
  fi
done
check "the proxies stop with 0" eval 'proxy_stop one && proxy_stop other'
finish $((due + 1))
