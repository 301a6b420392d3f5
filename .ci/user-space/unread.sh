#!/bin/bash
# The backend coordinated-fs with little memory (-Xmx256m) and 40 clients that ask for 1 MiB again and again and
# read nothing, beside one that reads: it is served, the admin pages answer, and nothing is held when they have left.
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for mounts" >&2; exit 1; }
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=1 exec unshare --mount "$0" "$@"
. "$(dirname "$0")/common.sh"
seconds=20 admin=9066
at=$work/files
files_leave() { umount "$at"; }
mkdir "$at" && mount -t tmpfs none "$at" || exit 1
at_exit+=(files_leave)
chmod 777 "$at"
head -c 2M /dev/zero >"$at/big"
chmod 666 "$at/big"
cat >"$work/proxy.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "exports": { "parameters": { "squash": "none" } },
  "admin": { "port": $admin },
  "backend": { "type": "coordinated-fs", "filesystems": [ { "id": 1, "path": "$at" } ] }
}
JSON
[ -n "${PROXY_COMMAND:-}" ] || proxy_command=(java -Xmx256m -jar "$jar")
proxy_start proxy "$port" --config "$work/proxy.json" || exit 1
page() { curl -sS --max-time 2 "http://127.0.0.1:$admin/$1"; }
v3() { "$ci/v3-call" "$port" 0 "$@"; }
root=$(v3 mnt "$at") root=${root#OK }
file=$(v3 lookup "$root" big) file=${file#OK }

"$ci/unread-reads" "$port" "$file" 40 $seconds >"$work/unread" &
load=$!
answers() { # the pages, once a second while the load is there
  local i
  for ((i = 0; i < seconds - 5; i++)); do
    page health/live | jq -e .live >/dev/null && page info >/dev/null || return 1
    sleep 1
  done
}
check "the admin pages answer meanwhile" answers
end_of $load 120 || failed "the load did not end"
read -r _ reads _ longest _ p99 _ lost _ closed <"$work/unread"
echo "     beside 40 that read nothing: $reads READs of 1 MiB, longest $longest ms, 99 of 100 within $p99 ms"
served() { [ "$reads" -ge $((seconds * 5)) ] && [ "$longest" -lt 10000 ] && [ "$p99" -lt 1000 ] && equal 0 "$lost"; }
check "a client that reads is served beside 40 that do not" served
nothing_held() { page info | jq -e '.counts.replyBytesHeld == 0 and .counts.connectionsWithoutRoom == 0' >/dev/null; }
check "when they have left, nothing is held" wait_for 10 nothing_held
alive() { kill -0 "${proxy_pid[proxy]}" && page health/live | jq -e .live >/dev/null && ! grep -q OutOfMemory "$work/proxy.err"; }
check "the process is as it was: live, and never out of memory" alive
finish 4
