# What every end-to-end script shares: its outcomes, and the proxy's process. Sourced, not run.
#
# A script makes its checks with `check` (or `ok` and `failed`) and ends with `finish N`, N being
# the number of checks it must have made: a check that was left out is a failure, not a silence.
# Settings, from the environment:
#   SHARED           the folder with lab/ and peers/        (../shared beside the checkout)
#   PROXY_COMMAND    what is run as the proxy               (java -jar proxy-server/target/proxy.jar)
#                    .ci/byte-pump instead shows what the lab does without judgement in between
#   TALLY            a file that gets a line "SUBJECT PASSED FAILED"
set -u
export LC_ALL=C
ci=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(dirname "$ci")
shared=$(cd "${SHARED:-$checkout/../shared}" 2>/dev/null && pwd) || shared=
needs_shared() {
  [ -n "$shared" ] || {
    echo "no folder with lab/ and peers/ at ${SHARED:-$checkout/../shared}: set SHARED" >&2
    exit 1
  }
}
jar=$checkout/proxy-server/target/proxy.jar
read -r -a proxy_command <<<"${PROXY_COMMAND:-java -jar $jar}"
subject=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/nfs-proxy-$subject.XXXXXX") || exit 1

# ---- outcomes -----------------------------------------------------------------------------------
passed=0 failures=0 finished=
ok() {
  passed=$((passed + 1))
  echo "ok   $subject: $*"
}
failed() {
  failures=$((failures + 1))
  echo "FAIL $subject: $*"
}
# The command runs in this shell, not a subshell: it may wait for processes and set variables.
check() { # what command...: its output is shown only if it fails
  local what=$1 status started=$EPOCHSECONDS
  shift
  "$@" >"$work/said" 2>&1
  status=$?
  [ "$EPOCHSECONDS" = "$started" ] || what+=" [$((EPOCHSECONDS - started)) s]"
  if [ $status = 0 ]; then
    ok "$what"
  else
    failed "$what (exit status $status)"
    sed 's/^/     | /' "$work/said"
  fi
  return $status
}
equal() { # expected actual
  [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$1" "$2"; return 1; }
}
contains() { # text pattern: an extended regular expression, matched against each line
  grep -qE -- "$2" <<<"$1" || { printf 'no line matches: %s\nin:\n%s\n' "$2" "$1"; return 1; }
}
on_one_line() { paste -s -d " " -; }
finish() { # number of checks that must have been made
  [ $((passed + failures)) = "$1" ] ||
    failed "made $((passed + failures)) checks where $1 were due"
  finished=1
  [ $failures = 0 ]
  exit
}

# ---- waiting ------------------------------------------------------------------------------------
wait_for() { # seconds command...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.05
  done
}
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }
seconds_since() { # a value of milliseconds
  local ms=$(($(milliseconds) - $1))
  printf '%d.%03d' $((ms / 1000)) $((ms % 1000))
}
ended() { ! kill -0 "$1" 2>/dev/null; }
end_of() { # pid seconds: its exit status; 124 and a kill if it does not end in time
  if ! wait_for "$2" ended "$1"; then
    kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    return 124
  fi
  wait "$1" 2>/dev/null
}

# ---- the proxy ----------------------------------------------------------------------------------
# place: the command in front of every host process, empty or the lab's namespace.
place=()
declare -A proxy_pid=() proxy_arguments=()
listening() { [ -n "$("${place[@]}" ss -Hltn "sport = :$1")" ]; }
# The clients of these checks are root, whom the proxy squashes unless it is told not to.
cat >"$work/root.json" <<JSON
{ "exports": { "parameters": { "squash": "none" } }, "admin": { "enabled": false } }
JSON
proxy_launch() { # name arguments...: starts it, does not wait
  local name=$1
  shift
  [[ -n ${PROXY_COMMAND:-} || $1 != --origin ]] || set -- --config "$work/root.json" "$@"
  proxy_arguments[$name]=$(printf '%q ' "$@")
  "${place[@]}" "${proxy_command[@]}" "$@" </dev/null >>"$work/$name.out" 2>>"$work/$name.err" &
  proxy_pid[$name]=$!
}
proxy_serves() { listening "$2" || ended "${proxy_pid[$1]}"; }
proxy_start() { # name port arguments...: returns when it listens on the port
  local name=$1 port=$2
  shift 2
  proxy_launch "$name" "$@"
  wait_for 30 proxy_serves "$name" "$port"
  if ended "${proxy_pid[$name]}" || ! listening "$port"; then
    echo "the proxy '$name' does not listen on port $port"
    tail -n 20 "$work/$name.out" "$work/$name.err"
    return 1
  fi
}
proxy_kill() { # name: kill -9
  kill -KILL "${proxy_pid[$1]}" 2>/dev/null
  wait "${proxy_pid[$1]}" 2>/dev/null
  unset "proxy_pid[$1]"
}
proxy_stop() { # name: SIGTERM; its exit status
  local pid=${proxy_pid[$1]}
  unset "proxy_pid[$1]"
  kill -TERM "$pid" 2>/dev/null
  end_of "$pid" 30
}

# ---- the end ------------------------------------------------------------------------------------
# Whatever outlives a script must not hold its output open: 3>&- where such a thing is started.
exec 3>&1
at_exit=()
conclude() {
  local status=$? name step
  trap '' INT TERM
  exec >&3 2>&3 # a signal may have come in the middle of `check`
  if [ -z "$finished" ]; then
    failed "ended before its last check (exit status $status)"
    status=1
  fi
  if [ $failures != 0 ]; then
    for name in "$work"/*.out "$work"/*.err; do
      [ -s "$name" ] || continue
      echo "---- ${name##*/}, last lines"
      tail -n 15 "$name" | cut -c 1-300
    done
  fi
  for name in "${!proxy_pid[@]}"; do proxy_kill "$name"; done
  for step in "${at_exit[@]}"; do "$step"; done
  rm -rf "$work"
  [ -z "${TALLY:-}" ] || echo "$subject $passed $failures" >>"$TALLY"
  echo "     $subject: $passed ok, $failures failed, $SECONDS s"
  exit $status
}
trap conclude EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
