#!/bin/bash
# Write delegations and the cache, with guests of the next Debian release (lab install --next; LAB_NEXT
# says where it is): a client gets one without the cache, and none with it, though read delegations
# stay; and what it has overwritten itself, it is never sent again. With Linux 6.12 that is so with a
# delegation too: it takes a kernel from 6.18 on (LAB_NEXT_SUITE=sid) for a version that stands still.
#   WRITE_VERSIONS="4.1 4.2" .ci/lab/write-delegations.sh
. "$(dirname "$0")/common.sh"
export LAB_NEXT=${LAB_NEXT:-${TMPDIR:-/tmp}/nfslab-next}
[ -x "$LAB_NEXT/linux.uml" ] || { echo "no root of the next release at $LAB_NEXT: lab install --next" >&2; exit 1; }
next() { (unset LAB_UML; export LAB_KERNEL=next; "$lab" "$@"); }
size=$((256 << 10))
runs origin || next origin start -e insecure &
runs client1 || next client start 1 &
wait_children
runs origin && runs client1 || exit 1
echo "     the origin runs $("$lab" origin exec 'uname -r'), the client $("$lab" client exec -n 1 'uname -r')"

read -r -a versions <<<"${WRITE_VERSIONS:-4.0 4.1 4.2}"
# The newest kernels serve no NFSv4.0.
[[ $("$lab" origin exec 'cat /proc/fs/nfsd/versions') == *+4.0* ]] || versions=("${versions[@]/4.0/}")
read -r -a versions <<<"${versions[*]}"

delegations() { # file: of what kinds the origin has out, r, w, ra or wa
  "$lab" origin exec 'cat /proc/fs/nfsd/clients/*/states' |
    sed -nE "s/.*type: deleg, access: ([a-z]*),.*filename: \"[^\"]*$1\".*/\1/p" | on_one_line
}
# Reads it until it is kept, opens it to read and write, and then overwrites it and reads it again.
holder='
import ctypes, os, time
f = os.environ["FILE"]
size = int(os.environ["SIZE"])
def dropped():
    os.sync()
    open("/proc/sys/vm/drop_caches", "w").write("3")
def read(fd):
    dropped()
    got = b""
    while len(got) < size:
        got += os.pread(fd, size - len(got), len(got))
    return "".join(sorted({chr(each) for each in got}))
def wait(name):
    while not os.path.exists("/lab/" + name):
        time.sleep(0.05)
fd = os.open(f, os.O_RDONLY)
for i in range(4):
    said = read(fd)
    time.sleep(1)
open("/lab/reading", "w").close()
wait("write")
os.close(fd)
dropped()
fd = os.open(f, os.O_RDWR)
said += read(fd)
open("/lab/writing", "w").close()
wait("go")
for letter in b"BC":
    os.pwrite(fd, bytes([letter]) * size, 0)
    os.fsync(fd)
    said += read(fd) + read(fd)
print(said)'
hold() { # version: sets reads, writes and said
  local file=held-$1-$cache-$$
  "$lab" origin exec "head -c $size /dev/zero | tr '\0' A >/export/$file; sync"
  rm -f "$guests/client1"/{reading,write,writing,go}
  "$lab" client run -n 1 -v "$1" -s "$proxy" -- "cd \$MNT; cat ID >/dev/null; FILE=$file SIZE=$size python3 -c '$holder'" \
    >"$work/holder" 2>&1 &
  pid=$!
  wait_for 60 test -e "$guests/client1/reading"
  reads=$(delegations "$file")
  touch "$guests/client1/write"
  wait_for 30 test -e "$guests/client1/writing"
  writes=$(delegations "$file")
  touch "$guests/client1/go"
  end_of $pid 60
  said=$(cat "$work/holder")
  echo "v$1 cache $cache: to read '$reads', to write '$writes', read $said"
}
is_held() { # version reads writes: extended regular expressions
  hold "$1"
  [[ $reads =~ ^($2)$ ]] && [[ $writes =~ ^($3)$ ]] && equal AABBCC "$said"
}
for cache in false true; do
  cat >"$work/$cache.json" <<JSON
{ "listen": { "host": "$proxy" }, "backend": { "type": "nfs", "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" } }, "cache": { "enabled": $cache } }
JSON
  proxy_start $cache 2049 --config "$work/$cache.json" || exit 1
  for version in "${versions[@]}"; do
    case $cache-$version in
      false-4.[12]) want='wa?' which='has a write delegation' ;;
      *) want='' which='has none' ;;
    esac
    check "v$version, cache $cache: who writes $which, and reads what it wrote" is_held "$version" 'ra?' "$want"
    sed 's/^/     /' "$work/said"
  done
  proxy_stop $cache
done
finish $((2 * ${#versions[@]}))
