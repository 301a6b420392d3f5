# What the scripts in this folder share: user-space origins and clients on loopback. Sourced.

# For root, each script has a network of its own, so that fixed ports are free whatever else runs. It
# has an address beside loopback's: without one, name look-up finds no IPv4 (AI_ADDRCONFIG), and
# Ganesha does not start.
if [ "$(id -u)" = 0 ] && [ -z "${OWN_NETWORK:-}" ]; then
  OWN_NETWORK=1 exec unshare --net bash -c '
    ip link set lo up && ip link add lan type bridge && ip addr add 10.98.255.1/24 dev lan &&
      ip link set lan up && exec "$0" "$@"' "$0" "$@"
fi
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
rig=$shared/peers/rig
export PEERS_RUN=$work/peers PEERS_DATA=/dev/shm/nfs-proxy-$$
port=20510

# NFS-Ganesha, as the peers' rig configures it: /export, /export/a, /export/b/c, /export/disk at the
# rig's own ports.
ganesha=12049 ganesha_mount=12048
ganesha_start() {
  needs_shared
  at_exit+=(ganesha_leave)
  "$rig" start origin >"$work/rig" 2>&1 || { cat "$work/rig"; exit 1; }
}
ganesha_leave() {
  "$rig" stop origin rpcbind >/dev/null
  rm -rf "$PEERS_DATA"
}
proxy_before_ganesha() { # the proxy "proxy" on $port, with MOUNT at the rig's port; and sections in $more
  cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "exports": { "parameters": { "squash": "none" } }, ${more:-}
  "backend": { "origin": { "host": "127.0.0.1", "port": $ganesha, "ports": { "mount": $ganesha_mount } } }
}
JSON
  proxy_start proxy $port --config "$work/proxy.json" || exit 1
}

# The demo, whose embedded origin is a whole one: at $demo_port, with MOUNT there too.
demo_start() {
  java -jar "$jar" demo >"$work/demo.out" 2>"$work/demo.err" </dev/null &
  proxy_pid[demo]=$!
  wait_for 30 demo_origin || exit 1
}
demo_origin() { demo_port=$(sed -nE 's/^origin: 127.0.0.1:([0-9]+),.*/\1/p' "$work/demo.out"); [ -n "$demo_port" ]; }

# An origin that answers NULL only, as late as it is told, and logs each connection and call.
declare -A origin_pid=()
null_origin() { # port delay-seconds [address]
  "$ci/null-origin" "$@" >"$work/origin-$1.out" 2>&1 &
  origin_pid[$1]=$!
  wait_for 10 listening "$1" || exit 1
}
null_origins_leave() {
  local pid
  for pid in "${origin_pid[@]}"; do kill "$pid" 2>/dev/null; done
}
at_exit+=(null_origins_leave)

# Machines of their own as far as the network goes, at the bridge lan.
declare -A machine=()
on() { # machine command...
  nsenter --net="/proc/${machine[$1]}/ns/net" "${@:2}"
}
has_own_network() { # machine
  [ "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/${machine[$1]}/ns/net")" ]
}
machine_begin() { # name device address/bits...
  local name=$1 device=$2 address
  shift 2
  unshare --net sleep infinity </dev/null >/dev/null 2>&1 3>&- &
  machine[$name]=$!
  wait_for 5 has_own_network "$name" &&
    ip link add "to$name" type veth peer name "$device" netns "${machine[$name]}" &&
    ip link set "to$name" master lan up && on "$name" ip link set lo up || return 1
  for address; do on "$name" ip address add "$address" dev "$device" || return 1; done
  on "$name" ip link set "$device" up
}
machines_leave() {
  local pid
  for pid in "${machine[@]}"; do kill "$pid" 2>/dev/null; done
}
at_exit+=(machines_leave)
