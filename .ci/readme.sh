#!/bin/bash
# README's two commands, taken from README as they stand: the demo (with its build) and the tests.
. "$(dirname "$0")/common.sh"

# The lines of README's shell blocks that begin with mvn.
mapfile -t commands < <(awk '/^```/ { shell = $0 == "```sh" } shell && /^mvn /' "$checkout/README.md")
two_commands() {
  { [ ${#commands[@]} = 2 ] && contains "${commands[0]}" 'java -jar .* demo$' &&
    contains "${commands[1]}" '^mvn .*verify$'; } || { printf '%s\n' "${commands[@]}"; return 1; }
}
check "README has the command of the demo and that of the tests" two_commands || exit 1

# The demo goes on serving, in a process group of its own, which is what is ended.
cd "$checkout" || exit 1
setsid bash -c "${commands[0]}" </dev/null >"$work/demo.out" 2>"$work/demo.err" &
proxy_pid[demo]=$!
demo_leave() { kill -KILL -- "-$demo_group" 2>/dev/null; }
demo_group=$!
at_exit+=(demo_leave)
demo_is_up() { grep -q '^It serves until' "$work/demo.out" || ended "$demo_group"; }
demo() {
  wait_for 600 demo_is_up
  ! ended "$demo_group"
}
check "${commands[0]}" demo || exit 1
table() {
  contains "$(<"$work/demo.out")" '^([0-9]+) of \1 objects in [0-9]+ filesystems are the same .*OK$' &&
    equal 0 "$(grep -cE '^/export.* bytes +no ' "$work/demo.out")" &&
    [ "$(grep -cE '^/export.* bytes +yes ' "$work/demo.out")" -ge 10 ]
}
check "the demo's table: same bytes, read and written" table
as_printed() { # command of libnfs: the demo prints how to look with it
  local line output
  { line=$(grep -E "^ +$1 " "$work/demo.out") && output=$(bash -c "$line") && [ -n "$output" ]; } ||
    { echo "$line"; echo "${output:-}"; return 1; }
}
check "nfs-ls as the demo prints it" as_printed nfs-ls
check "nfs-cat as the demo prints it" as_printed nfs-cat
ends() {
  kill -TERM -- "-$demo_group"
  wait_for 20 ended "$demo_group" && wait_for 20 silent
}
silent() { ! listening 20490; }
check "the demo ends" ends
unset "proxy_pid[demo]"

# A test that fails once, and not by itself when it is tried again, is no failure here, and is named in the summary: some
# have to be done with before a time-out, on a machine whose load nobody knows. For users the command is as strict as it stands.
tests() {
  { MAVEN_OPTS="${MAVEN_OPTS:-} -Dsurefire.rerunFailingTestsCount=1" bash -c "${commands[1]}" </dev/null >"$work/tests" 2>&1 && contains "$(<"$work/tests")" 'Tests run: [1-9]'; } ||
    { said_of_failures; return 1; }
}
said_of_failures() { # what Maven says of them, and not a thousand lines of what the tests printed
  sed 's/\x1b\[[0-9;]*m//g' "$work/tests" | grep -E '^\[ERROR\]|BUILD FAILURE' | cut -c 1-300 | head -n 40
  local report
  for report in "$checkout"/*/target/surefire-reports/*.txt; do
    ! grep -qE '(<<< (FAILURE|ERROR)!)' "$report" || { echo "== ${report##*/}"; head -n 25 "$report" | cut -c 1-300; }
  done
}
check "${commands[1]}" tests
sed 's/\x1b\[[0-9;]*m//g' "$work/tests" | grep -E 'Tests run:|BUILD'
sed 's/\x1b\[[0-9;]*m//g' "$work/tests" | grep -A 20 '^\[WARNING\] Flakes:' | cut -c 1-300 | grep -B 20 -m 1 'Tests run:' |
  sed 's/^/mvn verify: /' | tee -a "${SUMMARY_NOTES:-/dev/null}"
finish 7
