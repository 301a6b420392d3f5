#!/bin/bash
# A client renames a directory above a mount point for which there is a rule, and makes a plain
# directory in its place: the rule stays with the filesystem, and comes over no other.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure
cat >"$work/rules.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049 },
  "backend": { "origin": { "host": "$origin" } },
  "discovery": { "refreshMillis": 1000 },
  "exports": { "parameters": { "squash": "none" },
               "rules": [ { "path": "/export/deep/ext4", "access": "none" } ] },
  "admin": { "host": "$proxy", "port": 9049 }
}
JSON
proxy_start proxy 2049 --config "$work/rules.json" || exit 1

exports() { # of each: path, state, access, where it is held from
  "${place[@]}" curl -s "http://$proxy:9049/exports" | python3 -c 'import json, sys
for e in json.load(sys.stdin):
    print(e["path"], e["state"], e["parameters"]["access"], e["parameters"].get("heldFrom", "-"))'
}
shows() { # line: what the list of exports has, within some looks
  shown() { exports | grep -qxF -- "$1"; }
  wait_for 20 shown "$1" || { echo "no line: $1"; exports; return 1; }
}
client() { # statement...: of Python, with a connection and the root of /export
  "${place[@]}" python3 - "$ci" "$proxy" "$@" <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
from wire import NFS, Connection, opaque, u32

connection = Connection(sys.argv[2], 2049)
root = connection.mnt("/export")


def status(procedure, *arguments):
    return connection.call(NFS, 3, procedure, b"".join(arguments)).u32()


def rename(old, new):
    return status(14, opaque(root), opaque(old), opaque(root), opaque(new))


def mkdir(directory, name):
    return status(9, opaque(directory), opaque(name), u32(0, 0, 0, 0, 0, 0))


def lookup(directory, name):
    return status(3, opaque(directory), opaque(name))


for each in sys.argv[3:]:
    print(eval(each))
PY
}
check "before: the rule holds" shows "/export/deep/ext4 connected none -"
trick() {
  equal "0 0 0" "$(client 'rename(b"deep", b"moved")' 'mkdir(root, b"deep")' \
    'mkdir(connection.lookup(root, "deep"), b"ext4")' | on_one_line)"
}
check "a client renames what leads there, and makes directories in its place" trick
check "the filesystem is gone from there, and held" shows "/export/deep/ext4 gone none -"
check "the one around it is not" shows "/export connected rw -"
entered() { # by its new name: NFS3ERR_ACCES, also when the proxy knows where it is
  equal 13 "$(client 'lookup(connection.lookup(root, "moved"), b"ext4")')"
}
check "nobody may enter it by its new name" entered
check "it is known where it is, and held from where it was" \
  shows "/export/moved/ext4 connected none /export/deep/ext4"
check "nobody may enter it then" entered
works() { equal "0 0" "$(client 'mkdir(root, b"new")' 'lookup(root, b"new")' | on_one_line)"; }
check "the filesystem around it is as usable as before" works
warned() {
  equal "1 1" "$(grep -c "which a rule names, was the root" "$work/proxy.err") $(
    grep -c "it stays held to what it was held to there" "$work/proxy.err")"
}
check "the log warns of both, once" warned
sed -i 's/"squash": "none"/"squash": "none", "anonUid": 7/' \
  "$work/rules.json"
check "a changed file takes places as they are" shows "/export/moved/ext4 connected rw -"
"$lab" origin exec 'rmdir /export/new /export/deep/ext4 /export/deep && mv /export/moved /export/deep && sync'
check "the proxy stops with 0" proxy_stop proxy
finish 11
