#!/bin/bash
# Wrong configurations and command lines: the key's path is named, exit status 2, and neither the
# listening port nor the origin was touched.
. "$(dirname "$0")/common.sh"

null_origin 20512 0
listen="\"listen\": { \"host\": \"127.0.0.1\", \"port\": $port }"
origin='"backend": { "origin": { "host": "127.0.0.1", "port": 20512 } }'
refused() { # pattern arguments...
  local pattern=$1
  shift
  "${proxy_command[@]}" "$@" >"$work/refused" 2>&1 </dev/null &
  end_of $! 20
  equal 2 $? && contains "$(<"$work/refused")" "$pattern" &&
    ! grep -E 'listening|Exception|^\s+at ' "$work/refused" && ! listening "$port" &&
    equal "" "$(<"$work/origin-20512.out")"
}
refused_file() { # pattern JSON
  echo "$2" >"$work/wrong.json"
  refused "$1" --config "$work/wrong.json"
}
check "an unknown key" refused_file 'listen\.prot' \
  "{ \"listen\": { \"host\": \"127.0.0.1\", \"prot\": 1 }, $origin }"
check "a wrong type" refused_file 'listen\.port: found "2049", expected' \
  "{ \"listen\": { \"host\": \"127.0.0.1\", \"port\": \"2049\" }, $origin }"
check "out of range" refused_file 'backend\.origin\.port: found 65536, expected' \
  "{ $listen, \"backend\": { \"origin\": { \"host\": \"127.0.0.1\", \"port\": 65536 } } }"
check "no origin" refused_file 'backend\.origin\.host' "{ $listen }"
check "not JSON" refused_file 'wrong\.json' "{ $listen, "
check "no such file" refused 'nowhere\.json' --config "$work/nowhere.json"
check "an unknown option" refused '--orgin' --orgin 127.0.0.1:20512 --listen "127.0.0.1:$port"
echo "{ $listen, $origin, \"limits\": { \"recordBytesMaximum\": 1 } }" >"$work/wrong.json"
check "check-config names the key" refused 'limits\.recordBytesMaximum' check-config "$work/wrong.json"

one_line() { # pattern arguments...
  refused "$@" && equal 1 "$(wc -l <"$work/refused")"
}
check "a mistyped option: one line, and what was meant" one_line 'did you mean --origin\?' \
  --orgin 127.0.0.1:20512
check "a mistyped command: one line, and what was meant" one_line 'did you mean check-config\?' \
  chek-config "$work/wrong.json"
check "a trailing comma: place and cure" refused_file 'line 1, column [0-9]+: a comma with nothing behind it' \
  "{ $listen, }"
check "YAML in a file of JSON" refused_file 'looks like YAML: name the file .yaml' 'listen: { port: 1 }'
check "a key in another section" refused_file 'did you mean backend\.origin\.equivalents\?' \
  "{ $listen, $origin, \"equivalents\": [] }"
check "the origin is the proxy itself" refused_file 'which is this proxy itself' \
  "{ $listen, \"backend\": { \"origin\": { \"host\": \"localhost\", \"port\": $port } } }"
# The start tells it when it cannot listen, with exit status 1; check-config before.
echo "{ \"listen\": { \"host\": \"192.0.2.77\" }, $origin }" >"$work/wrong.json"
check "check-config: an address of another machine" refused 'listen\.host: found "192\.0\.2\.77"' \
  check-config "$work/wrong.json"
check "check-config --elsewhere leaves it out" eval '
  contains "$("${proxy_command[@]}" check-config --elsewhere "$work/wrong.json")" "nothing is wrong"'
export NFS_PROXY_LISTN_PORT=1
check "an unknown variable is named" one_line 'NFS_PROXY_LISTN_PORT.*did you mean NFS_PROXY_LISTEN_PORT\?' \
  --origin 127.0.0.1:20512
unset NFS_PROXY_LISTN_PORT

cat >"$work/proxy.yaml" <<YAML
listen: { host: 127.0.0.1, port: 1 } # a variable stands over it
backend:
  origin: { host: 127.0.0.1, port: 20512 }
admin: { enabled: false }
YAML
export NFS_PROXY_LISTEN_PORT=$port
check "check-config --print says where values come from" eval '
  "${proxy_command[@]}" check-config --print "$work/proxy.yaml" >"$work/printed.yaml" &&
    grep -qE "^  port: $port +# environment variable NFS_PROXY_LISTEN_PORT$" "$work/printed.yaml" &&
    grep -qE "^    host: \"127.0.0.1\" +# .*/proxy.yaml$" "$work/printed.yaml"'
check "a proxy starts from YAML and a variable" proxy_start proxy "$port" --config "$work/proxy.yaml"
check "and stops with 0" proxy_stop proxy
unset NFS_PROXY_LISTEN_PORT
check "what was printed is a configuration" eval '
  contains "$("${proxy_command[@]}" check-config "$work/printed.yaml")" "nothing is wrong"'
check "config-schema prints JSON" eval '"${proxy_command[@]}" config-schema | python3 -I -m json.tool >/dev/null'
check "completion is a script for bash" eval '
  "${proxy_command[@]}" completion >"$work/completion" && bash -n "$work/completion" &&
    grep -q -- --elsewhere "$work/completion"'
finish 23
