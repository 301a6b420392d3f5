#!/bin/bash
# `lab check` through the proxy: contents, operations and locks between two clients, for every
# version; the origin exports `secure`, so the proxy must come from reserved ports. All other scripts have one that is `insecure`.
. "$(dirname "$0")/common.sh"

# The counts are those of `lab check` without a proxy.
declare -A operations=([4.0]=98 [4.1]=98 [4.2]=111 [3]=105)
as_direct() { # version options...
  local version=$1 output
  shift
  # What a check before left there is taken for this one's, if it is read too early.
  rm -f "$lab_dir/guests/client1/held"
  output=$("$lab" check -s "$proxy" "$@" "$version" 2>&1)
  contains "$output" "^v$version: ${operations[$version]} ok, 0 failed, rc 0\$" &&
    { [ "$version" = 3 ] || contains "$output" "^v$version: locks between clients ok\$"; }
}

guests_without_kerberos
guests_ready secure 1 2
proxy_before "$origin"
for version in 4.0 4.1 4.2; do
  check "v$version: ${operations[$version]} operations, locks between clients" as_direct $version
done
check "v3: ${operations[3]} operations" as_direct 3 -o "$v3_ports"
proxy_stop proxy

# With the portmapper switched on, a v3 mount needs to be told no port.
cat >"$work/portmap.json" <<JSON
{
  "listen": { "host": "$proxy", "port": 2049, "portmap": { "enabled": true } },
  "exports": { "parameters": { "squash": "none" } },
  "backend": { "origin": { "host": "$origin" } }
}
JSON
proxy_start proxy 2049 --config "$work/portmap.json" || exit 1
without_port_options() {
  local script='cat ID xfs/ID; awk -v m=$MNT "\$2 == m { print \$4 }" /proc/mounts'
  local output
  output=$("$lab" client run -v 3 -s "$proxy" -- "$script") || return 1
  contains "$output" '^/export$' && contains "$output" '^/export/xfs$' &&
    contains "$output" 'vers=3,.*proto=tcp,.*mountport=2049,mountproto=(tcp|udp)'
}
check "v3 with the proxy's portmapper and no port options" without_port_options
finish 5
