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

tests() {
  { bash -c "${commands[1]}" </dev/null >"$work/tests" 2>&1 && contains "$(<"$work/tests")" 'Tests run: [1-9]'; } ||
    { tail -n 60 "$work/tests"; return 1; }
}
check "${commands[1]}" tests
sed 's/\x1b\[[0-9;]*m//g' "$work/tests" | grep -E 'Tests run:|BUILD'
finish 7
