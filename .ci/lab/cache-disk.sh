#!/bin/bash
# The cache's disk: what memory has no room for, and what was read before a kill -9, comes from there; what is damaged
# there is never sent.
#   DISK_ROUNDS=50 DISK_KILLS=20 .ci/lab/cache-disk.sh     how often the files are damaged, and the proxy killed
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${DISK_ROUNDS:-4} kills=${DISK_KILLS:-4}
size=$((160 << 20))
admin=127.0.0.1:9049
folder=$work/cache
guests_without_kerberos
guests_ready insecure 1
cat >"$work/disk.json" <<JSON
{ "listen": { "host": "$proxy" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } },
  "cache": { "enabled": true, "memoryBytesMax": 67108864, "settledAgeMillis": 5000,
    "directory": "$folder", "diskBytesMax": 1073741824 } }
JSON
starts() { proxy_start proxy 2049 --config "$work/disk.json"; }
starts || exit 1
counted() { # name: what the proxy counts
  "${place[@]}" curl -sf "http://$admin/cache" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
"$lab" origin exec "head -c $size /dev/urandom >/export/large && sync && sleep 7" || exit 1
want=$("$lab" origin exec "python3 -c 'import zlib; print(format(zlib.crc32(open(\"/export/large\", \"rb\").read()), \"08x\"))'")
reads() { # version: `sent` is what the origin sent for it
  local before said
  before=$(origin_sent)
  said=$("${place[@]}" "$checkout/benchmarks/cache-reader" "$proxy" "$1" /export/large) || return 1
  sent=$(($(origin_sent) - before))
  echo "     $said (s, MiB, sum): the origin sent $sent of $size bytes"
  equal "$want" "${said##* }"
}
at_most() { [ "$sent" -le $((size * $1 / 100)) ] || { echo "the origin sent $sent"; return 1; }; } # percent
is_written() { local now; now=$(counted cache_disk_held_bytes 2>/dev/null) && [ "$now" -ge "$1" ]; }
comes_from_disk() { # version
  local n
  # What did not wait to be written, because too much did already, is written when it is read again.
  for n in 1 2 3 4 5 6; do
    reads "$1" || return 1
    at_most 1 >/dev/null && break
    sleep 1
  done
  at_most 1 && wait_for 20 is_written $((size * 95 / 100))
}
survives_kill() { # version
  proxy_kill proxy && starts && wait_for 20 is_written $((size * 95 / 100)) && reads "$1" && at_most 1
}
for version in 3 4.2; do
  check "v$version: memory has room for a third of a file, and all of it is read from here" comes_from_disk $version
  grep '^     ' "$work/said"
  check "v$version: the same behind a kill -9" survives_kill $version
  grep '^     ' "$work/said"
done

# A client that reads all the time, on a mount that waits for the proxy.
killed_while_read() {
  local sums
  "$lab" client exec -n 1 "mkdir -p /mnt/disk && mount -t nfs -o hard,$(options_of 4.2 "$proxy") $proxy:/export /mnt/disk &&
    rm -f /lab/enough; while [ ! -e /lab/enough ]; do echo 3 >/proc/sys/vm/drop_caches; md5sum </mnt/disk/large; done
    umount /mnt/disk" >"$work/sums" 2>&1 &
  local job=$! n
  for ((n = 0; n < kills; n++)); do
    sleep "$((2 + RANDOM % 3)).$((RANDOM % 10))"
    proxy_kill proxy
    starts || return 1
  done
  sleep 5
  touch "$guests/client1/enough"
  wait $job || { cat "$work/sums"; return 1; }
  sums=$(sort "$work/sums" | uniq -c)
  echo "     read $(wc -l <"$work/sums") times, $kills kills: $sums"
  contains "$(awk '{ print $2 }' <<<"$sums")" "^$("$lab" origin exec 'md5sum </export/large' | cut -d' ' -f1)$" && [ "$(wc -l <<<"$sums")" = 1 ]
}
check "a client that reads while the proxy is killed reads no wrong byte" killed_while_read
grep '^     ' "$work/said"

# As a power cut, a bad disk or a bad copy leave them.
damage() {
  python3 - "$folder" "$1" <<'PYTHON'
import os, random, sys
folder, rng = sys.argv[1], random.Random(int(sys.argv[2]))
files = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in sorted(names)]
files = [path for path in files if os.path.getsize(path) > 1 << 20]
for path in files:
    length = os.path.getsize(path)
    with open(path, "r+b") as f:
        for _ in range(60):
            at = rng.randrange(length)
            kind = rng.randrange(3)
            f.seek(at)
            old = f.read(1 if kind == 0 else rng.choice([512, 4096, 65536]))
            f.seek(at)
            if kind == 0:  # one bit
                f.write(bytes([old[0] ^ 1 << rng.randrange(8)]) if old else b"")
            elif kind == 1:  # never written
                f.write(bytes(len(old)))
            else:  # of somewhere else
                f.seek(rng.randrange(length))
                other = f.read(len(old))
                f.seek(at)
                f.write(other)
    if rng.randrange(4) == 0:  # cut
        os.truncate(path, rng.randrange(length))
PYTHON
}
damaged() {
  local n found=0 all=0
  for ((n = 1; n <= rounds; n++)); do
    proxy_kill proxy
    damage "$n" || return 1
    starts && reads 3 && reads 4.2 || return 1
    found=$(counted cache_disk_damaged_total) all=$((all + found))
  done
  echo "     $rounds rounds, $all pieces were found damaged, all sums right"
  [ "$all" -gt 0 ]
}
check "bits flipped, sectors lost and swapped, files cut: no wrong byte" damaged
grep '^     ' "$work/said"
check "the folder is for the proxy's user alone" eval '[ "$(stat -c %a "$folder")" = 700 ] && [ -z "$(find "$folder" -type f ! -perm 600)" ]'
finish 7
