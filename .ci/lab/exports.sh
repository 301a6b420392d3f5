#!/bin/bash
# Exports found, not configured: the proxy is told its origin and nothing else. All seven filesystems
# are crossed by clients of each version and listed; then one comes, goes, and comes back formatted.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$ci/lab/listed.sh"
guests_without_kerberos
guests_ready insecure 1

# As a user starts it: root is squashed, so what clients write is nobody's.
unconfigured() { # [configuration]: the default keeps the admin page on 127.0.0.1 of the namespace
  admin=127.0.0.1:9049
  proxy_start proxy 2049 --listen "$proxy:2049" --origin "$origin:2049" "$@"
}
# Each filesystem is entered, its ID read, a file written, read and removed.
cross='
for at in . xfs btrfs btrfs/sub1 btrfs/sub1/sub2 deep/ext4 deep/tmpfs; do
  [ "$(cat $at/ID)" = "$(realpath -m /export/$at)" ] || { echo "ID of $at"; exit 1; }
  echo $at >$at/crossed && [ "$(cat $at/crossed)" = $at ] || exit 2
  [ "$(stat -c %u:%g $at/crossed)" = 65534:65534 ] && rm $at/crossed || exit 3
done
stat -c %d . xfs btrfs deep/ext4 deep/tmpfs | sort -u | wc -l'
crossed() { # version options: by a proxy that has just started
  local said
  unconfigured || return 1
  said=$("$lab" client run -v "$1" -s "$proxy" ${2:+-o "$2"} -- "$cross" 2>&1)
  equal 5 "$said" || return 1
  # Btrfs subvolumes have their filesystem's fsid on a Linux origin, so they are one with it.
  equal "/ /export /export/btrfs /export/deep/ext4 /export/deep/tmpfs /export/xfs" \
    "$(listed_paths)" || return 1
  equal "" "$(listed 'not e["connected"]' path)" && proxy_stop proxy
}
"$lab" origin exec 'umount -ql /export/late 2>/dev/null; chmod 1777 /export /export/xfs /export/btrfs \
  /export/btrfs/sub1 /export/btrfs/sub1/sub2 /export/deep/ext4 /export/deep/tmpfs' || exit 1
for version in 4.2 4.1 4.0; do
  check "v$version: seven filesystems crossed and listed, no configuration" crossed $version
done
check "v3: seven filesystems crossed and listed, no configuration" crossed 3 "$v3_ports"

# ---- while it runs ------------------------------------------------------------------------------
# The only key is one that makes the wait for what the list says short; a rule shows that a newcomer
# is under it from its first call.
cat >"$work/late.json" <<JSON
{
  "exports": { "parameters": { "squash": "none" },
               "rules": [ { "path": "/export/late", "access": "ro" } ] },
  "discovery": { "refreshMillis": 1000 }
}
JSON
unconfigured --config "$work/late.json" || exit 1
mounts="4.2 4.1 4.0 3"
at_client() { "$lab" client exec -n 1 "$@"; }
for version in $mounts; do
  options=vers=$version
  [ "$version" != 3 ] || options+=,$v3_ports
  at_client "mkdir -p /mnt/held.$version &&
    mount -t nfs -o $options $proxy:/export /mnt/held.$version && ls /mnt/held.$version" || exit 1
done >/dev/null

filesystem_comes() { # label: formats the image, mounts it; knfsd exports it, by crossmnt
  "$lab" origin exec "mkdir -p /export/late && modprobe loop && rm -f /run/late.img &&
    truncate -s 32M /run/late.img && mkfs.ext4 -q /run/late.img &&
    mount -o loop /run/late.img /export/late && echo $1 >/export/late/ID && sync /export/late/ID"
}
# What a client has cached of the directory under a mount point it would believe for a minute.
found_by_all() { # label: every client reads it and may not write it; but may beside it
  at_client "echo 3 >/proc/sys/vm/drop_caches; for v in $mounts; do
      cd /mnt/held.\$v || exit 1
      [ \"\$(cat late/ID 2>&1)\" = $1 ] || { echo \$v: \$(cat late/ID 2>&1); exit 2; }
      e=\$(touch late/new 2>&1) && exit 3
      [ \"\${e##*: }\" = 'Read-only file system' ] || { echo \"\$v: \$e\"; exit 4; }
      touch beside.\$v && rm beside.\$v || exit 5
    done"
}
check "a filesystem mounted on the origin is not known before it is used" \
  equal "" "$(listed 'e["path"] == "/export/late"' path)"
check "the origin mounts a filesystem" filesystem_comes first
check "it is found at its first use by mounts that were there, and ro by its rule" \
  found_by_all first
first_fsid=$(listed 'e["path"] == "/export/late" and e["connected"]' fsid.nfs4)
check "it is listed" contains "$first_fsid" '^[0-9a-f]+:[0-9a-f]+$'

# A client holds a file open; knfsd keeps what it was asked for, so the unmounting is lazy.
goes() {
  at_client 'setsid sleep 600 </mnt/held.4.2/late/ID >/dev/null 2>&1 & echo $! >/run/holder' &&
    "$lab" origin exec 'umount -l /export/late && exportfs -f'
}
# The open file's handle is STALE, as the origin says; the name is an empty directory of /export.
stale() {
  local said
  said=$(at_client 'echo 3 >/proc/sys/vm/drop_caches; cat /proc/$(cat /run/holder)/fd/0 2>&1
    kill $(cat /run/holder); sleep 2; ls -A /mnt/held.4.2/late 2>&1; ls /mnt/held.3/late 2>&1')
  contains "$said" 'cat: .*: Stale file handle$' && equal 1 "$(wc -l <<<"$said")"
}
state_of() { listed "e['fsid'].get('nfs4') == '$1'" state; }
has_gone() { [ "$(state_of "$1")" = gone ]; }
check "the origin unmounts it while a client has a file of it open" goes
check "its handles are STALE, its name an empty directory" stale
check "it is listed as gone" wait_for 10 has_gone "$first_fsid"
echo "     why: $(listed 'e["state"] == "gone"' path why)"
# Its rule stays with it: the plain directory that lies there now brings it over no other filesystem.
beside_is_writable() {
  equal "" "$(at_client 'touch /mnt/held.4.2/beside 2>&1; touch /mnt/held.3/beside 2>&1; rm -f /mnt/held.3/beside')"
}
check "the plain directory at its rule's path brings the rule over nothing" beside_is_writable
check "and formatted anew, it is another: found at its first use by mounts that were there" \
  eval 'filesystem_comes second && found_by_all second'
second_fsid=$(listed 'e["path"] == "/export/late" and e["connected"]' fsid.nfs4)
another() { [ -n "$second_fsid" ] && [ "$second_fsid" != "$first_fsid" ] && has_gone "$first_fsid"; }
check "both are listed, one path, the old fsid gone and the new one connected" another
at_client "cd /; for v in $mounts; do umount /mnt/held.\$v; done"
"$lab" origin exec 'exportfs -f; umount -l /export/late; rmdir /export/late; losetup -D'
check "the proxy stops with 0" proxy_stop proxy
finish 15
