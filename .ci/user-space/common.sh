# What the scripts in this folder share: user-space origins and clients on loopback. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
rig=$shared/peers/rig
export PEERS_RUN=${PEERS_RUN:-$work/peers} PEERS_DATA=${PEERS_DATA:-/dev/shm/nfs-proxy-$$}
port=20510

# NFS-Ganesha, as the peers' rig configures it: /export, /export/a, /export/b/c, /export/disk at the
# rig's own ports. One that runs already in PEERS_RUN is used and left running.
ganesha=12049 ganesha_mount=12048
ganesha_ready() {
  "$rig" status | grep -q '^origin ' && return
  ! listening $ganesha && ! listening $ganesha_mount ||
    { echo "port $ganesha or $ganesha_mount, which the rig needs, is taken"; exit 1; }
  at_exit+=(ganesha_leave)
  "$rig" start origin >"$work/rig" 2>&1 || { cat "$work/rig"; exit 1; }
}
ganesha_leave() {
  "$rig" stop origin rpcbind >/dev/null
  rm -rf "$PEERS_DATA"
}
proxy_before_ganesha() { # the proxy "proxy" on $port, with MOUNT at the rig's port
  cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "backend": { "origin": { "host": "127.0.0.1", "port": $ganesha, "ports": { "mount": $ganesha_mount } } }
}
JSON
  proxy_start proxy $port --config "$work/proxy.json" || exit 1
}

# An origin that answers NULL only, as late as it is told, and logs each connection and call.
declare -A origin_pid=()
null_origin() { # port delay-seconds
  "$ci/null-origin" "$1" "$2" >"$work/origin-$1.out" 2>&1 &
  origin_pid[$1]=$!
  wait_for 10 listening "$1" || exit 1
}
null_origins_leave() {
  local pid
  for pid in "${origin_pid[@]}"; do kill "$pid" 2>/dev/null; done
}
at_exit+=(null_origins_leave)
