"""An instance that knows nothing, beside one that knows: as it is right after a start."""
from operations import *
from table import ALL, SECRETS, V3, V4, Row
from version3 import WRITE, WRITING, READ, deed
from wire import opaque, u32

LATE = lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs")]
EVILS = {
    "new file": (ALL, lambda s: [putfh(s.new), write()]),
    "late name, new file": (ALL, lambda s: [*LATE(s), putfh(s.new), write()]),
    "walk": (ALL, lambda s: [PUTROOTFH, *lookups(["export", "xfs", "fresh"]), write()]),
    "walk by P": (ALL, lambda s: [putfh(s.P), *lookups(["xfs", "fresh"]), write()]),
    "walk into U": (ALL, lambda s: [PUTROOTFH, *lookups(["export", "deep", "ext4"]), create("evil")]),
    "up": (ALL, lambda s: [putfh(s.inner), LOOKUPP, LOOKUPP, create("evil")]),
    "READ": (SECRETS, lambda s: [putfh(s.mine), read()]),
    "walk, READ": (SECRETS, lambda s: [putfh(s.P), *lookups(["xfs", "mine"]), read()]),
}


def cold(operations, warm_first=False):
    def play(s):
        s.new = s.tree.fresh(s.T, "fresh")
        if warm_first:
            s.run(operations(s))
        other = s.another(instance=1)
        for _ in range(3):
            if s.run(operations(s), other).status != 10008:
                break
            s.tree.clean()
    return play


def cold3(s):
    s.new = s.tree.fresh(s.T, "fresh")
    caller = s.caller(1)
    s.status3(WRITE, opaque(s.new) + WRITING, caller=caller)
    s.status3(READ, opaque(s.mine) + u64(0) + u32(4096), caller=caller)
    deed(s, s.T, caller)


ROWS = [
    *(Row(f"{what}", V4, rules, play=cold(does)) for what, (rules, does) in EVILS.items()),
    *(Row(f"{what}, the other first", V4, rules, play=cold(does, True)) for what, (rules, does) in EVILS.items()),
    Row("NFSv3", V3, ALL, play=cold3),
]
