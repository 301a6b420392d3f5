#!/bin/bash
# The configuration file is changed under a running proxy, in the ways editors and Kubernetes do it,
# while one client keeps one connection: what changed holds for its next call; a wrong file is refused
# whole, and told once.
. "$(dirname "$0")/common.sh"

[ "$(id -u)" = 0 ] || { echo "$0 needs root, for Ganesha" >&2; exit 1; }
ganesha_start
directories=(/export/disk /export/a/bench) # of two filesystems
rules() { # rules, in JSON: what the file says with them
  cat <<JSON
{
  "listen": { "host": "127.0.0.1", "port": $port },
  "reload": { "scanMillis": 100 },
  "cluster": { "name": "reload" },
  "exports": { "parameters": { "squash": "none" }, "rules": [$1] },
  "backend": { "origin": { "host": "127.0.0.1", "port": $ganesha, "ports": { "mount": $ganesha_mount } } }
}
JSON
}
read_only='{ "path": "/export/disk", "access": "ro" }'
# As Kubernetes mounts a ConfigMap: the file is a link through a link that is turned to a new folder.
mkdir "$work/config" "$work/config/..1"
rules "" >"$work/config/..1/proxy.json"
ln -s ..1 "$work/config/..data"
ln -s ..data/proxy.json "$work/config/proxy.json"
turn() { # folder rules
  mkdir "$work/config/$1"
  rules "$2" >"$work/config/$1/proxy.json"
  ln -s "$1" "$work/config/..data_tmp"
  mv -T "$work/config/..data_tmp" "$work/config/..data"
}
rename_over() { # as most editors save
  rules "$1" >"$work/config/..data/saved"
  mv "$work/config/..data/saved" "$work/config/..data/proxy.json"
}
proxy_start proxy "$port" --config "$work/config/proxy.json" || exit 1
coproc client { exec "$ci/user-space/live-client" 127.0.0.1 "$port" "${directories[@]}" 2>&1; }

files=0
makes() { # statuses expected of a new file in each of the two exports
  local number said=
  for number in 0 1; do
    files=$((files + 1))
    echo "$number new$files" >&"${client[1]}"
    read -r -t 20 status <&"${client[0]}" && said+="$status "
  done
  equal "$* " "$said"
}
told() { # pattern times: lines of the log
  grep -c -- "$1" "$work/proxy.err" | grep -qx "$2"
}
after() { # pattern times statuses...: when that was told so often, the client makes files
  wait_for 20 told "$1" "$2" || { echo "not told $2 times: $1"; return 1; }
  makes "${@:3}"
}
in_force='INFO .*in force now: exports.rules$'
refused='WARN .*refused, what was in force stays in force$'
check "without a rule: both exports may be written" makes 0 0
turn ..2 "$read_only"
check "links turned, one export read-only: the open connection's next write says ROFS" \
  after "$in_force" 1 30 0
turn ..3 "${read_only/ro/r}"
check "a wrong file: still ROFS" after "$refused" 1 30 0
check "it was told with its key path, as check-config does" \
  told 'WARN .*proxy.json: exports.rules\[0\].access: found "r", expected one of rw, ro, none$' 1
rm "$work/config/proxy.json"
check "a file that is gone: still ROFS" after "$refused" 2 30 0
ln -s ..data/proxy.json "$work/config/proxy.json"
check "the wrong file is back: still ROFS" after "$refused" 3 30 0
rename_over "${read_only/ro/none}"
check "renamed over, no access: ACCES" after "$in_force" 2 13 0
rename_over ""
check "the rule taken out: both may be written" after "$in_force" 3 0 0
# Some twenty looks at each wrong file, and nothing was told twice.
check "six lines of warning about the file in all" told 'WARN .*proxy.json: ' 6
check "who was refused is told once, with the rule" \
  told 'WARN .*client 127.0.0.1 port [0-9]* is refused NFSv3 CREATE .* on /export/disk .*by `access` of the rule for path /export/disk' 1
check "the proxy stops with 0" proxy_stop proxy
finish 11
