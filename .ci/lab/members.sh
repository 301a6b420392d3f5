# Filesystems of this machine for the backend coordinated-fs, and what every client must see of them.
# Sourced, after common.sh; the script that does so says how its client mounts them: on_client COMMAND.

members=/nfs-proxy-export.$$ # one name below the root, as .ci/filehandles looks things up
filesystems=(. xfs btrfs deep/tmpfs)
declare -A options=([ext4]='-N 200000')
make_members() { # ext4 at the top, the others mounted in it; each with a file ID, as guest-check asks
  local kind path=$members
  for kind in ext4 xfs btrfs tmpfs; do
    [ $kind = ext4 ] || path=$members/$kind
    [ $kind != tmpfs ] || path=$members/deep/tmpfs
    mkdir -p "$path"
    if [ $kind = tmpfs ]; then
      mount -t tmpfs none "$path"
    else
      # shellcheck disable=SC2086 # several options, or none
      truncate -s 600M "$work/$kind.img" && "mkfs.$kind" -q ${options[$kind]:-} "$work/$kind.img" >/dev/null 2>&1 &&
        mount -o loop "$work/$kind.img" "$path"
    fi || { echo "cannot mount $kind"; exit 1; }
    echo "/export${path#"$members"}" >"$path/ID"
  done
  rmdir "$members/lost+found"
  btrfs -q subvolume create "$members/btrfs/sub1" && echo /export/btrfs/sub1 >"$members/btrfs/sub1/ID"
}
members_leave() {
  umount "$members/xfs" "$members/btrfs" "$members/deep/tmpfs" "$members" && rmdir "$members"
}
at_exit+=(members_leave)

configuration() { # host port
  cat <<JSON
{
  "listen": { "host": "$1", "port": $2 },
  "admin": { "enabled": false },
  "exports": { "parameters": { "squash": "none" } },
  "backend": { "type": "coordinated-fs", "filesystems": [
    { "id": 1, "path": "$members" }, { "id": 2, "path": "$members/xfs" },
    { "id": 3, "path": "$members/btrfs" }, { "id": 4, "path": "$members/deep/tmpfs" } ] }
}
JSON
}

# The count for each tree is that of `lab check` on Linux's own server.
tree() { # checks-for-each directory...
  local output each=$1
  shift
  output=$(on_client "$shared/lab/guest-check" tree "$@" 2>&1)
  ! grep -v '^ok ' <<<"$output" && equal $((each * $#)) "$(grep -c '^ok ' <<<"$output")"
}

# Each filesystem is one for the client too, and so is a btrfs subvolume; inodes are the machine's.
sees_filesystems() {
  local found
  found=$(on_client 'stat -c %d ./. xfs/. btrfs/. btrfs/sub1/. deep/tmpfs/. | sort -u | wc -l
    stat -c "%i" xfs/ID deep/tmpfs/ID')
  equal "5
$(stat -c %i "$members/xfs/ID" "$members/deep/tmpfs/ID")" "$found"
}

many() { # 100,000 entries, listed by a client that knows nothing of them
  local directory=$members/${1#.}/many found
  mkdir "$directory" && (cd "$directory" && seq 100000 | xargs touch) || return 1
  found=$(on_client "ls -fA $1/many | sort -n | uniq | md5sum; ls -lA $1/many | tail -n +2 | wc -l")
  rm -r "$directory"
  equal "$(seq 100000 | md5sum)
100000" "$found"
}

permissions() { # as users, against files that root made
  local kind script='
    set -e
    for fs in . xfs btrfs deep/tmpfs; do
      cd $MNT/$fs; mkdir users; chmod 1777 users; cd users
      echo secret >root; chmod 600 root
      setpriv --reuid 1000 --regid 1000 --clear-groups sh -c "
        ! cat root 2>/dev/null; ! rm root 2>/dev/null; echo mine >alice; chmod 400 alice; cat alice >/dev/null"
      setpriv --reuid 1001 --regid 1001 --groups 3000 sh -c "! cat alice 2>/dev/null; ! echo x 2>/dev/null >>alice"
      chgrp 3000 alice; chmod 440 alice
      setpriv --reuid 1001 --regid 1001 --groups 3000 cat alice
      setpriv --reuid 1001 --regid 1001 --clear-groups sh -c "! cat alice 2>/dev/null"
      cp /bin/true suid; chmod 6777 suid
      setpriv --reuid 1001 --regid 1001 --clear-groups sh -c "printf x >>suid"; stat -c %a suid
      cd ..; rm -r users
    done'
  equal "$(for kind in 1 2 3 4; do echo mine; echo 777; done)" "$(on_client "$script")"
}
