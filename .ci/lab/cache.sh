#!/bin/bash
# The cache of what was read: a second client gets what the first has read, and the origin hardly sends
# it again; nobody is ever sent what is older than what the origin has shown; and the origin's refusals
# reach a client whose data are here.
#   CACHE_SECONDS=600 CACHE_VERSIONS="3 4.0 4.1 4.2" .ci/lab/cache.sh     looks for stale reads for as long
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
seconds=${CACHE_SECONDS:-8}
read -r -a versions <<<"${CACHE_VERSIONS:-3 4.2}"
size=$((32 << 20))
admin=127.0.0.1:9049
guests_without_kerberos
guests_ready insecure 1 2
cat >"$work/cache.json" <<JSON
{ "listen": { "host": "$proxy" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } },
  "cache": { "enabled": true, "memoryBytesMax": 134217728, "settledAgeMillis": 6000 } }
JSON
proxy_start proxy 2049 --config "$work/cache.json" || exit 1

counted() { # name: what the proxy counts
  "${place[@]}" curl -sf "http://$admin/cache" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
sum_of() { # client version folder file: as it is through the proxy; nothing from the client's own cache
  "$lab" client exec -n "$1" "mkdir -p /mnt/cache && mount -t nfs -o $(options_of "$2" "$proxy") $proxy:/export /mnt/cache &&
    dd if=/mnt/cache/$3 bs=64k count=1 of=/dev/null 2>/dev/null && sleep 2.5 && echo 3 >/proc/sys/vm/drop_caches &&
    md5sum </mnt/cache/$3; umount /mnt/cache"
}
second_reads() { # version
  local want first second before hits
  "$lab" origin exec "head -c $size /dev/urandom >/export/cached$1 && sync" || return 1
  want=$("$lab" origin exec "md5sum </export/cached$1")
  first=$(sum_of 1 "$1" "cached$1")
  equal "$want" "$first" || return 1
  before=$(origin_sent) hits=$(counted cache_hit_bytes_total)
  second=$(sum_of 2 "$1" "cached$1")
  equal "$want" "$second" || return 1
  sent=$(($(origin_sent) - before)) saved=$(($(counted cache_hit_bytes_total) - hits))
  echo "     the origin sent $sent of $size bytes to the second, $saved were here"
  [ $sent -le $((size / 100)) ] && [ $saved -ge $((size - size / 100)) ]
}
at_once() { # version: eight clients read what nobody has read before
  local before said
  "$lab" origin exec "head -c $size /dev/urandom >/export/together && sync && sleep 8" || return 1
  before=$(origin_sent)
  said=$("${place[@]}" "$checkout/benchmarks/cache-reader" "$proxy" "$1" /export/together 8) || return 1
  sent=$(($(origin_sent) - before))
  echo "     $said (s, MiB, sum): the origin sent $sent of $size bytes; waited so far $(counted cache_waited_total), lost $(counted cache_lost_total)"
  [ $sent -le $((size + size / 20)) ]
}
never_stale() { # version
  local said
  "$lab" origin exec "rm -rf /export/changing; mkdir -m 777 /export/changing"
  "$lab" origin exec "exec python3 /host$ci/lab/cache-checker write /export/changing $((seconds + 4)) ${1%.*}" >"$work/writer" 2>&1 &
  writer=$!
  said=$("$lab" client exec -n 1 "mkdir -p /mnt/direct /mnt/proxied &&
    mount -t nfs -o noac,$(options_of "$1" "$origin") $origin:/export /mnt/direct &&
    mount -t nfs -o noac,$(options_of "$1" "$proxy") $proxy:/export /mnt/proxied &&
    for _ in {1..100}; do [ -e /mnt/direct/changing/ready ] && break; sleep 0.1; done
    python3 /host$ci/lab/cache-checker read /mnt/direct/changing /mnt/proxied/changing $seconds 1
    umount /mnt/direct /mnt/proxied" 2>&1)
  wait $writer
  echo "     checks, stale, not comparable: $said; hits so far $(counted cache_hits_total)"
  read -r checks stale _ <<<"$(tail -n 1 <<<"$said")"
  [ "${checks:-0}" -gt 50 ] && [ "$stale" = 0 ]
}
# What a user gets who has the file open while root takes its mode away, in another mount: from the
# origin, and here.
refusal() { # version server
  "$lab" origin exec "cp /export/cached$1 /export/secret && chmod 644 /export/secret && sync"
  "$lab" client exec -n 2 "mkdir -p /mnt/direct /mnt/refused &&
    mount -t nfs -o noac,nosharecache,$(options_of "$1" "$origin") $origin:/export /mnt/direct &&
    mount -t nfs -o noac,nosharecache,$(options_of "$1" "$2") $2:/export /mnt/refused &&
    python3 - <<'PYTHON' 2>&1
import mmap, os, time
buffer = mmap.mmap(-1, 65536)
def look():
    try:
        return os.preadv(f, [buffer], 0)
    except OSError as e:
        return e.strerror
os.setegid(1234)
os.seteuid(1234)
f = os.open('/mnt/refused/secret', os.O_RDONLY | os.O_DIRECT)
said = [look()]
time.sleep(2.5)
said += [look(), look()]
os.seteuid(0)
os.chmod('/mnt/direct/secret', 0o600)
os.seteuid(1234)
print(*said, look(), sep=', ')
PYTHON
    umount /mnt/direct /mnt/refused"
}
refused_as_directly() { # version
  local direct here
  direct=$(refusal "$1" "$origin") here=$(refusal "$1" "$proxy")
  echo "     $direct"
  equal "$direct" "$here" && contains "$here" 65536
}
for version in "${versions[@]}"; do
  check "v$version: a second client reads what the first has read, and the origin sends 1 % of it" second_reads "$version"
  grep '^     ' "$work/said"
  check "v$version: nothing is older than what the origin has shown" never_stale "$version"
  grep '^     ' "$work/said"
  check "v$version: eight clients read at once what nobody has read, and the origin sends it once" at_once "$version"
  grep '^     ' "$work/said"
  check "v$version: a mode that is taken away tells as directly" refused_as_directly "$version"
done
check "no piece was damaged" eval '[ "$(counted cache_damaged_total)" = 0 ]'
finish $((${#versions[@]} * 4 + 1))
