#!/bin/bash
# Filehandles through the proxy: those of the origin, byte for byte and so of the same length, for
# every filesystem and version; and what MOUNT answers by each of its versions, that of 2 too.
. "$(dirname "$0")/common.sh"

# The files' lengths are knfsd's for ext4, xfs, btrfs and tmpfs: 28, 32, 40 and 32 bytes.
files=(/export/file /export/xfs/file /export/btrfs/file /export/deep/tmpfs/file)
paths=(/export /export/xfs /export/btrfs /export/btrfs/sub1/sub2 /export/deep/ext4
  /export/deep/tmpfs "${files[@]}")
filehandles() { # host mount-port
  "${place[@]}" "$ci/filehandles" "$1" 2049 "$2" "${paths[@]}" 2>&1
}
of_version() { grep "^$1 " <<<"$2"; }
file_lengths() { awk '$2 ~ "/file$" { printf "%s%d", separator, $3; separator = " " }'; }

guests_without_kerberos
guests_ready insecure
proxy_before "$origin"
"$lab" origin exec "touch ${files[*]}"
direct=$(filehandles "$origin" 20048) || { echo "$direct"; exit 1; }
through=$(filehandles "$proxy" 2049) || { echo "$through"; exit 1; }

for version in 3 3/LOOKUP 4.0 4.1 4.2; do
  expected=$(of_version $version "$direct")
  [ "$(wc -l <<<"$expected")" = ${#paths[@]} ] || { echo "$direct"; exit 1; }
  check "v$version: ${#paths[@]} filehandles byte-identical" \
    equal "$expected" "$(of_version $version "$through")"
  check "v$version: ext4, xfs, btrfs, tmpfs: 28, 32, 40, 32 bytes" \
    equal "28 32 40 32" "$(of_version $version "$through" | file_lengths)"
done
mounts() { "${place[@]}" "$ci/mount-calls" "$1" "$2" /export; }
same_mounts() {
  local said
  said=$(mounts "$origin" 20048) && contains "$said" "^2 1 00000000[0-9a-f]{64}$" &&
    equal "$said" "$(mounts "$proxy" 2049)"
}
check "MOUNT 1, 2 and 3: MNT, EXPORT, EXPORTALL and PATHCONF as the origin answers them" same_mounts
finish 11
