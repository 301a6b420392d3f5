#!/bin/bash
# Files that are read before a client asks: all that the named user may read is here afterwards, what he
# may not is told, and a client that reads it makes the origin send hardly anything.
#   AHEAD_BYTES="0 2097152" .ci/lab/warm.sh     beside not reading ahead
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
serves_again() { "$lab" origin exec 'rpc.nfsd 0; echo +4.0 >/proc/fs/nfsd/versions; rpc.nfsd 8' >"$work/versions"; }
at_exit=(serves_again "${at_exit[@]}") # others may have this origin after us
"$lab" origin exec 'rpc.nfsd 0; echo -4.0 >/proc/fs/nfsd/versions; rpc.nfsd 8; cat /proc/fs/nfsd/versions; touch /export/warm/large'
check "an origin without NFSv4.0 is read in a session" warmed 4.2
grep "^     \|^{" "$work/said"

# A client without read-ahead of its own, 20 ms away from the origin, at a file that nobody has read.
counted() {
  asked "http://$admin/cache" | python3 -c 'import json, sys; print(json.load(sys.stdin)["cache_" + sys.argv[1]])' "$1"
}
read_direct() { # version: what the reader got, and what the origin sent ahead of it and to it
  "$lab" client exec -n 1 "mkdir -p /mnt/warm && mount -t nfs -o $(options_of "$1" "$proxy") $proxy:/export /mnt/warm &&
    dd if=/mnt/warm/warm/large of=/dev/null bs=128k count=2 iflag=direct 2>/dev/null; sleep 2.5
    dd if=/mnt/warm/warm/large bs=128k iflag=direct 2>/tmp/said | md5sum; tail -n 1 /tmp/said; umount /mnt/warm"
}
reads_ahead() { # version bytesMax
  local want said before ahead
  want=$("$lab" origin exec "md5sum </export/warm/large")
  before=$(counted ahead_bytes_total)
  said=$(read_direct "$1")
  ahead=$(($(counted ahead_bytes_total) - before))
  echo "     bytesMax $2: $(tail -n 1 <<<"$said"); read ahead $ahead of $size; waited so far $(counted waited_total), lost $(counted lost_total)"
  contains "$said" "$want" || return 1
  if [ "$2" = 0 ]; then [ "$ahead" = 0 ]; else [ "$ahead" -gt $((size / 2)) ] && [ "$ahead" -le "$size" ]; fi
}
read -r -a aheads <<<"${AHEAD_BYTES:-2097152}"
"$lab" wan 20
for bytes_max in "${aheads[@]}"; do
  proxy_stop proxy
  sed -i "s/\"ahead\": { \"bytesMax\": [0-9]* }/\"ahead\": { \"bytesMax\": $bytes_max }/" "$work/warm.json"
  proxy_start proxy 2049 --config "$work/warm.json" || exit 1
  for version in 3 4.2; do
    check "NFSv$version: with cache.ahead.bytesMax $bytes_max" reads_ahead "$version" "$bytes_max"
    grep "^     " "$work/said"
  done
done
"$lab" wan off
finish $((5 + 2 * ${#aheads[@]}))
