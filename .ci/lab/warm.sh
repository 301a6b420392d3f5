#!/bin/bash
# Files that are read before a client asks: all that the named user may read is here afterwards, what he
# may not is told, and a client that reads it makes the origin send hardly anything.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
admin=127.0.0.1:9049
size=$((24 << 20))
guests_without_kerberos
guests_ready insecure 1
cat >"$work/warm.json" <<JSON
{ "listen": { "host": "$proxy" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "cache": { "enabled": true, "memoryBytesMax": 134217728, "ahead": { "bytesMax": 0 },
             "warm": { "uid": 1000, "gid": 1000, "gids": ["2000"] } } }
JSON
proxy_start proxy 2049 --config "$work/warm.json" || exit 1

asked() { "${place[@]}" curl -s "$@"; }
told() { # key: of the last run
  asked "http://$admin/cache/warm" | python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1]))' "$1"
}
warm() { # version path: begins, and waits for the end
  asked -X POST "http://$admin/cache/warm" -d "{\"paths\": [\"$2\"], \"nfsVersions\": [$1]}"
  echo
  for _ in $(seq 120); do
    [ "$(told running)" != False ] || return 0
    sleep 0.5
  done
  return 1
}
"$lab" origin exec "mkdir -p /export/warm/deep && cd /export/warm && head -c $size /dev/urandom >large &&
  for i in \$(seq 40); do head -c 5000 /dev/urandom >deep/\$i; done &&
  cp large group && chgrp 2000 group && chmod 640 group && cp deep/1 secret && chmod 600 secret &&
  ln -sf large link && rm -f pipe && mkfifo pipe && sync" || exit 1

warmed() { # version
  local want before sent got
  warm "${1%%.*}" /export/warm || return 1
  asked "http://$admin/cache/warm"
  echo
  [ "$(told filesDone)/$(told filesFailed)/$(told skipped)/$(told bytesHere)" = "42/1/2/$((2 * size + 40 * 5000))" ] || return 1
  want=$("$lab" origin exec "cd /export/warm && cat large deep/* | md5sum")
  before=$(origin_sent)
  got=$("$lab" client exec -n 1 "mkdir -p /mnt/warm && mount -t nfs -o $(options_of "$1" "$proxy") $proxy:/export /mnt/warm &&
    cd /mnt/warm/warm && cat large deep/* | md5sum; cd / && umount /mnt/warm")
  sent=$(($(origin_sent) - before))
  echo "     $got: the origin sent $sent bytes for $((size + 40 * 5000))"
  [ "$got" = "$want" ] && [ "$sent" -lt 1000000 ]
}
for version in 3 4.0 4.2; do
  check "NFSv$version: what was warmed is here, what may not be read is told" warmed "$version"
  grep "^     \|^{" "$work/said"
done
check "a pipe and a link that are named are told, not read" eval 'warm 4 /export/warm/pipe; warm 4 /export/warm/link;
  asked "http://$admin/cache/warm" | grep -q "symbolic link"'
"$lab" origin exec 'rpc.nfsd 0; echo -4.0 >/proc/fs/nfsd/versions; rpc.nfsd 8; cat /proc/fs/nfsd/versions; touch /export/warm/large'
check "an origin without NFSv4.0 is read in a session" warmed 4.2
grep "^     \|^{" "$work/said"

# A client without read-ahead of its own, 20 ms away from the origin, at a file that nobody has read.
read_ahead() { # version bytesMax: seconds and bytes that a reader had to wait for
  proxy_stop proxy
  sed -i "s/\"ahead\": { \"bytesMax\": [0-9]* }/\"ahead\": { \"bytesMax\": $2 }/" "$work/warm.json"
  proxy_start proxy 2049 --config "$work/warm.json" || return 1
  "$lab" client exec -n 1 "mkdir -p /mnt/warm && mount -t nfs -o $(options_of "$1" "$proxy") $proxy:/export /mnt/warm &&
    stat -c %s /mnt/warm/warm/large && dd if=/mnt/warm/warm/large of=/dev/null bs=128k count=2 iflag=direct 2>/dev/null; sleep 2.5
    dd if=/mnt/warm/warm/large bs=128k iflag=direct 2>/tmp/said | md5sum; tail -n 1 /tmp/said; umount /mnt/warm"
  asked "http://$admin/cache" | python3 -c 'import json, sys; c = json.load(sys.stdin)
print("     ahead", c["cache_ahead_bytes_total"], "hit", c["cache_hit_bytes_total"], "missed", c["cache_miss_bytes_total"], "waited", c["cache_waited_total"])'
}
reads_ahead() { # version
  local said without with
  said=$(read_ahead "$1" 0) && echo "     without: $said"
  without=$(awk '/-$/ { print $1 }' <<<"$said")
  said=$(read_ahead "$1" 2097152) && echo "     with 2 MiB: $said"
  with=$(awk '/-$/ { print $1 }' <<<"$said")
  [ -n "$with" ] && [ "$with" = "$without" ] && [ "$(counted_of cache_ahead_bytes_total)" -gt $((size / 2)) ] &&
    [ "$(counted_of cache_ahead_bytes_total)" -le "$size" ]
}
counted_of() { asked "http://$admin/cache" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
"$lab" wan 20
for version in 3 4.2; do
  check "NFSv$version: a reader is read ahead of, and nothing twice" reads_ahead "$version"
  grep "^ " "$work/said"
done
"$lab" wan off
finish 7
