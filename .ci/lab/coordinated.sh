#!/bin/bash
# The backend coordinated-fs with a Linux client (v3): ext4, xfs, btrfs and tmpfs, mounted by this
# script and crossed into; what the client sees against what the machine has; then two instances
# behind haproxy, of which one is killed with -9 every five seconds for a minute (as soon as the other is
# up again, on a machine that is slower).
#   coordinated.sh [--instances]     only the two instances
. "$(dirname "$0")/common.sh"

members=/nfs-proxy-export.$$ # one name below the root, as .ci/filehandles looks things up
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
make_members

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
guests_without_kerberos
runs client1 || "$lab" client start 1
on_client() { "$lab" client run -v 3 -s "$proxy" -p "$members" -o "$v3_ports${mount_options:-}" -- "$@"; }

if [ "${1:-}" != --instances ]; then
configuration "$proxy" 2049 >"$work/proxy.json"
proxy_start proxy 2049 --config "$work/proxy.json" || exit 1
# The count for each tree is that of `lab check` on Linux's own server.
tree() { # directory...
  local output
  output=$(on_client "$shared/lab/guest-check" tree "$@" 2>&1)
  ! grep -v '^ok ' <<<"$output" && equal $((15 * $#)) "$(grep -c '^ok ' <<<"$output")"
}
for kind in . xfs btrfs btrfs/sub1 deep/tmpfs; do
  check "$kind: contents and operations as on any NFS server" tree $kind
done

# Each filesystem is one for the client too, and so is a btrfs subvolume; inodes are the machine's.
sees_filesystems() {
  local found
  found=$(on_client 'stat -c %d ./. xfs/. btrfs/. btrfs/sub1/. deep/tmpfs/. | sort -u | wc -l
    stat -c "%i" xfs/ID deep/tmpfs/ID')
  equal "5
$(stat -c %i "$members/xfs/ID" "$members/deep/tmpfs/ID")" "$found"
}
check "five filesystems, with the machine's own inode numbers" sees_filesystems

many() { # 100,000 entries, listed by a client that knows nothing of them
  local directory=$members/${1#.}/many found
  mkdir "$directory" && (cd "$directory" && seq 100000 | xargs touch) || return 1
  found=$(on_client "ls -fA $1/many | sort -n | uniq | md5sum; ls -lA $1/many | tail -n +2 | wc -l")
  rm -r "$directory"
  equal "$(seq 100000 | md5sum)
100000" "$found"
}
for kind in . xfs btrfs deep/tmpfs; do
  check "$kind: 100,000 entries listed, each once" many $kind
done

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
check "users, groups and set-id bits as the kernel has them" permissions
proxy_stop proxy
fi

# ---- two instances behind a balancer ------------------------------------------------------------
instances=(20491 20492)
for port in "${instances[@]}"; do
  configuration 127.0.0.1 "$port" >"$work/$port.json"
  proxy_start "$port" "$port" --config "$work/$port.json" || exit 1
done
cat >"$work/haproxy.cfg" <<CFG
defaults
  mode tcp
  timeout connect 2s
  timeout client 10m
  timeout server 10m
  retries 20
  option redispatch
listen nfs
  bind $proxy:2049
  balance roundrobin
  server a 127.0.0.1:${instances[0]} check inter 200 fall 1 rise 1 on-marked-down shutdown-sessions
  server b 127.0.0.1:${instances[1]} check inter 200 fall 1 rise 1 on-marked-down shutdown-sessions
CFG
"${place[@]}" haproxy -db -f "$work/haproxy.cfg" </dev/null >"$work/haproxy.out" 2>&1 3>&- &
haproxy_pid=$!
haproxy_leaves() { kill "$haproxy_pid"; }
at_exit=(haproxy_leaves "${at_exit[@]}")
wait_for 10 listening 2049 || exit 1

handles() { # port: of each root, by MNT and by LOOKUP
  "${place[@]}" "$ci/filehandles" 127.0.0.1 "$1" "$1" "$members" "$members"/{xfs,btrfs,deep/tmpfs} \
    2>/dev/null | grep '^3'
}
handles_equal() { # asked of each instance, by a v3 client of ours
  local first second
  first=$(handles "${instances[0]}") && second=$(handles "${instances[1]}") &&
    equal 8 "$(wc -l <<<"$first")" && equal "$first" "$second"
}
# A client that works on all four filesystems the whole time, and stops at the first error. NFSv3
# repeats a call whose reply died with an instance, and may find its own work done: that is counted,
# and what was wanted must be there.
worker='
  trap "exit 3" TERM
  set -e
  rounds=0 met=0
  own() { # what is wanted, what to do
    local wanted=$1
    shift
    if ! "$@" 2>/run/said; then
      grep -q -e "File exists" -e "No such file" /run/said || { cat /run/said >&2; return 1; }
      met=$((met + 1))
    fi
    eval "$wanted" || { echo "$* is not done" >&2; return 1; }
  }
  exec 9>xfs/held
  while [ ! -e /lab/enough ]; do
    for fs in . xfs btrfs deep/tmpfs; do
      d=$fs/work; own "[ -d $d ]" mkdir $d
      head -c 300000 /dev/urandom >/run/block; cp /run/block $d/a; sync $d/a
      echo 3 >/proc/sys/vm/drop_caches; cmp $d/a /run/block
      own "[ ! -e $d/a ]" mv $d/a $d/b; own "[ -e $d/c ]" ln $d/b $d/c; [ "$(ls $d | tr "\n" " ")" = "b c " ]
      own "[ ! -e $d/b ]" rm $d/b; own "[ ! -e $d/c ]" rm $d/c; own "[ ! -e $d ]" rmdir $d
      echo $rounds >&9
    done
    rounds=$((rounds + 1))
  done
  exec 9>&-
  [ "$(tail -n 1 xfs/held)" = $((rounds - 1)) ]
  echo "rounds $rounds, met its own work $met times"'
work_through_kills() {
  local kills=0 victim pid began
  rm -f "$guests/client1/enough"
  mount_options=,hard on_client "$worker" >"$work/worker" 2>&1 &
  pid=$!
  sleep 5
  while [ $kills -lt 12 ]; do
    ended $pid && break
    victim=${instances[kills % 2]}
    began=$SECONDS
    proxy_kill "$victim"
    sleep 1
    proxy_start "$victim" "$victim" --config "$work/$victim.json" || return 1
    until [ $SECONDS -ge $((began + 5)) ]; do sleep 0.2; done
    kills=$((kills + 1))
  done
  touch "$guests/client1/enough"
  wait $pid || { tail -n 5 "$work/worker"; return 1; }
  equal 12 $kills && contains "$(<"$work/worker")" '^rounds [1-9][0-9]*, met'
}
check "handles of both instances are byte-equal" handles_equal
check "12 times kill -9, a client works on: no error, nothing stale" work_through_kills
echo "     the client: $(tail -n 1 "$work/worker")"
[ "${1:-}" != --instances ] || finish 2
finish 13
