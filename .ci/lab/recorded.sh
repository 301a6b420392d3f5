#!/bin/bash
# Records anew what goes between Linux's and Ganesha's servers and their clients, and compares: the walks with
# tshark in the fresh recordings, and what is kept of earlier ones with what tshark says of the same bytes.
#   --write   puts the fresh recordings in the place of those kept, in backend-spi's tests
# Needs tcpdump and tshark (Debian packages), and Ganesha as the peers' rig starts it.
. "$(dirname "$0")/common.sh"

recorder=$ci/recorded.d
kept=$checkout/backend-spi/src/test/resources/recorded
fresh=$work/fresh
mkdir "$fresh"
rig=$shared/peers/rig
export PEERS_RUN=$work/peers PEERS_DATA=/dev/shm/nfs-proxy-$$
callback_port=4999
ganesha=12049 ganesha_mount=12048

capture_start() { # name interface
  "${place[@]}" tcpdump -q -U -s 0 -B 65536 -i "$2" -w "$work/$1.pcap" tcp 2>"$work/$1.tcpdump" 3>&- &
  capture=$!
  wait_for 10 grep -q "listening on" "$work/$1.tcpdump"
}
capture_end() {
  sleep 1 # tcpdump has what was sent when its buffer has gone through
  kill "$capture"
  wait "$capture"
}
plays() { timeout 60 "${place[@]}" "$recorder/every_call" "$@"; }

# What a client's kernel sends by itself.
# shellcheck disable=SC2016 # $MNT is the guest's
ordinary='cd $MNT && rm -rf k && mkdir k && cd k &&
  echo hello >a && cat a >/dev/null && ln a b && ln -s a c && readlink c >/dev/null && mv b d && mkfifo e &&
  mknod f c 1 3 && chmod 600 a && chown 5:6 a && touch -d 2001-01-01 a && truncate -s 100 a && ls -lR . >/dev/null &&
  dd if=/dev/zero of=g bs=1k count=2 conv=fsync status=none && df . >/dev/null && mkdir h && rmdir h &&
  flock g true && { setfacl -m u:55:r a || true; } && { getfacl a || true; } >/dev/null 2>&1 &&
  { setfattr -n user.colour -v blue g && getfattr -d g && setfattr -x user.colour g || true; } >/dev/null 2>&1 &&
  { fallocate -l 4k g && fallocate -p -o 0 -l 1k g && cp --sparse=auto g i || true; } 2>/dev/null &&
  test -w a && ! test -e missing && rm -r ../k'
client_plays() { # version options
  "$lab" client run -v "$1" ${2:+-o "$2"} -- "$ordinary"
}
# The origin's own write takes the delegation back.
recalled() { # version
  "$lab" origin exec 'echo kept >/export/delegated' &&
    "$lab" client exec "mkdir -p /tmp/m && mount -t nfs4 -o vers=$1 $origin:/export /tmp/m &&
      { exec 9</tmp/m/delegated; cat <&9 >/dev/null; cat /tmp/m/delegated >/dev/null; sleep 1; } &&
      touch /lab/holds && for i in {1..100}; do test -e /lab/written && break; sleep 0.1; done; exec 9<&-; umount /tmp/m" &
  local holder=$!
  wait_for 30 test -e "$guests/client1/holds" && "$lab" origin exec 'echo more >>/export/delegated'
  touch "$guests/client1/written"
  wait "$holder"
  local status=$?
  rm -f "$guests/client1/holds" "$guests/client1/written"
  return $status
}
callbacks_play() {
  "$lab" client exec "echo $callback_port >/sys/module/nfs/parameters/callback_tcpport; mkdir -p /tmp/m &&
    mount -t nfs4 -o vers=4.0 $origin:/export /tmp/m" && plays "$LAB_NET.101" $callback_port --callbacks
  local status=$?
  "$lab" client exec "umount /tmp/m"
  return $status
}

# Layouts of block devices are given out on xfs by who is told to.
guests_without_kerberos
if runs origin; then "$lab" origin stop; fi
"$lab" origin start -e insecure,pnfs || exit 1
guests_ready insecure 1
capture_start knfsd br0 || exit 1
check "knfsd: every call" plays "$origin" 2049 20048 /export --lockd 4045 --rpcbind 111
check "knfsd: every call, where files are cloned and laid out" plays "$origin" 2049 20048 /export/xfs
check "knfsd: a client's own, v3" client_plays 3
for version in 4.0 4.1 4.2; do check "knfsd: a client's own, v$version" client_plays $version; done
check "a client's answers to every callback" callbacks_play
for version in 4.0 4.1; do check "knfsd: a delegation recalled, v$version" recalled $version; done
capture_end
"$lab" origin stop # the next to use it wants it as usual

ganesha_leave() {
  "${place[@]}" "$rig" stop origin rpcbind >/dev/null
  rm -rf "$PEERS_DATA"
}
at_exit+=(ganesha_leave)
"${place[@]}" "$rig" start origin >"$work/rig" 2>&1 3>&- || { cat "$work/rig"; exit 1; }
capture_start ganesha lo || exit 1
# Ganesha 4.3 ends at its last CLOSE of 4.2 now and then; what was said before counts, and the walks' check says
# whether it is enough.
plays 127.0.0.1 $ganesha $ganesha_mount /export >"$work/played" 2>&1 || sed -n '$p' "$work/played"
capture_end

makes() { # server
  "$recorder/recordings" make "$fresh/$1" "$work/$1.pcap"
}
for server in knfsd ganesha; do check "$server: records out of packets" makes $server; done
# What a server grants is not the same each time (a layout is committed or not): that each row was done is for the
# recordings that are kept.
walks() {
  mvn -o -q -f "$checkout/pom.xml" -pl backend-spi -Drecordings="$fresh" \
    -Dtest='RecordingsTest,!RecordingsTest#everyRow_hasSuccessfulResults*' test
}
check "fresh recordings: the walks find what tshark finds, and each row is asked for" walks
if [ "${1:-}" = --write ]; then
  rm -rf "$kept"
  cp -r "$fresh" "$kept"
fi
check "kept recordings: tshark says of them what is kept" "$recorder/recordings" tell "$kept"/*.rpc
finish 13
