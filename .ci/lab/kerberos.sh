#!/bin/bash
# RPCSEC_GSS through the proxy: `lab check` with every flavor, by the machine's credential, and a
# user with a ticket of her own. Clients mount the name "proxy", whose key the origin holds.
. "$(dirname "$0")/common.sh"

# The counts are those of `lab check -1` without a proxy.
declare -A operations=([4.1]=14 [4.2]=16)
as_direct() { # version flavor
  local output
  # What a check before left there is taken for this one's, if it is read too early.
  rm -f "$lab_dir/guests/client1/held"
  output=$("$lab" check -1 -s proxy -o "sec=$2" "$1" 2>&1)
  contains "$output" "^v$1: ${operations[$1]} ok, 0 failed, rc 0\$" &&
    contains "$output" "^v$1: locks between clients ok\$"
}
# Her file is hers at the origin, others cannot read it, and her mount has the flavor asked for.
alice_writes() { # version flavor
  local file=alice-$1-$2-$$ output
  output=$("$lab" client run -v "$1" -s proxy -o "sec=$2" -u alice -- \
    "umask 077; echo hers >$file && cat $file && grep -c \"^proxy:/export \$MNT .*sec=$2,\" /proc/mounts") ||
    return 1
  equal $'hers\n1' "$output" || return 1
  output=$("$lab" client run -v "$1" -s proxy -o "sec=$2" -u bob -- "cat $file" 2>&1) &&
    { echo "bob reads: $output"; return 1; }
  contains "$output" 'Permission denied' &&
    equal "1234:4321 600" "$("$lab" origin exec "stat -c '%u:%g %a' /export/$file")"
}

guests_with_kerberos
guests_ready secure 1 2
proxy_before "$origin"
for flavor in krb5 krb5i krb5p; do
  for version in 4.1 4.2; do
    check "$flavor, v$version: ${operations[$version]} operations, locks between clients" \
      as_direct $version $flavor
    check "$flavor, v$version: alice's own ticket" alice_writes $version $flavor
  done
done
finish 12
