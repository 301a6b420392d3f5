# Reads GET /exports. Sourced, after common.sh; `admin` is the address and port of the admin pages.
listed() { # python-condition-on-e field...: a line for each export that fulfils it; a.b is b of a
  "${place[@]}" curl -sf --max-time 10 "http://$admin/exports" | python3 -c '
import functools, json, sys
for e in json.load(sys.stdin):
    if eval(sys.argv[1]):
        print(*(functools.reduce(lambda at, key: at and at.get(key), field.split("."), e)
                for field in sys.argv[2:]))' "$@"
}
listed_paths() { listed 'e["path"]' path | sort | on_one_line; }
