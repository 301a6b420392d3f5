#!/bin/bash
# The backend coordinated-fs by NFSv4, with Linux clients (4.1, 4.0) on ext4, xfs, btrfs and tmpfs, and with
# libnfs: what they see against what the machine has; locks between clients; a restart, after which what was
# held is held; an instance that takes over, where it is lost and the program is told.
#   coordinated-nfs4.sh [--state]     only the restart and the instance that takes over
# The jar must be built with the profile nfs4j, as .ci/nfs4j.sh does; PROXY_COMMAND may name another one.
. "$(dirname "$0")/common.sh"
. "$ci/lab/members.sh"
. "$ci/lab/load.sh"

serves_nfs4() { unzip -l "${proxy_command[-1]}" | grep -q coordinated/nfs4j/Nfs4Provider; }
serves_nfs4 || { echo "${proxy_command[-1]} is built without nfs4j"; exit 1; }
make_members
guests_without_kerberos
for n in 1 2; do runs client$n || "$lab" client start $n & done
wait_children
on_client() { "$lab" client run -v "${version:-4.1}" -s "$proxy" -p "${path:-$members}" -o "hard${mount_options:-}" -- "$@"; }
configuration "$proxy" 2049 >"$work/proxy.json"
proxy_start proxy 2049 --config "$work/proxy.json" || exit 1

if [ "${1:-}" != --state ]; then
# ---- what clients see ---------------------------------------------------------------------------
for version in 4.1 4.0; do
  for kind in . xfs btrfs btrfs/sub1 deep/tmpfs; do
    check "$version, $kind: contents and operations as on any NFS server" tree 14 $kind
  done
done
version=4.1
takes_41() { # a client that asks for the newest
  equal "vers=4.1" "$(version=4 on_client 'grep -o " $MNT nfs4 .*" /proc/mounts | grep -o "vers=[0-9.]*"')"
}
check "mount -o vers=4 becomes 4.1" takes_41
refuses_42() { ! version=4.2 on_client true; }
check "mount -o vers=4.2 is refused" refuses_42
check "five filesystems, with the machine's own inode numbers" sees_filesystems
handles() {
  local of
  "${place[@]}" "$ci/filehandles" "$proxy" 2049 2049 "$members" "$members"/{xfs,btrfs,btrfs/sub1,deep/tmpfs} \
    >"$work/handles" 2>/dev/null
  for of in "$members" "$members"/{xfs,btrfs,btrfs/sub1,deep/tmpfs}; do
    equal "4 1" "$(awk -v of="$of" '$2 == of { lines++; seen[$4] } END { print lines, length(seen) }' "$work/handles")" ||
      return
  done
}
check "one handle by MNT, LOOKUP, 4.0 and 4.1" handles
for kind in "${filesystems[@]}"; do
  check "$kind: 100,000 entries listed, each once" many "$kind"
done
check "users, groups and set-id bits as the kernel has them" permissions
root_above() { # the directories above the filesystems: listed, entered, never changed
  equal "${members#/}
ID btrfs deep xfs 
/export
refused
refused" "$(path=/ on_client "ls -A; ls -A .$members | tr '\n' ' '; echo; cat .$members/ID
    touch x 2>/dev/null || echo refused; rmdir .$members 2>/dev/null || echo refused")"
}
check "mounted at /, the directories above can be looked at and not changed" root_above
sparse() { # a file of 5 GiB with 8 KiB in it, of which half lies across 4 GiB
  local kind
  for kind in . xfs btrfs; do
    on_client "cd $kind; truncate -s 5G sparse; head -c 8192 /dev/urandom >/run/block
      dd if=/run/block of=sparse bs=4096 seek=1048575 conv=notrunc status=none; sync sparse
      echo 3 >/proc/sys/vm/drop_caches
      dd if=sparse bs=4096 skip=1048575 count=2 status=none | cmp - /run/block || exit 1
      stat -c %s sparse; [ \$(stat -c %b sparse) -lt 1000 ] || stat sparse" >"$work/sparse" || return
    equal 5368709120 "$(<"$work/sparse")" && equal 5368709120 "$(stat -c %s "$members/$kind/sparse")" || return
    rm "$members/$kind/sparse"
  done
}
check "sparse files of 5 GiB" sparse
space() { # df and df -i; a Linux client counts in blocks of 1 MiB
  local kind what=size,itotal
  for kind in "${filesystems[@]}"; do
    equal "$(df -BM --output=$what "$members/$kind" | tail -n 1)" \
      "$(on_client "df -BM --output=$what $kind" | tail -n 1)" || return
  done
}
check "df and df -i as on the machine" space
across() { # what crosses filesystems, and what one version writes and the other reads
  equal "linked no
moved
by three" "$(on_client "echo moved >a; ln a xfs/a 2>/dev/null || echo linked no; mv a xfs/a; cat xfs/a; rm xfs/a; echo by four >b
    cat >/dev/null <b; mkdir /run/three; mount -t nfs -o vers=3,$v3_ports $proxy:$members /run/three
    [ \"\$(cat /run/three/b)\" = 'by four' ] || exit 1; echo by three >/run/three/b; umount /run/three; rmdir /run/three
    sleep 4; cat b; rm b")"
}
check "a link across filesystems is refused, a move copies; NFSv3 and 4.1 see each other's writes" across

# ---- locks between clients ----------------------------------------------------------------------
two_clients() { # version
  local holder status
  echo >"$members/xfs/locked"
  version=$1 on_client "$shared/lab/guest-check" hold xfs/locked 12 >"$work/hold" &
  holder=$!
  sleep 5
  "$lab" client run -n 2 -v "$1" -s "$proxy" -p "$members" -- "$shared/lab/guest-check" try xfs/locked
  status=$?
  wait $holder && [ $status = 0 ] &&
    "$lab" client run -n 2 -v "$1" -s "$proxy" -p "$members" -- "$shared/lab/guest-check" take xfs/locked
}
check "4.1: a lock of one client is refused to another until it is free" two_clients 4.1
check "4.0: a lock of one client is refused to another until it is free" two_clients 4.0

# ---- libnfs -------------------------------------------------------------------------------------
libnfs() { # version: lists, reads and writes each filesystem; 4.0.0 cannot encode a WRITE of 4 KiB by v4
  local kind url query
  head -c 1000 /dev/urandom >"$work/small"
  for kind in "${filesystems[@]}"; do
    head -c 20000000 /dev/urandom >"$members/$kind/large"
    url=nfs://$proxy$members/${kind#.} query="version=$1&nfsport=2049&mountport=2049"
    rm -f "$members/$kind/small"
    contains "$("${place[@]}" nfs-ls "$url?$query" 2>&1)" 'large$' &&
      "${place[@]}" nfs-cat "$url/large?$query" | cmp - "$members/$kind/large" &&
      "${place[@]}" nfs-cp "$work/small" "$url/small?$query" >/dev/null &&
      cmp "$work/small" "$members/$kind/small" || return
    rm "$members/$kind"/{large,small}
  done
}
for v in 4 3; do check "libnfs, version $v: each filesystem listed, read and written" libnfs $v; done

fi

# ---- a restart ----------------------------------------------------------------------------------
in_order() { # name: each record that was acknowledged is there
  local count
  count=$(load_log "$1" | awk '$1 == "ended" { print $2 }')
  awk '$0 != sprintf("%019d", NR - 1) { print "line " NR ": " $0; exit 1 }
    END { if (NR != '"${count:-0}"') { print NR " records"; exit 1 } }' "$members/xfs/held"
}
# Each log has a name of its own: a guest does not see that the host has removed one.
held_by_client1() { # name version
  load_start "$1" 1 write xfs/held -v "$2" -s "$proxy" -p "$members" -o hard
  wait_for 90 load_has_lock "$1"
}
for version in 4.1 4.0; do
  writer=nfs4-writer-$version watcher=nfs4-watcher-$version
  held_by_client1 $writer $version
  load_start $watcher 2 watch xfs/held -v $version -s "$proxy" -p "$members" -o hard
  check "$version: client1 writes under a lock, client2 is refused it" load_goes_on 90 $watcher $writer
  proxy_kill proxy
  sleep 2
  proxy_start proxy 2049 --config "$work/proxy.json" || exit 1
  check "$version: kill -9 and start: both go on" load_goes_on 120 $watcher $writer
  check "$version: refused to client2 the whole time" load_ended $watcher # before it is given back
  echo "     watcher: $(load_result $watcher)"
  check "$version: client1 had no error" load_ended $writer
  echo "     writer: $(load_result $writer)"
  check "$version: each record that was acknowledged is there, in order" in_order $writer
done

# ---- leases -------------------------------------------------------------------------------------
version=4.1
held_by_client1 nfs4-paused $version
stopped() { # longer than the lease
  kill -STOP "${proxy_pid[proxy]}"
  sleep 40
  kill -CONT "${proxy_pid[proxy]}"
  load_goes_on 90 nfs4-paused
}
check "an instance that stood still for 40 s: client1 goes on with its lock" stopped
check "and has no error" load_ended nfs4-paused
held_by_client1 nfs4-crashed $version
"$lab" client crash 1
lock_had_by_client2() {
  "$lab" client run -n 2 -v 4.1 -s "$proxy" -p "$members" -- "$shared/lab/guest-check" take xfs/held
}
check "client1 dead: client2 has the lock within two leases" wait_for 60 lock_had_by_client2
end_of "${load_pid[nfs4-crashed]}" 60 >/dev/null 2>&1
"$lab" client start 1
proxy_stop proxy

# ---- another instance takes over ----------------------------------------------------------------
# As docs/guide/coordinated-fs-nfs4.md has it: all NFSv4 clients to one instance, the other standing by.
for port in 20491 20492; do
  configuration 127.0.0.1 $port >"$work/$port.json"
  proxy_start $port $port --config "$work/$port.json" || exit 1
done
cat >"$work/haproxy.cfg" <<CFG
defaults
  mode tcp
  timeout connect 2s
  timeout client 10m
  timeout server 10m
frontend nfs4
  bind $proxy:2049
  default_backend one-instance
backend one-instance
  server a 127.0.0.1:20491 check inter 200 fall 1 rise 1 on-marked-down shutdown-sessions
  server b 127.0.0.1:20492 check inter 200 fall 1 rise 1 backup
CFG
"${place[@]}" haproxy -db -f "$work/haproxy.cfg" </dev/null >"$work/haproxy.out" 2>&1 3>&- &
haproxy_pid=$!
haproxy_leaves() { kill "$haproxy_pid"; }
at_exit=(haproxy_leaves "${at_exit[@]}")
wait_for 10 listening 2049 || exit 1
load_start nfs4-locked 1 write xfs/held -v 4.1 -s "$proxy" -p "$members" -o hard
load_start nfs4-unlocked 2 through deep/tmpfs/through -v 4.1 -s "$proxy" -p "$members" -o hard
wait_for 90 load_has_lock nfs4-locked
check "through the balancer: both go on" load_goes_on 90 nfs4-locked nfs4-unlocked
proxy_kill 20491
check "killed; who holds no lock goes on through the other instance" load_goes_on 90 nfs4-unlocked
told() {
  wait_for 60 ended "${load_pid[nfs4-locked]}"
  contains "$(load_log nfs4-locked | tail -n 1)" '^error .*\[Errno 5\]'
}
check "who held a lock is told: EIO" told
echo "     $(load_log nfs4-locked | tail -n 1)"
lock_again() { on_client "$shared/lab/guest-check" take xfs/held; }
check "and the lock can be had anew" lock_again
check "who held no lock had no error" load_ended nfs4-unlocked
echo "     unlocked: $(load_result nfs4-unlocked)"
[ "${1:-}" != --state ] || finish 18
finish 45
