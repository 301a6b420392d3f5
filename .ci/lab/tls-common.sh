# What the scripts about RPC-with-TLS share: guests of the next kernel, certificates, and a load that goes on while the
# proxy dies. Sourced, not run; it sources common.sh. They are run by hand, no stages of run: they need the root of the
# next Debian release, which `lab install --next` makes in minutes (LAB_NEXT says where it is).
export LAB_NEXT=${LAB_NEXT:-${TMPDIR:-/tmp}/nfslab-next}
[ -x "$LAB_NEXT/linux.uml" ] || { echo "no root of the next release at $LAB_NEXT: lab install --next" >&2; exit 1; }
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# command...: of the lab, with guests of the next kernel, which is not that of guest-kernel
next() { (unset LAB_UML; export LAB_KERNEL=next; "$lab" "$@"); }
tls=$lab_dir/tls
"$lab" tls start
exec 4>&1 # past `check`, which shows what is said only where it fails
page() { "${place[@]}" curl -s "http://127.0.0.1:$(($1 + 1))/$2"; } # port path: the admin pages stand at the next port

# The tree, operations, and locks between two clients, as the lab checks them without a proxy.
as_direct() { # version options
  rm -f "$guests/client1/held" # of the check before, which would say that the lock is held
  next check -s proxy -o "$2" "$1"
}

# A client that writes and reads back under a lock, in the folder where it is run.
held_load="touch /lab/loaded; exec 9>held-\$\$; flock -x 9; n=0 worst=0 stalls=
  while [ -e /lab/loaded ]; do
    b=\$(date +%s%3N); echo \$n >f-\$\$ && [ \"\$(cat f-\$\$)\" = \$n ] || echo wrong; n=\$((n + 1))
    t=\$((\$(date +%s%3N) - b)); [ \$t -le \$worst ] || worst=\$t
    [ \$t -lt 500 ] || stalls+=\" \$t\"; echo \$n >/lab/written
  done; flock -x -n 9 && echo still locked; rm f-\$\$ held-\$\$; echo \$n writes, worst \$worst ms, all above 500 ms: \$stalls"
goes_on() { # the load writes twice more
  local now
  now=$(cat "$guests/client1/written")
  wait_for 120 eval '[ "$(cat "$guests/client1/written")" -ge '$((now + 2))' ]'
}
# A Linux client that is refused a connection comes again after 3 s, then 6, 12, 24 and so on, until one is made. So the
# next kill waits until the client has come back: or its time would fall on a start again and again, by chance.
survives_kills() { # proxy port times command...: runs the load, mounted by client1; kill -9, and a start at once
  local name=$1 port=$2 times=$3 job output i
  shift 3
  rm -f "$guests/client1"/{loaded,written}
  "$@" "$held_load" >"$work/load.out" 2>&1 &
  job=$!
  wait_for 60 test -e "$guests/client1/loaded"
  wait_for 60 test -s "$guests/client1/written" || return 1
  for ((i = 0; i < times; i++)); do
    goes_on && sleep "1.$((RANDOM % 10))" || return 1
    proxy_kill "$name"
    proxy_launch "$name" --config "$work/$name.json"
    { wait_for 120 proxy_serves "$name" "$port" && ! ended "${proxy_pid[$name]}"; } || { tail "$work/$name.err"; return 1; }
  done
  sleep 3
  rm -f "$guests/client1/loaded"
  wait $job || { cat "$work/load.out"; return 1; }
  output=$(cat "$work/load.out")
  echo "     $(tail -n 1 <<<"$output")" >&4
  contains "$output" '^still locked' && ! grep -q wrong <<<"$output"
}
