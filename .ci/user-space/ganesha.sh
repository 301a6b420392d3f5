#!/bin/bash
# Before NFS-Ganesha: libnfs clients (v3, v4), and the peers' probe, which compares what an origin and
# a proxy answer: filehandles, nested exports, share deny, locks against the origin, freshness, owners.
. "$(dirname "$0")/common.sh"

[ "$(id -u)" = 0 ] || { echo "$0 needs root, for Ganesha" >&2; exit 1; }
ganesha_start
audit=$work/audit.log
more='"audit": { "file": "'$audit'" },'
proxy_before_ganesha
through=([3]="version=3&nfsport=$port&mountport=$port" [4]="version=4&nfsport=$port")
direct=([3]="version=3&nfsport=$ganesha&mountport=$ganesha_mount" [4]="version=4&nfsport=$ganesha")
head -c 3000001 /dev/urandom >"$work/large"
head -c 100 /dev/urandom >"$work/small"
url() { echo "nfs://127.0.0.1$1?$2"; }

copies() { # version file: written and read through the proxy, read directly
  local path=/export/a/bench/$2-$1
  nfs-cp "$work/$2" "$(url "$path" "${through[$1]}")" &&
    nfs-cat "$(url "$path" "${through[$1]}")" | cmp - "$work/$2" &&
    nfs-cat "$(url "$path" "${direct[$1]}")" | cmp - "$work/$2"
}
lists_as_direct() { # version path
  local list
  list=$(nfs-ls -R "$(url "$2" "${direct[$1]}")") && [ -n "$list" ] &&
    equal "$list" "$(nfs-ls -R "$(url "$2" "${through[$1]}")")"
}
# What libnfs has made and written is in the audit log, by the names it used, and nothing that it only read.
audited() {
  python3 -I - "$audit" <<'EVENTS'
import json, sys

events = [json.loads(line) for line in open(sys.argv[1], encoding="ascii")]
seen = {}
for event in events:
    if event["event"] == "change":
        last = event["objects"][-1]
        assert event["uid"] == 0 and event["client"] == "127.0.0.1" and event["answered"], event
        name = last["names"][-1] if last["names"] else last["handle"] and "a handle"
        key = event["version"], event["operation"], name, event["status"]
        seen[key] = seen.get(key, 0) + 1
wanted = [("3", "CREATE", "large-3", "OK"), ("3", "WRITE", "a handle", "OK"), ("4.0", "OPEN", "small-4", "OK")]
assert events[0]["event"] == "begin", events[0]
assert all(seen.get(each) for each in wanted) and any(k[:2] == ("4.0", "WRITE") and k[3] == "OK" for k in seen), seen
assert not {key[1] for key in seen} & {"READ", "LOOKUP", "GETATTR", "READDIR", "READDIRPLUS", "COMPOUND"}, seen
print(len(events), "events")
EVENTS
}
reads_large() { nfs-cat "$(url /export/a/bench/large-3 "${through[4]}")" | cmp - "$work/large"; }
check "libnfs, v3: nfs-cp and nfs-cat of 3 MB" copies 3 large
# libnfs 4.0.0 fails to write some thousand bytes by v4 to Ganesha itself.
check "libnfs, v4: nfs-cp and nfs-cat of 100 bytes" copies 4 small
check "libnfs, v4: nfs-cat of 3 MB" reads_large
check "and the audit log has what they changed" wait_for 5 audited
check "libnfs, v3: nfs-ls of a nested export" lists_as_direct 3 /export/a
check "libnfs, v4: nfs-ls across exports" lists_as_direct 4 /export

# 17 lines for the exports, 4 for attributes, 12 for open files. A question that fails on both sides is the same there
# too, so that has to be told apart.
probe() {
  "$shared/peers/probe" "127.0.0.1:$ganesha:$ganesha_mount" "127.0.0.1:$port:$port" >"$work/probe" 2>&1
  grep -v '^same ' "$work/probe"
  grep -E 'failed:' "$work/probe"
  equal "$questions same, 0 DIFF, 0 failed" "$(grep -c '^same ' "$work/probe") same, $(
    grep -c '^DIFF' "$work/probe") DIFF, $(grep -c 'failed:' "$work/probe") failed"
}
questions=33
check "probe: $questions questions, no difference" probe

# The proxy's own probe, of Ganesha: what it says, and that it goes on serving the proxy's clients afterwards.
origin_probe() {
  local status
  java -jar "$jar" probe "127.0.0.1:$ganesha" --mount-port "$ganesha_mount" >"$work/origin-probe" 2>&1
  status=$?
  { equal 0 $status && contains "$(<"$work/origin-probe")" '^ok +versions: NFS 3, 4.0, 4.1, 4.2$' &&
    contains "$(<"$work/origin-probe")" '^/export/disk .* v3 v4 +64 MiB +64 MiB +any ' &&
    contains "$(<"$work/origin-probe")" '^note +fsid: 3 paths .*/export/a, /export/b/c\]' && reads_large; } ||
    { cat "$work/origin-probe"; return 1; }
}
check "proxy.jar probe" origin_probe

# Ganesha finds operations in the arguments of LAYOUTSTATS where RFC 7862 has none: see ../smuggled. Past no rule.
ruled_port=$((port + 1))
cat >"$work/ruled.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $ruled_port },
  "exports": { "rules": [ { "path": "/export/a", "access": "none" } ] },
  "admin": { "enabled": false },
  "backend": { "origin": { "host": "127.0.0.1", "port": $ganesha, "ports": { "mount": $ganesha_mount } } }
}
JSON
proxy_start ruled $ruled_port --config "$work/ruled.json" || exit 1
victim=$PEERS_DATA/export/a/victim
refuses_smuggled() {
  : >"$victim"
  "$ci/smuggled" $ruled_port "$ganesha" /export/a victim >"$work/smuggled" && contains "$(<"$work/smuggled")" 'status 10004' && [ -e "$victim" ]
}
smuggles_directly() {
  : >"$victim"
  "$ci/smuggled" "$ganesha" "$ganesha" /export/a victim && [ ! -e "$victim" ]
}
check "an operation in the arguments of another: executed by Ganesha" smuggles_directly
check "and not through the proxy" refuses_smuggled
finish 10
