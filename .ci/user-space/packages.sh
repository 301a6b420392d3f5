#!/bin/bash
# The deb, the rpm and the container image: built, and the deb installed on this machine, started by its unit's own line and read through by a
# libnfs client, upgraded, removed and purged, so that nothing is left; the image unpacked and started. Root, Debian; libnfs-utils, rpm, cpio.
# What makes them Maven may have to fetch first; from the network that the rest of this has for itself it reaches nobody.
if [ -z "${OWN_NETWORK:-}" ]; then
  env -C "$(dirname "$0")/../.." mvn -q -Ppackages,image -pl packaging package || exit 1
fi
. "$(dirname "$0")/common.sh"
[ "$(id -u)" = 0 ] || { echo "$0 needs root, for dpkg"; exit 1; }
for tool in nfs-cat rpm rpm2cpio cpio dpkg; do
  command -v $tool >/dev/null || { echo "no $tool"; exit 1; }
done
if dpkg-query -W nfs-proxy 2>/dev/null || getent passwd nfs-proxy; then
  echo "nfs-proxy is installed on this machine, or was: this would end it"
  exit 1
fi
built=$checkout/packaging/target
configuration=/etc/nfs-proxy/proxy.json

leave_no_trace() {
  dpkg --purge nfs-proxy >/dev/null 2>&1
  ! getent passwd nfs-proxy >/dev/null || userdel nfs-proxy
  rm -rf /var/cache/nfs-proxy
}
at_exit=(leave_no_trace "${at_exit[@]}")
build() { env -C "$checkout" mvn -q -Ppackages,image -pl packaging package; }
installs() { dpkg -i "$built/nfs-proxy.deb" && equal "install ok installed" "$(dpkg-query -W -f '${Status}' nfs-proxy)"; }
modes() { # what is not root's, or can be written by others
  dpkg -L nfs-proxy | while read -r path; do
    [ -L "$path" ] || stat -c '%U:%G %A %n' "$path"
  done | grep -vE '^root:root .{5}-..-. /'
  [ "${PIPESTATUS[2]}" = 1 ]
}
executable() {
  equal "/usr/bin/nfs-proxy /usr/lib/nfs-proxy/make-class-archive" \
    "$(dpkg -L nfs-proxy | while read -r path; do [ ! -f "$path" ] || [ ! -x "$path" ] || echo "$path"; done | sort | xargs)"
}
the_line() { # of the installed unit
  sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/nfs-proxy.service
}
starts() {
  local line
  read -r -a line <<<"$(the_line)"
  # As the unit says: its user, and the one capability.
  "$ci/supervise" "$(sed -n 's/^ListenStream=//p' /usr/lib/systemd/system/nfs-proxy.socket)=nfs" \
    setpriv --reuid nfs-proxy --regid nfs-proxy --clear-groups --bounding-set -all,+net_bind_service \
    --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service --no-new-privs \
    "${line[@]}" </dev/null >"$work/unit.events" 2>"$work/unit.err" &
  proxy_pid[unit]=$!
  wait_for 60 grep -q " ready" "$work/unit.events" || { cat "$work/unit.err"; return 1; }
}
reads() {
  local said
  said=$(nfs-cat "nfs://127.0.0.1/export/README.txt?version=3&nfsport=2049&mountport=2049") &&
    contains "$said" '[a-z]'
}
uses_the_archive() {
  grep -q /var/cache/nfs-proxy/classes.jsa "/proc/$(sed -nE 's/.* started ([0-9]+)$/\1/p' "$work/unit.events" | tail -n 1)/maps"
}

java -jar "$jar" demo >"$work/demo.out" 2>"$work/demo.err" </dev/null &
proxy_pid[demo]=$!
check "mvn -Ppackages,image package makes a deb, an rpm and an image" build
check "the deb is installed" installs
check "all of it is root's, and nobody else may write it" modes
check "what can be run is what should be" executable
check "a user without a shell or a home" eval '
  contains "$(getent passwd nfs-proxy)" ":/nonexistent:/usr/sbin/nologin$"'
check "the manual page can be read" eval '
  contains "$(man nfs-proxy 2>/dev/null | col -b)" "nfs-proxy check-config FILE"'
check "bash completes the command" eval '
  bash -c ". /usr/share/bash-completion/completions/nfs-proxy && complete -p nfs-proxy"'
check "systemd accepts the units" eval '
  said=$(systemd-analyze verify /usr/lib/systemd/system/nfs-proxy.s* 2>&1) && equal "" "$said"'
wait_for 30 demo_origin || exit 1
# The one edit, and where the demo has its MOUNT.
sed -i "s/\"host\": \"nfs.example.com\"/\"host\": \"127.0.0.1\", \"port\": $demo_port, \"ports\": { \"mount\": $demo_port }/" $configuration
check "the edited configuration: nothing is wrong" nfs-proxy check-config $configuration
check "the unit's line starts it, without root, and it says that it is ready" starts
check "a libnfs client reads a file" reads
check "it starts from the class-data archive" uses_the_archive
check "SIGTERM ends it" proxy_stop unit
check "an upgrade keeps the configuration" eval 'installs && grep -q 127.0.0.1 $configuration'
check "removed: the configuration stays" eval '
  dpkg --remove nfs-proxy && [ -e $configuration ] && [ ! -e /usr/bin/nfs-proxy ] && [ ! -e /var/cache/nfs-proxy ]'
check "purged: it is gone, the user stays" eval '
  dpkg --purge nfs-proxy && [ ! -e /etc/nfs-proxy ] && getent passwd nfs-proxy'

rpm=$built/nfs-proxy.rpm
ask_rpm() { rpm --dbpath "$work/rpmdb" -qp "$@" "$rpm" 2>/dev/null; }
listed() {
  mkdir -p "$work/rpm" && (cd "$work/rpm" && rpm2cpio "$rpm" | cpio -idm --quiet) &&
    equal "$(dpkg-deb -c "$built/nfs-proxy.deb" | awk '$1 ~ /^-/ { print substr($6, 2), $1 }' | sort)" \
      "$(ask_rpm -lv | awk '$1 ~ /^-/ { print $9, $1 }' | sort)"
}
scripts() {
  local script
  ask_rpm --scripts >"$work/scripts" && equal 4 "$(grep -c 'scriptlet (using /bin/sh)' "$work/scripts")" &&
    for script in "$checkout"/packaging/src/rpm/*; do sh -n "$script" || return 1; done
}
check "the rpm has the deb's files, with the same modes" listed
check "its configuration is not replaced, its scripts are sound" eval 'equal $configuration "$(ask_rpm -c)" && scripts'
check "what is in it starts" eval '
  equal "$(java -jar "$jar" --version)" "$(java -jar "$work/rpm/usr/lib/nfs-proxy/proxy.jar" --version)"'

# As a container is run, but for what holds it back: its root, its user, its own /proc.
root=$work/root
# --kill-child is forgotten when the child becomes another user.
image_leave() { [ -z "${image_process:-}" ] || kill -KILL "$image_process" 2>/dev/null; }
at_exit=(image_leave "${at_exit[@]}")
image_begins() {
  mkdir -p "$root" && "$ci/user-space/image-parts" "$built/nfs-proxy-image.tar" "$root" >"$work/parts" &&
    mkdir -p "$root/proc" "$root/etc/nfs-proxy" || return 1
  mapfile -t parts <"$work/parts"
  cat >"$root/etc/nfs-proxy/proxy.json" <<JSON
{ "listen": { "host": "127.0.0.1", "port": 2049 },
  "backend": { "origin": { "host": "127.0.0.1", "port": $demo_port, "ports": { "mount": $demo_port } } } }
JSON
  sysctl -q net.ipv4.ip_unprivileged_port_start=0
  unshare --mount --pid --fork --kill-child sh -c 'mount -t proc proc "$1/proc" && root=$1 user=$2; shift 2; exec chroot --userspec="$user" "$root" "$@"' \
    sh "$root" "${parts[@]}" </dev/null >"$work/image.out" 2>"$work/image.err" &
  proxy_pid[image]=$!
  wait_for 60 listening 2049
  image_process=$(pgrep -P "${proxy_pid[image]}")
}
check "the image starts, as its user and with nothing but its own files" image_begins
check "a libnfs client reads through it" reads
proxy_kill image
finish 21
