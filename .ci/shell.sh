#!/bin/bash
# All shell and Python scripts of the repository: bash's own reading, shellcheck (Debian package), Python's compiler.
. "$(dirname "$0")/common.sh"
cd "$checkout" || exit 1

scripts() { # pattern of the first line
  git ls-files .ci benchmarks examples packaging | while read -r file; do
    [ -f "$file" ] && head -n 1 "$file" | tr -d '\0' | grep -qE "$1" && echo "$file"
  done
}
mapfile -t shells < <({ scripts '^#!.*[/ ](ba)?sh( |$)'; git ls-files '.ci/*.sh' 'benchmarks/*.sh' 'examples/*.sh'; } | sort -u)
mapfile -t pythons < <({ scripts '^#!.*python3'; git ls-files '.ci/*.py' 'benchmarks/*.py'; } | sort -u)

read_by_bash() {
  local file bad=0
  for file in "${shells[@]}"; do bash -n "$file" || bad=1; done
  return $bad
}
read_by_shellcheck() {
  # 0.9 reads no other name
  cp .ci/shellcheckrc "$work/.shellcheckrc" && HOME=$work shellcheck --shell=bash --severity=style "${shells[@]}"
}
read_by_python() { # nothing is written
  python3 -B - "${pythons[@]}" <<'PYTHON'
import ast, sys
for path in sys.argv[1:]:
    ast.parse(open(path).read(), path)
PYTHON
}
check "bash reads ${#shells[@]} scripts" read_by_bash
check "shellcheck finds nothing in them" read_by_shellcheck
check "Python reads ${#pythons[@]} scripts" read_by_python
finish 3
