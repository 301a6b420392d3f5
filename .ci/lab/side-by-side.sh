#!/bin/bash
# One client mounts the origin and the proxy side by side, in both orders. With an identity of its own
# the proxy is another server: each mount has its connection, rules hold on the proxy's and
# only there, locks are seen by both, and both survive a reboot of the origin. With the origin's
# identity a 4.1+ client takes the two for one, and a rule holds by the order of the mounts.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure 1
configuration() { # identity
  cat <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "identity": "$1", "origin": { "host": "$origin" } },
  "exports": {
    "parameters": { "squash": "none" },
    "rules": [{ "path": "/export/xfs", "access": "ro" }]
  },
  "admin": { "enabled": false }
}
JSON
}
for identity in own origin; do configuration $identity >"$work/$identity.json"; done
in_guest() { "$lab" client exec -n 1 "$1" 2>&1; }
window=$guests/client1

# What one client sees: with which servers it is connected; what each mount may write; whether a
# lock that was taken through the first mount can be had through the second.
look='
mount_it() { mkdir -p /mnt/$1 && mount -t nfs -o vers=$version $1:/export /mnt/$1; }
mount_it $first && mount_it $second || exit 1
ls /mnt/$first/xfs /mnt/$second/xfs >/dev/null
echo connected: $(ss -Htn state established "dport = :2049" | awk "{ print \$4 }" | sort)
for place in origin proxy; do
  said=$(touch /mnt/$place/xfs/written 2>&1) && said=written
  echo "$place: ${said##*: }"
done
rm -f /mnt/origin/xfs/written
exec 9>/mnt/$first/locked
flock -n 9 && echo first: locked
(exec 8>/mnt/$second/locked; flock -n 8 && echo second: locked || echo second: refused)
exec 9>&-
umount /mnt/origin/xfs /mnt/proxy/xfs /mnt/origin /mnt/proxy
dmesg | grep -iE "NFS.*(returned a bad|reclaim failed|error)"; true'
seen() { # version first second expected
  equal "$4" "$(in_guest "version=$1 first=$2 second=$3; $look")"
}
two=$(printf '%s\n' "$origin:2049" "$proxy:2049" | sort | xargs)
apart="connected: $two
origin: written
proxy: Read-only file system
first: locked
second: refused"

proxy_start proxy 2049 --config "$work/own.json" || exit 1
for version in 4.2 4.1 4.0 4.0,migration; do
  check "own, v$version, origin first: two servers; ro on the proxy only; one lock" \
    seen $version origin proxy "$apart"
  check "own, v$version, proxy first: two servers; ro on the proxy only; one lock" \
    seen $version proxy origin "$apart"
done

# Holds a lock through each mount, writes through both, and says every second how often.
cat >"$window/both.py" <<'PY'
import fcntl, os, sys, time
files = [open(f"/mnt/{place}/both-{place}", "w") for place in ("origin", "proxy")]
for file in files:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("locked", flush=True)
count = 0
while not os.path.exists("/lab/both.stop"):
    for file in files:
        file.write(f"{count}\n")
        file.flush()
        os.fsync(file.fileno())
    count += 1
    print(count, flush=True)
    time.sleep(0.2)
for file in files:
    file.close()
print("ended", count, flush=True)
PY
both_start() { # version
  rm -f "$window"/both.{log,stop}
  in_guest "for place in origin proxy; do
    mkdir -p /mnt/\$place && mount -t nfs -o vers=$1 \$place:/export /mnt/\$place || exit 1
  done
  setsid python3 /lab/both.py </dev/null >/lab/both.log 2>&1 &"
  wait_for 20 grep -q '^locked$' "$window/both.log"
}
both_count() { grep -E '^[0-9]+$' "$window/both.log" | tail -n 1; }
both_beyond() { [ "$(both_count)" -gt "$1" ]; }
both_go_on() { # seconds
  local before
  before=$(both_count)
  wait_for "$1" both_beyond "${before:-0}" || { tail -n 5 "$window/both.log"; return 1; }
}
crossed() { # each lock is refused through the other mount
  equal "refused refused" "$(in_guest '
    for pair in origin:proxy proxy:origin; do
      python3 -c "
import fcntl, sys
try:
    fcntl.lockf(open(sys.argv[1], \"r+\"), fcntl.LOCK_EX | fcntl.LOCK_NB); print(\"locked\")
except OSError:
    print(\"refused\")" /mnt/${pair#*:}/both-${pair%:*}
    done' | on_one_line)"
}
# The origin's list of clients that may reclaim (nfsdcld's) is on disk some seconds after a mount only.
reboot() {
  "$lab" origin exec sync
  "$lab" origin crash
  "$lab" origin start -e insecure
}
both_ended() {
  : >"$window/both.stop"
  wait_for 30 grep -q '^ended [1-9]' "$window/both.log" || { tail -n 5 "$window/both.log"; return 1; }
  equal "" "$(in_guest 'umount /mnt/origin /mnt/proxy; dmesg | grep -iE "NFS.*(lost|reclaim|error)"')"
}
for version in 4.2 4.0; do
  check "own, v$version: a lock through each mount" both_start $version
  check "own, v$version: each is refused through the other" crossed
  check "own, v$version: the origin crashes and boots" reboot
  check "own, v$version: both mounts go on" both_go_on 90
  check "own, v$version: each lock is still refused through the other" crossed
  check "own, v$version: no lock was lost, no error" both_ended
done
check "the proxy stops with 0" proxy_stop proxy

# Over whichever was mounted first go both mounts, with its rules or without them.
direct="connected: $origin:2049
origin: written
proxy: written
first: locked
second: refused"
proxied="connected: $proxy:2049
origin: Read-only file system
proxy: Read-only file system
first: locked
second: refused"
proxy_start proxy 2049 --config "$work/origin.json" || exit 1
for version in 4.2 4.1; do
  check "origin, v$version, origin first: one server, past the rules" \
    seen $version origin proxy "$direct"
  check "origin, v$version, proxy first: one server, behind the rules" \
    seen $version proxy origin "$proxied"
done
# A 4.0 client puts the server's address into its owner, unless it is mounted with "migration".
check "origin, v4.0, origin first: two servers" seen 4.0 origin proxy "$apart"
check "origin, v4.0, proxy first: two servers" seen 4.0 proxy origin "$apart"
check "origin, v4.0 with migration, origin first: one server" \
  seen 4.0,migration origin proxy "$direct"
check "origin, v4.0 with migration, proxy first: one server" \
  seen 4.0,migration proxy origin "$proxied"
check "the proxy stops with 0" proxy_stop proxy
finish 30
