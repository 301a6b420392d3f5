#!/bin/bash
# Rules of the configuration, seen by Linux clients: a read-only export, one without access and one
# that is hidden, in every version; root squashed; exports found and listed by themselves.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure 1
cat >"$work/rules.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "origin": { "host": "$origin" } },
  "exports": {
    "parameters": { "squash": "none" },
    "rules": [
      { "path": "/export/xfs", "access": "ro" },
      { "path": "/export/deep/ext4", "access": "none" },
      { "path": "/export/deep/tmpfs", "hidden": true },
      { "path": "/export/btrfs", "squash": "root", "anonUid": 4711, "anonGid": 4712 }
    ]
  },
  "admin": { "host": "$proxy", "port": 9049 }
}
JSON
proxy_start proxy 2049 --config "$work/rules.json" || exit 1

# What a client says, a line for each attempt; the end of a message is the errno's.
attempts='dmesg -C
say() { local e; if e=$("$@" 2>&1); then echo "$1 $2 $3: ok"; else echo "$1 $2 $3: ${e##*: }"; fi; }
say cat ID
say cat xfs/ID
say touch xfs/new
say mkdir xfs/new
say rm -f xfs/ID
say mv xfs/ID xfs/ID2
say ln xfs/ID xfs/ID3
say chmod 600 xfs/ID
say truncate -s0 xfs/ID
say cat xfs/ID
say cat deep/ext4/ID
say touch deep/ext4/new
say cat deep/tmpfs/ID
say touch writable; say rm writable
touch btrfs/mine; stat -c "owner %u:%g" btrfs/mine; rm -f btrfs/mine
many=0; for i in $(seq 30); do
  touch xfs/new 2>/dev/null || many=$((many + 1)); cat xfs/ID >/dev/null && : >>writable || break
done; rm writable; echo "refused $many of 30 between opens that are not"
echo "complaints of the kernel: $(dmesg | grep -iE "NFS.*(bad sequence|returned a bad|reclaim failed|error)")"'
# A refused OPEN of NFSv4.0 must use up its owner's seqid at the origin, or the client says "bad
# sequence-id" with its next one.
expected='cat ID : ok
cat xfs/ID : ok
touch xfs/new : Read-only file system
mkdir xfs/new : Read-only file system
rm -f xfs/ID: Read-only file system
mv xfs/ID xfs/ID2: Read-only file system
ln xfs/ID xfs/ID3: Read-only file system
chmod 600 xfs/ID: Read-only file system
truncate -s0 xfs/ID: Read-only file system
cat xfs/ID : ok
cat deep/ext4/ID : Permission denied
touch deep/ext4/new : Permission denied
cat deep/tmpfs/ID : No such file or directory
touch writable : ok
rm writable : ok
owner 4711:4712
refused 30 of 30 between opens that are not
complaints of the kernel: '

refused_as_expected() { # version options
  local said expected=$expected
  # A client of NFSv3 asks by ACCESS whether it may write, and opens nothing at the server.
  [ "$1" != 3 ] || expected=${expected/truncate -s0 xfs\/ID: Read-only file system/truncate -s0 xfs\/ID: Permission denied}
  said=$("$lab" client run -v "$1" -s "$proxy" ${2:+-o "$2"} -- "$attempts" 2>&1)
  equal "${expected%$'\n'}" "$said"
}
"$lab" origin exec 'chmod 777 /export/btrfs' || exit 1
for version in 4.2 4.1; do
  check "v$version: ro, none, hidden and squash, as errors of Linux" refused_as_expected $version
done
check "v3: ro, none, hidden and squash, as errors of Linux" refused_as_expected 3 "$v3_ports"
check "v4.0: ro, none, hidden and squash, as errors of Linux" refused_as_expected 4.0

# A refusal is final: a client that took it for something to be tried again would call and call.
storm='
cat xfs/ID >/dev/null
calls() { awk "/^rpc / { print \$2, \$3 }" /proc/net/rpc/nfs; }
read -r before again <<<"$(calls)"
for n in {1..50}; do touch xfs/new.$n && exit 1; done 2>/dev/null
read -r after retransmitted <<<"$(calls)"
echo $((after - before)) $((retransmitted - again))
[ "$(cat xfs/ID)" = /export/xfs ]'
no_storm() { # version options
  local said calls retransmitted
  said=$("$lab" client run -v "$1" -s "$proxy" ${2:+-o "$2"} -- "$storm") || { echo "$said"; return 1; }
  read -r calls retransmitted <<<"$said"
  echo "     v$1: 50 refused touches are $calls calls, $retransmitted retransmitted"
  [ "$calls" -ge 50 ] && [ "$calls" -le 300 ] && [ "$retransmitted" = 0 ]
}
for version in 4.2 4.0 3; do
  options=
  [ $version != 3 ] || options=$v3_ports
  check "v$version: refused once, not tried again; the mount stays usable" no_storm $version "$options"
  grep '^     v' "$work/said"
done
owned() { # at the origin, by whom root's file is
  "$lab" client run -v 4.2 -s "$proxy" -- 'touch btrfs/mine own' &&
    equal "4711:4712 0:0" \
      "$("$lab" origin exec 'stat -c %u:%g /export/btrfs/mine /export/own' | on_one_line)" &&
    "$lab" origin exec 'rm /export/btrfs/mine /export/own'
}
check "root, squashed and not, as the origin's files have it" owned

untouched() { # at the origin, what was forbidden has not happened
  equal "/export/xfs /export/deep/ext4" \
    "$("$lab" origin exec 'cat /export/xfs/ID /export/deep/ext4/ID' | on_one_line)" &&
    equal "" "$("$lab" origin exec 'ls -d /export/xfs/{new,ID2,ID3} /export/deep/ext4/new 2>/dev/null')"
}
check "nothing forbidden reached the origin's filesystems" untouched

listed() { # the list of exports has every filesystem's path
  local list
  list=$("${place[@]}" curl -s "http://$proxy:9049/exports" |
    python3 -c 'import json, sys
print(*sorted(e["path"] for e in json.load(sys.stdin) if e["path"]), sep="\n")') || return 1
  echo "$list"
  for path in /export /export/xfs /export/btrfs /export/deep/ext4; do
    contains "$list" "^$path\$" || return 1
  done
}
check "exports were found and are listed with their paths" listed
fsid=$("${place[@]}" curl -s "http://$proxy:9049/exports" | python3 -c 'import json, sys
print(*(e["fsid"]["nfs4"] for e in json.load(sys.stdin) if e["path"] == "/export/xfs"))')
check "the proxy stops with 0" proxy_stop proxy
cat >"$work/fsid.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" },
               "rules": [ { "fsid": "$fsid", "access": "ro" } ] },
  "admin": { "enabled": false }
}
JSON
proxy_start proxy 2049 --config "$work/fsid.json" || exit 1
by_fsid() { # version options: that filesystem is read-only, no other is
  equal "Read-only file system" "$("$lab" client run -v "$1" -s "$proxy" ${2:+-o "$2"} -- '
    touch writable && rm writable && e=$(touch xfs/new 2>&1) || echo "${e##*: }"')"
}
check "v4.2: a rule by the fsid that /exports prints" by_fsid 4.2
check "v3: the same, by the fsid of NFSv4" by_fsid 3 "$v3_ports"
proxy_stop proxy
finish 13
