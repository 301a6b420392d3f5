#!/bin/bash
# `probe` of a Linux server: what it finds in the lab's nested filesystems, what changes with the export
# options and the versions that are switched on, its exit status, and that it leaves nothing behind.
. "$(dirname "$0")/common.sh"

probe() { # exit-status arguments...: what it printed
  local expected=$1 status
  shift
  "${place[@]}" java -jar "$jar" probe "$@" >"$work/probe" 2>"$work/probe.err"
  status=$?
  [ $status = "$expected" ] || { echo "exit status $status, expected $expected"; cat "$work/probe" "$work/probe.err"; return 1; }
}
line() { contains "$(<"$work/probe")" "$1"; } # an extended regular expression
exported() { # options...: of /export and all below; /export/deep/tmpfs keeps its fsid
  "$lab" origin exec "
    printf '/export *(%s,no_subtree_check,crossmnt)\n/export/deep/tmpfs *(%s,no_subtree_check,crossmnt,fsid=%s)\n' \
      '$1' '$1' 6d9f2e08-0000-4000-8000-000000000001 >/etc/exports
    exportfs -ra && exportfs -f"
}
threads() { # options of rpc.nfsd: which versions are switched off
  "$lab" origin exec "rpc.nfsd 0 && rpc.nfsd $* 8"
}
without_reserved_ports=(setpriv --bounding-set -net_bind_service --inh-caps -net_bind_service)

guests_without_kerberos
guests_ready insecure

traces() { # what a look must not change: the tree, who has mounted, who has a client id
  "$lab" origin exec "find /export -printf '%p %i %s %m %C@ %T@\n' | sort | sha256sum
    cat /var/lib/nfs/rmtab; cat /proc/fs/nfsd/clients/*/info 2>/dev/null | grep probe; true"
}
before=$(traces)
check "insecure, no_root_squash: as it is" probe 0 "$origin"
lengths() { awk '$1 ~ "^/export" { print $1, $4, $5, $6, $7 }' "$work/probe" | sort; }
expected_lengths='/export 20 to 28 52:
/export/btrfs 20 to 40 64:
/export/deep/ext4 20 to 28 52:
/export/deep/tmpfs 20 to 32 56:
/export/xfs 20 to 32 56:'
check "five filesystems, with the lengths of their handles and of a kernel re-export's" \
  equal "$expected_lengths" "$(lengths)"
check "any source port" line "^ok +source ports: any"
check "root is root" line "^ok +root: is root: "
check "versions, programs, session" eval 'line "^ok +versions: NFS 3, 4.0, 4.1, 4.2$" &&
  line "^MOUNT +1, 2, 3 +tcp +20048 +registered" && line "^NLM .* tcp +4045" && line "^ok +session: [0-9]+ slots"'
check "nothing was written, and nothing is left" equal "$before" "$(traces)"
json() {
  probe 0 "$origin" --json && python3 - "$work/probe" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["verdict"] == "asItIs" and report["complete"], report
assert len(report["filesystems"]) == 5, report["filesystems"]
xfs = next(f for f in report["filesystems"] if f["path"] == "/export/xfs")
assert xfs["v3"]["handle"]["entryBytes"] == xfs["v4"]["handle"]["entryBytes"] == 32, xfs
assert xfs["root"] == {"is": "root", "sure": True, "why": xfs["root"]["why"]}, xfs
PY
}
check "--json" json

exported rw,secure,root_squash
squashed() {
  probe 1 "$origin" && line "^change +root: squashed: .* \[/export.* /export/" &&
    line "^note +source ports: below 1024 only"
}
check "secure, root_squash: root is squashed, ports below 1024" squashed
no_ports() {
  place+=("${without_reserved_ports[@]}")
  probe 1 "$origin" && line "^change +source ports: below 1024 only"
}
check "secure, and this process may bind none" no_ports
place=(ip netns exec "$LAB_NAME")

exported ro,insecure,root_squash
read_only() { probe 1 "$origin" && line "^change +root: squashed: uid 0 may not read lost\+found .*\[/export, /export/deep/ext4\]"; }
check "read-only: root_squash is told by what is closed to others" read_only
exported ro,insecure,no_root_squash
check "read-only, no_root_squash" eval 'probe 0 "$origin" && line "/export/deep/ext4 .* root +sys$"'

exported rw,insecure,no_root_squash,sec=krb5:krb5p
kerberos() { probe 1 "$origin" && line "^change +flavors: AUTH_SYS is not taken: krb5, krb5p"; }
check "Kerberos only" kerberos
exported rw,insecure,no_root_squash

threads -N 4
v3_only() {
  probe 0 "$origin" && line "^note +versions: NFS 3, no NFSv4" && line "^note +nested filesystems: not searched"
}
check "v3 only" v3_only
threads -N 3
v4_only() {
  probe 0 "$origin" && line "^note +versions: NFS 4.0, 4.1, 4.2, no NFSv3" && equal "$expected_lengths" "$(lengths)"
}
check "v4 only" v4_only
threads -N 3 -N 4.0
check "v4.1 and later only, by a session" eval 'probe 0 "$origin" && line "NFS 4.1, 4.2, no NFSv3"'
"$lab" origin exec "rpc.nfsd 0 && echo '+3 +4 +4.0' >/proc/fs/nfsd/versions && rpc.nfsd 8"

gone() {
  local started=$SECONDS
  "$lab" origin exec "rpc.nfsd 0"
  probe 3 "$origin" --timeout 5 && line "^$origin: no NFS server answers there"
  [ $((SECONDS - started)) -lt 30 ] || { echo "took $((SECONDS - started)) s"; return 1; }
}
check "nobody serves: exit status 3, in its time" gone
"$lab" origin exec "rpc.nfsd 8"
finish 16
