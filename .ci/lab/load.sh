# Workloads in client guests, while something dies. Sourced, after common.sh.
#
# A workload has a name, which is its log's in the guest's window /lab; `workload` tells what it
# does there.
declare -A load_pid=() load_client=()

load_start() { # name client workload file client-run-options...
  local name=$1 n=$2 what=$3 file=$4
  shift 4
  load_client[$name]=$n
  rm -f "$guests/client$n/$name" "$guests/client$n/$name.stop"
  "$lab" client run -n "$n" "$@" -- "exec /host$ci/lab/workload $what $file /lab/$name" \
    >"$work/load-$name.out" 2>"$work/load-$name.err" &
  load_pid[$name]=$!
}
load_log() { cat "$guests/client${load_client[$1]}/$1" 2>/dev/null; }
load_count() { load_log "$1" | grep -E '^[0-9]+$' | tail -n 1; }
load_has_lock() { load_log "$1" | grep -q '^locked$' || ended "${load_pid[$1]}"; }
load_beyond() { # count name
  local now
  now=$(load_count "$2")
  [ "${now:-0}" -gt "$1" ] || ended "${load_pid[$2]}"
}
load_goes_on() { # seconds name...: each makes progress from now on
  local seconds=$1 name
  local -A before=()
  shift
  for name; do before[$name]=$(load_count "$name"); done
  for name; do
    { wait_for "$seconds" load_beyond "${before[$name]:-0}" "$name" && ! ended "${load_pid[$name]}"; } ||
      { echo "$name does not go on: $(load_log "$name" | tail -n 1)"; return 1; }
  done
}
load_ended() { # name: it ends well when told to
  : >"$guests/client${load_client[$1]}/$1.stop"
  end_of "${load_pid[$1]}" 60 || { cat "$work/load-$1.err"; return 1; }
  contains "$(load_log "$1" | tail -n 1)" '^ended [1-9]'
}
load_result() { # name: "COUNT, worst stall S s (all above 0.5 s: ...)"
  load_log "$1" | awk '$1 == "ended" {
    printf "%d, worst stall %s s", $2, $3
    for (i = 4; i <= NF; i++) printf "%s%s", i == 4 ? " (all above 0.5 s: " : " ", $i
    if (NF > 3) printf ")" }'
}
load_in_order() { # name path-at-the-origin: each record that was acknowledged is there, in order
  local count
  count=$(load_log "$1" | awk '$1 == "ended" { print $2 }')
  [ "${count:-0}" -gt 0 ] || { echo "$1 wrote nothing"; return 1; }
  "$lab" origin exec "awk '\$0 != sprintf(\"%019d\", NR - 1) { print \"line \" NR \": \" \$0; exit 1 }
    END { if (NR != $count) { print NR \" records where $count were acknowledged\"; exit 1 } }' $2"
}
