#!/bin/bash
# IPv6 on both sides. The lab has IPv4 only, so the addresses are given to its interfaces here.
. "$(dirname "$0")/common.sh"

prefix=fd00:98:0
guests_without_kerberos
guests_ready secure 1
address_of_guest() { # address: for the only interface that is not lo
  echo "dev=\$(ip -o link | awk -F': ' '/vec0|eth0/ { print \$2; exit }')
    ip -6 addr replace $1/64 dev \$dev nodad"
}
ip -n "$LAB_NAME" -6 addr replace $prefix::1/64 dev br0 nodad || exit 1
"$lab" origin exec "$(address_of_guest $prefix::10)" || exit 1
"$lab" client exec -n 1 "$(address_of_guest $prefix::101)" || exit 1
proxy_start proxy 2049 --origin "[$prefix::10]:2049" --listen "[$prefix::1]:2049" || exit 1

over_ipv6() { # version options
  local output
  output=$("$lab" client run -v "$1" -s "[$prefix::1]" -o "$2" -- "
    echo over IPv6 >ipv6.$1; cat ID xfs/ID ipv6.$1; rm ipv6.$1
    awk -v m=\$MNT '\$2 == m { print \$1 }' /proc/mounts") || return 1
  equal $'/export\n/export/xfs\nover IPv6\n'"[$prefix::1]:/export" "$output"
}
for version in 4.0 4.1 4.2; do
  check "v$version: client and origin over IPv6" over_ipv6 $version hard
done
check "v3: client and origin over IPv6" over_ipv6 3 "${v3_ports//tcp/tcp6}"
finish 4
