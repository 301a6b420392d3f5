#!/bin/bash
# The profile nfs4j, where the library is in a repository that this machine reaches: the build and its
# tests, what the jar offers, and a default jar that has nothing of it; then lab/coordinated-nfs4.sh with that
# jar, for root. Where the library is not to be had, that is said, and nothing has passed or failed.
# MAVEN_REPO_LOCAL: a local repository to look in first, for instance one with a build of nfs4j's own.
. "$(dirname "$0")/common.sh"
cd "$checkout" || exit 1
artifact=org.dcache:nfs4j-core:0.27.2
maven=(mvn -q ${MAVEN_REPO_LOCAL:+-Dmaven.repo.local="$MAVEN_REPO_LOCAL"})

default_has_none() {
  [ -f "$jar" ] || "${maven[@]}" -DskipTests package || return 1
  equal 0 "$(unzip -l "$jar" | grep -cE 'org/dcache|grizzly|coordinated/nfs4j')"
}
compiles() { # maven-option...
  timeout 300 "${maven[@]}" "$@" -Pnfs4j -pl backend-coordinated-fs-nfs4j -am \
    -DskipTests compile >"$work/resolve" 2>&1
}
resolves() {
  if compiles -o; then
    maven+=(-o)
  else
    compiles || ! grep -qE 'Could not (resolve|find)|Failed to collect' "$work/resolve"
  fi
}

if ! resolves; then
  echo "not run: nfs4j-core 0.27.x is in no repository this machine reaches ($artifact)"
  [ -z "${SUMMARY_NOTES:-}" ] ||
    echo "nfs4j: not run: nfs4j-core 0.27.x is in no repository this machine reaches" >>"$SUMMARY_NOTES"
  finish 0
fi
check "the default jar has no class of nfs4j" default_has_none
cp -p "$jar" "$work/default.jar"
default_again() { cp -p "$work/default.jar" "$jar"; }
at_exit+=(default_again)
check "mvn -Pnfs4j verify of the module" "${maven[@]}" -Pnfs4j \
  -pl backend-coordinated-fs-nfs4j,backend-coordinated-fs -am verify
check "mvn -Pnfs4j package" "${maven[@]}" -Pnfs4j -DskipTests package
mv "$jar" "$work/nfs4j.jar"
default_again
export PROXY_COMMAND="java -jar $work/nfs4j.jar"
read -r -a proxy_command <<<"$PROXY_COMMAND"

demo_is_up() { grep -q '^It serves until' "$work/demo.out" || ended "${proxy_pid[demo]}"; }
proxy_launch demo demo
wait_for 120 demo_is_up
url=nfs://127.0.0.1/export
query=version=4\&nfsport=20490
check "libnfs 4.0 lists through the proxy" contains "$(nfs-ls -R "$url?$query" 2>&1)" archive/1995.txt
check "libnfs 4.0 reads through the proxy" contains "$(nfs-cat "$url/README.txt?$query" 2>&1)" demo
proxy_stop demo

"$ci/lab/coordinated-nfs4.sh"
check "Linux clients in the lab, see above" [ $? = 0 ]
finish 6
