#!/bin/bash
# Nobody is sent what is older than what the origin has shown: programs read by turns from the origin and through two
# instances that serve each other what they have read, while a client of the origin's and a program on it overwrite,
# truncate, extend, rename over, change modes and lock. One instance has a disk, and less memory than there are data.
# And who may read no longer is told so by the next READ.
#   CACHE_CHECKS=100000 CACHE_VERSIONS="3 4.0 4.1 4.2" .ci/lab/cache-coherence.sh     so many checks for each version
#   CACHE_KILLS=5 ...         kill -9 of an instance, and of the other one, every CACHE_KILL_SECONDS
#   CACHE_SETTLED=0 ...       with `cache.settledMillis` of 0 it fails: two versions in a tick are taken for one
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
seconds=${CACHE_MANY_SECONDS:-10} checks_wanted=${CACHE_CHECKS:-1500} kills=${CACHE_KILLS:-0} pause=${CACHE_KILL_SECONDS:-10}
read -r -a versions <<<"${CACHE_VERSIONS:-3 4.2}"
files=12 readers=12 age=${CACHE_AGE:-3000}
second=$LAB_NET.2
declare -A address=([one]=$proxy [two]=$second) memory=([one]=16777216 [two]=67108864)
"${place[@]}" ip address replace "$second/24" dev br0
(umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/cache.secret")
guests_without_kerberos
guests_ready insecure 1
disk=", \"directory\": \"$work/disk\", \"diskBytesMax\": 1073741824"
for name in one two; do
  cat >"$work/$name.json" <<JSON
{ "listen": { "host": "${address[$name]}" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } }, "admin": { "host": "${address[$name]}" },
  "cluster": { "enabled": true, "name": "coherence", "instance": "$name", "host": "${address[$name]}",
               "join": { "tcpIp": ["$proxy", "$second"] } },
  "cache": { "enabled": true, "memoryBytesMax": ${memory[$name]}, "settledAgeMillis": $age,
             "settledMillis": ${CACHE_SETTLED:-2000}$disk,
             "neighbours": { "enabled": true, "secretFile": "$work/cache.secret", "answerMillis": 500 } } }
JSON
  disk=
done
proxy_command=(java -Xmx192m -XX:MaxDirectMemorySize=1400m -jar "$jar")
begins() { proxy_start "$1" 2049 --config "$work/$1.json"; } # instance

# ---- what they count, and did before they were killed
counts=(hits waited changed evicted_bytes disk_hits neighbour_brought_bytes damaged)
count() { # 1|-1 instance...: adds what they count to `did`, or takes it off
  local times=$1 each n told
  shift
  for each; do
    read -r -a told < <("${place[@]}" curl -sf "http://${address[$each]}:9049/cache" | python3 -c '
import json, sys
said = json.load(sys.stdin)
print(*(said.get(f"cache_{name}_total", 0) for name in sys.argv[1:]))' "${counts[@]}")
    for n in "${!counts[@]}"; do
      did[${counts[n]}]=$((${did[${counts[n]}]:-0} + times * ${told[n]:-0}))
    done
  done
}
declare -A did=()
reaches() { # instance
  "${place[@]}" curl -sf "http://${address[$1]}:9049/cache" | grep -qE '"cache_neighbour_reached": ?1\b'
}
connected() { wait_for 120 reaches one && wait_for 120 reaches two; }
killed() { # instance: kill -9, and it is back
  count 1 "$1"
  proxy_kill "$1"
  sleep 1
  begins "$1"
}

# ---- data
by_client=/export/changing by_origin=/export/deep/tmpfs/changing
begin_writers() { # version
  local options=vers=$1
  [ "$1" != 3 ] || options+=,proto=tcp # by NLM, with the origin's portmapper
  "$lab" origin exec "rm -rf $by_client $by_origin; mkdir -m 777 $by_client $by_origin"
  "$lab" origin exec "exec python3 /host$ci/lab/cache-checker write $by_origin 3600 2 $files" >"$work/by-origin" 2>&1 &
  writers=($!)
  "$lab" client exec -n 1 "mkdir -p /mnt/direct && mount -t nfs -o $options $origin:/export /mnt/direct || exit
    python3 /host$ci/lab/cache-checker write /mnt/direct/changing 3600 1 $files; said=\$?
    umount /mnt/direct; exit \$said" >"$work/by-client" 2>&1 &
  writers+=($!)
  wait_for 60 "$lab" origin exec "test -e $by_client/ready -a -e $by_origin/ready"
}
end_writers() {
  local writer
  "$lab" origin exec "touch $by_client/stop $by_origin/stop; ls $by_client/ready >/dev/null"
  for writer in "${writers[@]}"; do wait "$writer" || return 1; done
  "$lab" origin exec "cat $by_origin/doubles; rm -rf $by_client $by_origin" | sort >"$work/doubles"
}
coherent() { # version
  local name checks stale incomparable again said reader n at_work=0
  begin_writers "$1" || return 1
  did=()
  count -1 one two
  "${place[@]}" "$ci/lab/cache-wire-checker" "$origin" "$proxy,$second" "$1" "$by_client,$by_origin" "$seconds" \
    "$checks_wanted" $readers $files "$work/seen" /export/filler >"$work/reads" 2>&1 &
  reader=$!
  for ((n = 0; n < kills; n++)); do
    sleep "$pause"
    ! ended $reader || break
    if ((n % 2)); then killed one; else killed two; fi || return 1
    at_work=$((at_work + 1))
  done
  wait $reader
  count 1 one two
  end_writers || { cat "$work"/by-*; return 1; }
  read -r checks stale incomparable again < <(tail -n 1 "$work/reads")
  grep -m 10 ^stale "$work/reads"
  [[ $again =~ ^[0-9]+$ ]] || { grep -v ^stale "$work/reads" | tail -n 40; return 1; }
  said="$checks checks, $stale stale, $incomparable not comparable, kills $at_work, connected again $again;"
  for name in "${counts[@]}"; do said+=" $name ${did[$name]},"; done
  echo "     ${said%,}"
  echo "     versions made: by the client $(cut -d' ' -f1 "$work/by-client"), on the origin $(cut -d' ' -f1 "$work/by-origin")"
  [ "$checks" -ge "$checks_wanted" ] && [ "$stale" = 0 ]
}
was_used() { # the check above says nothing if this does not hold
  local name
  for name in hits changed evicted_bytes disk_hits neighbour_brought_bytes; do
    [ "${did[$name]}" -gt 0 ] || { echo "$name: ${did[$name]}"; return 1; }
  done
  [ "${did[hits]}" -gt 200 ] && [ "${did[changed]}" -gt 2 ] && [ "${did[damaged]}" = 0 ]
}
pairs_in_a_tick() { # that were read through an instance between the two
  local made between
  made=$(wc -l <"$work/doubles")
  between=$(sort "$work/seen" | comm -12 - "$work/doubles" | wc -l)
  echo "     $made pairs of one size and time, of which the first was read through an instance $between times"
  [ "$made" -gt 10 ] && [ "$between" -gt 0 ]
}

coherence_leave() {
  "$lab" origin exec "exportfs -ra; rm -rf $by_client $by_origin /export/filler /export/secret"
}
# So much that memory is full of it, by four at once. What is kept for NFSv4 is so for each of its versions.
fill() { # version
  did=()
  count -1 one two
  "${place[@]}" "$checkout/benchmarks/cache-reader" "$proxy,$second" "${1/4.0/4.1}" /export/filler 4 || return 1
  count 1 one two
  [ "${did[waited]}" -gt 0 ] || { echo "nobody has waited"; return 1; }
}
at_origin() { echo "'$shared/lab/lab' origin exec \"$1\""; } # command: as one of this machine
taken_away() { # version
  "$lab" origin exec "install -m 644 /export/filler /export/secret && sync"
  "${place[@]}" "$ci/lab/cache-refusals" "$origin" "$proxy,$second" "$1" /export/secret \
    export "$(at_origin "exportfs -u '*:/export'")" "$(at_origin "exportfs -ra")" \
    mode "$(at_origin "chmod 000 /export/secret")" "$(at_origin "chmod 644 /export/secret")" \
    ACL "$(at_origin "setfacl -m u:1234:--- /export/secret")" "$(at_origin "setfacl -b /export/secret")"
}

"$lab" origin exec "head -c $((24 << 20)) /dev/urandom >/export/filler && sync" || exit 1
proxy_launch one --config "$work/one.json"
proxy_launch two --config "$work/two.json"
check "the instances find each other" connected
at_exit=(coherence_leave "${at_exit[@]}")
for version in "${versions[@]}"; do
  check "v$version: memory is filled by four clients at once, and who reads what another one fetches waits" fill "$version"
  check "v$version: nothing through two instances is older than what the origin has shown" coherent "$version"
  grep '^     ' "$work/said"
  check "v$version: hits, another version told, evictions, the disk, the neighbour: all took place" was_used
  check "v$version: two versions of one size and time, and a READ between them" pairs_in_a_tick
  grep '^     ' "$work/said"
  check "v$version: an export, a mode, an ACL: who may read no longer is told so by the next READ, as directly" \
    taken_away "$version"
  sed 's/^/     /' "$work/said"
done
finish $((1 + 5 * ${#versions[@]}))
