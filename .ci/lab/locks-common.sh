# What the scripts about locks of NFSv3 share. Sourced, behind common.sh.
state=$work/state port=9049
lock_origin=$origin lock_listen=$proxy
more='"exports": { "parameters": { "squash": "none" } },'
proxy_with_locks() { # [KEY]: more of the section locks
  cat >"$work/locks.json" <<JSON
{ "listen": { "host": "$lock_listen", "portmap": { "enabled": true } },
  $more
  "locks": { "enabled": true, "stateDirectory": "$state"${1:+, $1} },
  "backend": { "origin": { "host": "$lock_origin" } } }
JSON
  proxy_start proxy 4045 --config "$work/locks.json" || exit 1
}

declare -A owner_pid=()
version=3
owner() { # name client server file step...: a process that locks, in the background
  local name=$1 n=$2 server=$3 file=$4
  shift 4
  rm -f "$guests/client$n/$name" "$guests/client$n/go-$name"
  "$lab" client run -n "$n" -v "$version" -s "$server" -o "${options:-hard}" -- \
    "exec /host$ci/lab/lock-owner $file /lab/$name $*" >"$work/owner-$name.out" 2>&1 &
  owner_pid[$name]=$!
}
said() { cat "$guests/client$2/$1" 2>/dev/null; } # name client
has_said() { said "$1" "$2" | grep -q -- "$3"; }
go() { : >"$guests/client$1/$2"; } # client name
gone() { end_of "${owner_pid[$1]}" 30; }
refused() { # name client server file
  owner "$1" "$2" "$3" "$4" try
  gone "$1"
  contains "$(said "$1" "$2")" '^try EAGAIN'
}
origin_locks() { "$lab" origin exec cat /proc/locks | grep -c 'POSIX.*:'; }
nothing_at_origin() { [ "$(origin_locks)" = 0 ] || { echo "$(origin_locks) locks"; return 1; }; }
listed() { "${place[@]}" curl -s "http://127.0.0.1:$port/locks"; }
is_waiting() { listed | grep -q '"waiting":\[{'; }
measured() { # pattern: the sum of a metric's samples
  "${place[@]}" curl -s "http://127.0.0.1:$port/metrics" | awk -v n="^$1" '$0 ~ n { s += $NF } END { print s + 0 }'
}
after() { # name-of-unlocker client name-of-waiter client: seconds from the unlock to the grant
  echo "$(said "$1" "$2" | awk '/^unlock/ { print $4 }') $(said "$3" "$4" | awk '/^wait/ { print $4 }')" |
    awk '{ printf "%.2f", $2 - $1 }'
}
took() { said "$1" "$2" | awk -v s="^$3" '$0 ~ s { print $3; exit }'; } # name client step: seconds
never_shared() { # result
  contains "$1" '^granted [1-9][0-9]* denied [1-9][0-9]* shared 0 unlock-failures 0$'
}
addresses() { # first count: of the lab's network, for owners that need one each
  local i
  for ((i = $1; i < $1 + $2; i++)); do ip -n "$LAB_NAME" addr replace "$LAB_NET.$i/24" dev br0; done
}
