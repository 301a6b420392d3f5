"""A plain directory above a mount point is renamed, and made anew: what a filesystem was held to stays, and what is
now at its path is not it."""
import time

from callers import OK
from operations import *
from table import MAIN, Row, SECRETS, V3, V4
from version3 import deed, look

LOOKS = 2.5  # seconds: more than two looks of discovery.refreshMillis=1000


def set_up(s):
    s.tree.kept |= {"aside", "decoy"}
    s.tree.set_deep_aside()
    time.sleep(LOOKS)


def tear_down(s):
    s.tree.kept.clear()
    s.tree.put_deep_back()
    time.sleep(LOOKS)


WAYS = {
    "U's handle": lambda s: [putfh(s.U)],
    "the new path from P": lambda s: [putfh(s.P), *lookups(["aside", "ext4"])],
    "the new path from the root": lambda s: [PUTROOTFH, *lookups(["export", "aside", "ext4"])],
    "deep's handle": lambda s: [putfh(s.tree.deep), lookup("ext4")],
    "T's folder, up, up": lambda s: [putfh(s.T), LOOKUPP, *lookups(["aside", "ext4"])],
}
DEEDS = {
    "CREATE": (MAIN, lambda s: [create("evil")]),
    "OPEN": (MAIN, lambda s: [s.open("evil", "unchecked")]),
    "READ": (SECRETS, lambda s: [lookup("mine"), read()]),
}


def plain(s):
    """What is no mount point any more may be written to, as P may."""
    found = s.again(lambda: [putfh(s.P), *lookups(["deep", "ext4"]), create("honest")], prepare=lambda: None)
    if found.status not in (OK, 17):
        return f"CREATE in a plain directory of P at U's old path: {found}"


def three(s):
    deed(s, s.U)
    deed(s, look(s, s.P, "aside", "ext4"))


def put_back(s):
    """Once more to and fro while it is asked."""
    for _ in range(2):
        s.tree.rename(s.P, "deep", "decoy")
        s.tree.rename(s.P, "aside", "deep")
        s.again(lambda: [putfh(s.P), *lookups(["deep", "ext4"]), create("evil")], prepare=lambda: None)
        s.tree.rename(s.P, "deep", "aside")
        s.tree.rename(s.P, "decoy", "deep")
        s.again(lambda: [putfh(s.P), *lookups(["aside", "ext4"]), create("evil")], prepare=lambda: None)


ROWS = [
    *(Row(f"{way}, {what}", V4, rules, lambda s, w=walk, d=does: [*w(s), *d(s)])
      for way, walk in WAYS.items() for what, (rules, does) in DEEDS.items()),
    Row("to and fro", V4, MAIN, play=put_back),
    Row("NFSv3", V3, MAIN, play=three),
    Row("the plain directory at the old path", V4, ("ro", "none", "hidden", "clients"), play=plain, honest=True),
]
