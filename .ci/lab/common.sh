# What the scripts in this folder share: a lab of their own with an origin and clients. Sourced.
#
# Run alone, a script makes the lab and removes it. In a lab that is up already (LAB_NAME, LAB_NET),
# it uses the guests that run and leaves them running, which saves most of the time:
#   export LAB_NAME=mine LAB_NET=10.97.0; ../shared/lab/lab up; .ci/lab/handles.sh
export LAB_NAME=${LAB_NAME:-nfsproxyci} LAB_NET=${LAB_NET:-10.98.0} LAB_QUIET=1
export LAB_JOB_WAIT=${LAB_JOB_WAIT:-400}
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
needs_shared
in_lab() { "$shared/lab/lab" "$@" 3>&-; } # guests outlive the script
lab=in_lab
lab_dir=${LAB_DIR:-${TMPDIR:-/tmp}/$LAB_NAME}
# The guests' kernel does not know the registers of AMX: see guest-kernel.
if [ -z "${LAB_UML:-}${LAB_KERNEL:-}" ] && grep -qw amx_tile /proc/cpuinfo; then
  export LAB_UML=$ci/lab/guest-kernel
fi
guests=$lab_dir/guests
proxy=$LAB_NET.1
origin=$LAB_NET.10
place=(ip netns exec "$LAB_NAME")
# a v3 mount that asks no portmapper, and takes no locks
v3_ports=nolock,proto=tcp,mountproto=tcp,port=2049,mountport=2049
options_of() { # version server: of a mount, through the proxy or at the origin itself
  case $1-$2 in
    "3-$proxy") echo "vers=3,$v3_ports" ;;
    3-*) echo "vers=3,${v3_ports/mountport=2049/mountport=20048}" ;;
    *) echo "vers=$1" ;;
  esac
}
origin_sent() { "$lab" origin exec 'awk "/^io / { print \$2 }" /proc/net/rpc/nfsd'; } # bytes

[ "$(id -u)" = 0 ] || { echo "$0 needs root, for the lab's network namespace" >&2; exit 1; }

lab_is_up() { [ -e "$lab_dir/up" ]; }
runs() { "$lab" status | grep -q "^$1: running"; }

lab_leave() { # after a failure a guest may hang in a mount: the next script gets fresh ones
  local guest
  if [ -n "$lab_is_ours" ]; then
    "$lab" down
  elif [ "$failures" != 0 ]; then
    for guest in "$guests"/client*; do
      [ ! -e "$guest" ] || "$lab" client crash "${guest##*client}"
    done
    "$lab" origin crash
    "$lab" reexport crash
  fi
}
lab_evidence() { # what the guests' kernels said since they booted
  local guest said
  [ "$failures" = 0 ] || for guest in "$guests"/*; do
    said=$(awk '/^guest-init: ready/ { n = 0; next } { line[n++] = $0 }
      END { for (i = n > 12 ? n - 12 : 0; i < n; i++) print line[i] }' "$guest/console.log")
    [ -z "$said" ] || printf -- '---- console of %s, last lines\n%s\n' "${guest##*/}" "$said"
  done
}
lab_is_ours=
at_exit=(lab_evidence lab_leave)
if ! lab_is_up; then
  lab_is_ours=1
  "$lab" up || exit 1
fi
# A bridge takes the lowest MAC of its ports, so that it changes as guests come and go; the other
# guests then send to the old one for a minute. One that was set stays.
ip -n "$LAB_NAME" link set br0 address 02:4c:41:42:00:01

# Guests get their keytabs when they boot: with or without Kerberos is a matter of all of them.
guests_without_kerberos() {
  local guest
  runs kdc || return 0
  guests_stop
  "$lab" kdc stop
}
guests_with_kerberos() {
  runs kdc && return 0
  guests_stop
  "$lab" kdc start
}
guests_stop() {
  local n
  for n in 1 2 3; do ! runs "client$n" || "$lab" client stop $n & done
  ! runs origin || "$lab" origin stop
  wait_children
}
wait_children() { # the guests that are being booted or stopped, not the proxies
  local child
  for child in $(jobs -p); do
    [[ " ${proxy_pid[*]} " == *" $child "* ]] || wait "$child"
  done
}

# Asks for an origin with an export option (secure or insecure) and for clients; boots what is not
# there, all at once.
guests_ready() { # secure|insecure client...
  local option=$1 n
  shift
  if runs origin && ! grep -q ",$option" "$guests/origin/exports"; then "$lab" origin stop; fi
  runs origin || "$lab" origin start -e "$option" &
  for n; do runs "client$n" || "$lab" client start "$n" & done
  wait_children
  for n in "$@"; do runs "client$n" || { echo "client$n did not boot"; exit 1; }; done
  runs origin || { echo "the origin did not boot"; exit 1; }
}
proxy_before() { # host: the proxy "proxy" in front of the NFS server at this address
  proxy_start proxy 2049 --origin "$1:2049" --listen "$proxy:2049" || exit 1
}
