#!/bin/bash
# The backend coordinated-fs with a Linux client (v3): ext4, xfs, btrfs and tmpfs, mounted by this
# script and crossed into; what the client sees against what the machine has; then two instances
# behind haproxy, of which one is killed with -9 every five seconds for half a minute (as soon as the other is
# up again, on a machine that is slower).
#   coordinated.sh [--instances]     only the two instances, for a minute
. "$(dirname "$0")/common.sh"
. "$ci/lab/members.sh"

kills_due=6
[ "${1:-}" != --instances ] || kills_due=12
make_members
guests_without_kerberos
runs client1 || "$lab" client start 1
on_client() { "$lab" client run -v 3 -s "$proxy" -p "$members" -o "$v3_ports${mount_options:-}" -- "$@"; }

if [ "${1:-}" != --instances ]; then
configuration "$proxy" 2049 >"$work/proxy.json"
proxy_start proxy 2049 --config "$work/proxy.json" || exit 1
for kind in . xfs btrfs btrfs/sub1 deep/tmpfs; do
  check "$kind: contents and operations as on any NFS server" tree 15 $kind
done

check "five filesystems, with the machine's own inode numbers" sees_filesystems

for kind in "${filesystems[@]}"; do
  check "$kind: 100,000 entries listed, each once" many "$kind"
done

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
  while [ $kills -lt $kills_due ]; do
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
  equal $kills_due $kills && contains "$(<"$work/worker")" '^rounds [1-9][0-9]*, met'
}
check "handles of both instances are byte-equal" handles_equal
check "$kills_due times kill -9, a client works on: no error, nothing stale" work_through_kills
echo "     the client: $(tail -n 1 "$work/worker")"
[ "${1:-}" != --instances ] || finish 2
finish 13
