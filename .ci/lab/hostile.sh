#!/bin/bash
# What a hostile client may try, on the wire and with the origin's own filehandles: every operation
# that changes files, in every version, and every walk within a COMPOUND, against every kind of rule.
# All is refused with the right status, and the origin's counters show that none came there.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
guests_without_kerberos
guests_ready insecure
in_grace() { [ "$("$lab" origin exec 'cat /proc/fs/nfsd/v4_end_grace')" != Y ]; }
wait_for 60 eval '! in_grace' || exit 1
operations=$checkout/docs/reference/operations.md
configured() { # name port rule...: a proxy with these rules and no admin page
  local name=$1 port=$2 list IFS=,
  shift 2
  list="$*"
  cat >"$work/$name.json" <<JSON
{
  "listen": { "host": "$proxy", "port": $port },
  "backend": { "origin": { "host": "$origin" } },
  "exports": { "parameters": { "squash": "none" }, "rules": [ $list ] },
  "admin": { "enabled": false }
}
JSON
  proxy_start "$name" "$port" --config "$work/$name.json" || exit 1
}
rules=(
  '{ "path": "/export/xfs", "access": "ro" }'
  '{ "path": "/export/deep/ext4", "access": "none" }'
  '{ "path": "/export/deep/tmpfs", "hidden": true }'
  '{ "path": "/export/btrfs", "clients": ["192.0.2.0/24", "2001:db8::/32"] }'
)
columns=(ro=/export/xfs none=/export/deep/ext4 hidden=/export/deep/tmpfs other=/export/btrfs)
configured proxy 2049 "${rules[@]}"
configured second 2050 "${rules[@]}"
"$lab" origin exec 'for at in /export /export/xfs /export/btrfs /export/deep/ext4 /export/deep/tmpfs; do
    rm -rf $at/hostile && mkdir -p $at/hostile/folder && echo kept >$at/hostile/file || exit 1
  done
  for at in /export /export/xfs /export/btrfs /export/deep/ext4; do
    setfattr -n user.good -v kept $at/hostile/file || exit 1
  done
  chmod 755 /export/*/hostile /export/deep/*/hostile; sync' || exit 1
# All names, owners, times, sizes and contents, and the attributes of files.
fingerprint() {
  "$lab" origin exec 'cd /export && find xfs btrfs deep -print0 | sort -z |
    xargs -0 stat -c "%n %i %f %u %g %h %s %Y %Z %t %T"
    find xfs btrfs deep -type f -print0 | sort -z | xargs -0 md5sum
    find xfs btrfs deep -type f -print0 | sort -z | xargs -0 getfattr -d 2>/dev/null'
}
counters() { "$lab" origin exec 'cat /proc/net/rpc/nfsd'; }
hostile() { "${place[@]}" "$ci/hostile" "$@"; }
attempts() { # port uid column...
  local port=$1 user=$2
  shift 2
  hostile attempts "$operations" "$origin" 20048 "$proxy" "$port" "$user" "$@"
}
fingerprint >"$work/files"
counters >"$work/before"
attempts 2049 0 "${columns[@]}" >"$work/table" 2>&1
status=$?
counters >"$work/after"
grep -v '^harmless' "$work/table"
check "every attempt refused, with the right status and at the right operation" equal 0 $status
check "the origin executed none of them, nor any operation that writes" \
  equal "$(sed -n 's/^harmless: //p' "$work/table")" \
  "$(hostile counted "$operations" "$work/before" "$work/after")"
check "all files as they were" equal "$(cat "$work/files")" "$(fingerprint)"

check "a refused COMPOUND again in its slot, through another proxy: the same bytes" \
  hostile retries "$origin" 20048 "$proxy" 2049 2050 /export/xfs
sed 's/^/     /' "$work/said"
check "all files as they were after that" equal "$(cat "$work/files")" "$(fingerprint)"

# Squashed root is somebody to whom these files do not belong: here the origin refuses.
proxy_stop second
configured squash 2050 '{ "path": "/export/xfs", "squash": "root" }' \
  '{ "path": "/export/deep/ext4", "squash": "all" }'
attempts 2050 0 squash-root=/export/xfs squash-all=/export/deep/ext4 >"$work/table" 2>&1
status=$?
grep -v '^harmless' "$work/table"
check "root, squashed, may change nothing of root's" equal 0 $status
check "all files as they were after that too" equal "$(cat "$work/files")" "$(fingerprint)"

# The same calls where nothing forbids them: so they are calls that the origin would have executed.
counters >"$work/before"
attempts 2049 0 rw=/export >"$work/table" 2>&1
counters >"$work/after"
sed '/^harmless/d' "$work/table"
reached=$(hostile counted "$operations" "$work/before" "$work/after")
for label in nfs3.{setattr,write,create,mkdir,symlink,mknod,remove,rmdir,rename,link,commit} \
  nfs4.{commit,create,link,open,remove,rename,setattr,write,allocate,copy,deallocate,clone}; do
  grep -q "^$label " <<<"$reached" || echo "$label"
done >"$work/unreached"
check "without a rule they reach the origin" equal "" "$(cat "$work/unreached")"
"$lab" origin exec 'rm -rf /export/hostile /export/*/hostile /export/deep/*/hostile'
check "the proxies stop with 0" eval 'proxy_stop squash && proxy_stop proxy'
finish 9
