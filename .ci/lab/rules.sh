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
attempts='
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
  local said
  said=$("$lab" client run -v "$1" -s "$proxy" ${2:+-o "$2"} -- "$attempts" 2>&1)
  equal "${expected%$'\n'}" "$said"
}
"$lab" origin exec 'chmod 777 /export/btrfs' || exit 1
for version in 4.2 4.1; do
  check "v$version: ro, none, hidden and squash, as errors of Linux" refused_as_expected $version
done
check "v3: ro, none, hidden and squash, as errors of Linux" refused_as_expected 3 "$v3_ports"
check "v4.0: ro, none, hidden and squash, as errors of Linux" refused_as_expected 4.0

untouched() { # at the origin, what was forbidden has not happened
  equal "/export/xfs /export/deep/ext4" \
    "$(echo $("$lab" origin exec 'cat /export/xfs/ID /export/deep/ext4/ID'))" &&
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
check "the proxy stops with 0" proxy_stop proxy
finish 7
