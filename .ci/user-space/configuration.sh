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
    ! grep -E 'listening|Exception|^\s+at ' "$work/refused" && ! listening $port &&
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
finish 8
