#!/bin/bash
# The backend coordinated-fs in a cluster, with a client that speaks bytes: two instances that have the same
# filesystems, and others that do not, which are refused before they have served anything; and the rules,
# which hold on this backend as on any. Two ext4 and two tmpfs, mounted where nobody else sees them.
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for mounts" >&2; exit 1; }
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=1 exec unshare --mount "$0" "$@"
. "$(dirname "$0")/common.sh"
at=/nfs-proxy-coordinated.$$
v3() { "$ci/v3-call" "$@"; }

# ---- filesystems --------------------------------------------------------------------------------
# The inodes of a new ext4 are the same on each: a handle of one's root opens that of the other.
mount_members() {
  local name
  mkdir -p $at/{a,b,c,d} || return
  for name in a b other; do
    truncate -s 16M "$work/$name.img" && mkfs.ext4 -q "$work/$name.img" || return
  done
  mount -o loop "$work/a.img" $at/a && mount -o loop "$work/b.img" $at/b &&
    mount -t tmpfs none $at/c && mount -t tmpfs none $at/d || return
  for name in a b c d; do
    chmod 777 $at/$name && echo "this is $name" >$at/$name/id && chmod 666 $at/$name/id || return
  done
}
members_leave() {
  umount $at/{d,c,b,a}
  rm -d $at/{a,b,c,d} $at
}
at_exit+=(members_leave)
mount_members || { echo "cannot mount the filesystems"; exit 1; }

# ---- instances ----------------------------------------------------------------------------------
# The network is this script's own: its loopback interface has the members' addresses too.
for last in 11 12 13 14; do ip addr add 127.0.0.$last/8 dev lo; done
declare -A nfs=([first]=20521 [second]=20522 [swapped]=20523 [disk]=20524 [right]=20523 [ruled]=20525)
declare -A member=([first]=127.0.0.11 [second]=127.0.0.12 [swapped]=127.0.0.13 [disk]=127.0.0.14 [right]=127.0.0.13)
declare -A admin=([first]=9061 [second]=9062 [swapped]=9063 [disk]=9064 [right]=9063 [ruled]=9065)
configure() { # name cluster exports id-of-a id-of-b
  cat >"$work/$1.json" <<JSON
{
  "listen": { "host": "127.0.0.1", "port": ${nfs[$1]} },
  "exports": $3,
  "admin": { "port": ${admin[$1]} },
  "cluster": $2,
  "backend": { "type": "coordinated-fs", "filesystems": [
    { "id": $4, "path": "$at/a" }, { "id": $5, "path": "$at/b" },
    { "id": 3, "path": "$at/c" }, { "id": 4, "path": "$at/d" } ] }
}
JSON
}
clustered() { # name id-of-a id-of-b [rules]
  configure "$1" "{ \"enabled\": true, \"instance\": \"$1\", \"host\": \"${member[$1]}/32\",
    \"join\": { \"tcpIp\": [\"${member[first]}\", \"${member[second]}\", \"${member[swapped]}\", \"${member[disk]}\"] } }" \
    "{ \"parameters\": { \"squash\": \"none\" }, \"rules\": [${4:-}] }" "$2" "$3"
}
clustered first 1 2
clustered second 1 2
clustered swapped 2 1
# With a rule that might concern any call: the proxy has to ask what a handle is.
clustered disk 1 2 '{ "path": "/elsewhere", "access": "none" }'
clustered right 1 2
configure ruled '{ "enabled": false }' "{
    \"parameters\": { \"squash\": \"none\" },
    \"rules\": [
      { \"path\": \"$at/a\", \"access\": \"ro\" },
      { \"path\": \"$at/b\", \"access\": \"none\" },
      { \"path\": \"$at/c\", \"hidden\": true },
      { \"path\": \"$at/d\", \"squash\": \"all\", \"anonUid\": 2000, \"anonGid\": 3000 } ] }" 1 2
page() { curl -sS --max-time 10 "http://127.0.0.1:${admin[$1]}/$2"; }
run() { # name: until it listens
  proxy_start "$1" "${nfs[$1]}" --config "$work/$1.json" || exit 1
}
instances() { [ "$(page "$1" health/cluster | jq '.instances | length')" = "$2" ]; } 2>/dev/null
handle() { # name path
  local found
  found=$(v3 "${nfs[$1]}" 0 mnt "$2")
  echo "${found#OK }"
}
in_file() { v3 "${nfs[$1]}" 0 read "$2"; } # name handle

# One behind the other: two that start at once make two clusters, which are one ten seconds later.
run first
in_cluster() { page first health/cluster | jq -e '.instances | length == 1'; } >/dev/null 2>&1
wait_for 60 in_cluster
run second
two() { wait_for 60 instances first 2 && wait_for 60 instances second 2; }
check "two instances are a cluster" two
for name in a b c d; do declare "root_$name=$(handle first $at/$name)"; done
file_a=$(v3 "${nfs[first]}" 0 lookup "$root_a" id) file_a=${file_a#OK }
file_b=$(v3 "${nfs[first]}" 0 lookup "$root_b" id) file_b=${file_b#OK }
both_serve() {
  local name
  for name in first second; do
    equal "OK this is a" "$(in_file $name "$file_a")" && equal "OK this is b" "$(in_file $name "$file_b")" &&
      equal "$root_a $root_b" "$(handle $name $at/a) $(handle $name $at/b)" || return 1
  done
}
check "both serve the same files under the same handles" both_serve
# accepted, a verifier of none, PROG_MISMATCH, from 3 to 3
nfs4_refused() {
  contains "$("$ci/null-call" 127.0.0.1 "${nfs[first]}" 20 4 2>&1)" \
    ': [0-9a-f]{8} 00000001 00000000 00000000 00000000 00000002 00000003 00000003$'
}
check "NFSv4, in a default build: PROG_MISMATCH, 3 to 3" nfs4_refused

# ---- who disagrees ------------------------------------------------------------------------------
# Clients of the two work all the time from here on.
declare -A worker=()
for name in first second; do
  made=$(v3 "${nfs[$name]}" 0 create "$root_a" "of-$name")
  v3 "${nfs[$name]}" 0 works "${made#OK }" "$work/stop" >"$work/$name.works" 2>&1 3>&- &
  worker[$name]=$!
done
workers_leave() { touch "$work/stop"; }
at_exit=(workers_leave "${at_exit[@]}")

# Asked from the moment it listens on: the first answer is the one of an instance that has not looked
# whether others are there, if it gives one.
launched=$(milliseconds)
run swapped
first_answer=$(v3 "${nfs[swapped]}" 0 getattr "$root_a")
answered=$(seconds_since "$launched")
check "ids swapped: its first answer, after $answered s, is \"later\"" equal JUKEBOX "$first_answer"
later_only() { # name handle...
  local name=$1 each
  shift
  for each; do
    equal JUKEBOX "$(v3 "${nfs[$name]}" 0 getattr "$each")" &&
      equal JUKEBOX "$(v3 "${nfs[$name]}" 0 lookup "$each" id)" &&
      equal JUKEBOX "$(v3 "${nfs[$name]}" 0 create "$each" wrong)" || return 1
  done
  ! ls $at/{a,b}/wrong 2>/dev/null
}
check "it serves nothing under either handle" later_only swapped "$root_a" "$root_b"
files_later() { equal JUKEBOX "$(in_file swapped "$file_a")" && equal JUKEBOX "$(in_file swapped "$file_b")"; }
check "nor a file: no other's contents, and not stale" files_later
serves_the_rest() {
  equal "OK $at/c $at/d" "$(v3 "${nfs[swapped]}" 0 exports)" &&
    equal "OK $root_c" "$(v3 "${nfs[swapped]}" 0 mnt $at/c)" &&
    equal NOENT "$(v3 "${nfs[swapped]}" 0 mnt $at/a)"
}
check "it serves and lists what is agreed on" serves_the_rest
said() { contains "$(cat "$work/$1.out" "$work/$1.err")" "$2"; } # name pattern
names_both() {
  said swapped "filesystem 1 \($at/b\) is not served: instance (first|second) has another one .*path $at/b here, $at/a there" &&
    said swapped "filesystem 2 \($at/a\) is not served: instance (first|second) has another one .*path $at/a here, $at/b there" &&
    ! said swapped 'filesystem [34] .* is not served' >/dev/null
}
check "its log names the member, with whom it disagrees and on what" names_both
grep -h 'is not served' "$work/swapped.out" "$work/swapped.err" | head -n 1 | sed 's/^/     /'
page_tells() { # name disputed
  page "$1" info | jq -e ".counts.filesystems == 4 and .counts.filesystemsDisputed == $2"
}
check "GET /info counts two that are disputed" page_tells swapped 2
none_disputed() { page_tells first 0 && page_tells second 0; }
check "and none at the others" none_disputed

# The same id, the same path, another disk: with a mount of its own.
place=(unshare --mount sh -c "umount $at/a && mount -o loop $work/other.img $at/a && exec \"\$@\"" sh)
proxy_launch disk --config "$work/disk.json"
place=()
wait_for 30 proxy_serves disk "${nfs[disk]}"
check "another disk at the same path: \"later\", from the first answer on" equal JUKEBOX "$(v3 "${nfs[disk]}" 0 getattr "$root_a")"
check "and what tells it from the others' is in its log" said disk \
  "filesystem 1 \($at/a\) is not served: instance (first|second) has another one under this id \((UUID|fsid|root made)"
grep -h 'is not served' "$work/disk.out" "$work/disk.err" | head -n 1 | sed 's/^/     /'
check "what it has in common it serves" equal "OK this is b" "$(in_file disk "$file_b")"
proxy_kill disk

check "the two go on" both_serve
touch "$work/stop"
worked() {
  local name
  for name in "${!worker[@]}"; do
    wait "${worker[$name]}"
    contains "$(<"$work/$name.works")" '^OK [1-9][0-9]+$' || return 1
  done
}
check "and their clients had no error all the while" worked
proxy_kill first
check "with one of the two killed, the other goes on" equal "OK this is a" "$(in_file second "$file_a")"
check "and the third is still refused" later_only swapped "$root_a" "$root_b"
proxy_kill swapped
proxy_launch ruled --config "$work/ruled.json"
run right
check "with its ids put right, it serves" equal "OK this is a" "$(in_file right "$file_a")"
proxy_kill right
proxy_kill second

# ---- rules --------------------------------------------------------------------------------------
wait_for 30 proxy_serves ruled "${nfs[ruled]}"
ruled() { v3 "${nfs[ruled]}" 0 "$@"; }
ro() {
  equal "OK $root_a" "$(ruled mnt $at/a)" && equal "OK this is a" "$(ruled read "$file_a")" &&
    equal ROFS "$(ruled write "$file_a" evil)" && equal ROFS "$(ruled create "$root_a" evil)" &&
    equal "this is a" "$(<$at/a/id)" && [ ! -e $at/a/evil ]
}
check "ro: read, and never written" ro
none() {
  equal ACCES "$(ruled mnt $at/b)" && equal ACCES "$(ruled getattr "$root_b")" &&
    equal ACCES "$(ruled read "$file_b")" && equal ACCES "$(ruled lookup "$root_b" id)"
}
check "none: everything is refused" none
hidden() {
  equal NOENT "$(ruled mnt $at/c)" && equal STALE "$(ruled getattr "$root_c")" &&
    equal STALE "$(ruled lookup "$root_c" id)" && ! contains "$(ruled exports)" "$at/c" >/dev/null
}
check "hidden: not there, and its handles are stale" hidden
squash_all() {
  contains "$(ruled create "$root_d" by-root)" '^OK ' &&
    contains "$(v3 "${nfs[ruled]}" 1000 create "$root_d" by-user)" '^OK ' &&
    equal "2000 3000
2000 3000" "$(stat -c '%u %g' $at/d/by-root $at/d/by-user)"
}
check "squash all: on the disk everybody is 2000, 3000" squash_all
listed() {
  page ruled exports >"$work/exports" && jq -c . "$work/exports" && equal \
    "[\"$at/a\",\"1:0\",true,\"ro\",\"none\",false]
[\"$at/b\",\"2:0\",true,\"none\",\"none\",false]
[\"$at/c\",\"3:0\",true,\"rw\",\"none\",true]
[\"$at/d\",\"4:0\",true,\"rw\",\"all\",false]" \
    "$(jq -c 'map(select(.path != "/")) | sort_by(.path)[] | [.path, .fsid.nfs3, .connected] + (.parameters | [.access, .squash, .hidden])' "$work/exports")"
}
check "GET /exports lists the filesystems with their paths and parameters" listed
is_ready() { equal 200 "$(curl -sS --max-time 10 -o /dev/null -w '%{http_code}' "http://127.0.0.1:${admin[ruled]}/health/ready")"; }
check "GET /health/ready is 200" is_ready
proxy_stop ruled
finish 24
