"""A filesystem with a rule entered by another name: bind mounts, which the origin's administrator makes."""
from operations import *
from table import ALL, SECRETS, V3, V4, Row
from version3 import deed, handle_of, look
from wire import MOUNT, opaque, u32

# T under P, under O, below a plain directory that is then renamed; and U.
BOUND = (("xfs", "alias"), ("xfs", "btrfs/hostile/alias"), ("xfs", "plain/alias"), ("deep/ext4", "other"))


def set_up(s):
    s.tree.kept |= {"alias", "plain", "renamed", "other"}
    s.admin("cd /export && mkdir -p " + " ".join(to for _, to in BOUND) + " && " +
            " && ".join(f"mount --bind {of} {to}" for of, to in BOUND) + " && chmod 777 plain && exportfs -ra")


def tear_down(s):
    s.admin("cd /export && mv renamed plain 2>/dev/null; exportfs -f; for to in " + " ".join(to for _, to in BOUND) +
            "; do umount $to || umount -l $to; rmdir $to; done; rmdir plain; true")
    s.tree.kept.clear()


WALKS = {
    "root, alias": lambda s: [PUTROOTFH, *lookups(["export", "alias"])],
    "public, alias": lambda s: [PUTPUBFH, *lookups(["export", "alias"])],
    "P, alias": lambda s: [putfh(s.P), lookup("alias")],
    "O, alias": lambda s: [putfh(s.O), lookup("alias")],
    "P, plain, alias": lambda s: [putfh(s.P), *lookups(["plain", "alias"])],
    "P, other": lambda s: [putfh(s.P), lookup("other")],
    "alias, up, alias": lambda s: [putfh(s.P), lookup("alias"), LOOKUPP, lookup("alias")],
    "alias, saved, restored": lambda s: [putfh(s.P), lookup("alias"), SAVEFH, putfh(s.O), RESTOREFH],
    "late name, alias": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.P), lookup("alias")],
    "alias, folder, up": lambda s: [putfh(s.P), *lookups(["alias", "folder"]), LOOKUPP],
}
DEEDS = {
    "CREATE": (ALL, lambda s: [create("evil")]),
    "OPEN creates": (ALL, lambda s: [s.open("evil", "unchecked")]),
    "WRITE": (ALL, lambda s: [lookup("file"), write()]),
    "READ": (SECRETS, lambda s: [lookup("mine"), read()]),
}


def renamed(s):
    """The plain directory above the second name has another name, as of this COMPOUND."""
    try:
        for _ in range(3):
            found = s.run([putfh(s.P), SAVEFH, rename("plain", "renamed"), *lookups(["renamed", "alias"]),
                           create("evil")])
            s.tree.rename(s.P, "renamed", "plain")
            if found.status != 10008:
                break
    finally:
        s.tree.rename(s.P, "renamed", "plain")


def bound(of, to, operations):
    """With a bind mount of its own."""

    def play(s):
        s.tree.kept.add("part")
        kind = "touch" if of.endswith("file") else "mkdir -p"
        s.admin(f"cd /export && {kind} {to} && mount --bind {of} {to} && exportfs -ra")
        try:
            for minor in (0, 1, 2):
                s.minor = minor
                s.again(lambda: operations(s), prepare=lambda: None)
        finally:
            s.admin(f"cd /export && exportfs -f; umount {to} || umount -l {to}; rm -rf --one-file-system {to}")
            s.tree.kept.discard("part")
    return play


def three(*names):
    return lambda s: deed(s, look(s, s.P, *names))


ROWS = [
    *(Row(f"{way}: {what}", V4, rules, lambda s, w=walk, d=does: [*w(s), *d(s)])
      for way, walk in WALKS.items() for what, (rules, does) in DEEDS.items()
      if what in ("CREATE", "READ") or way == "P, alias"),
    *(Row(f"hidden: {way} tells", V4, ("hidden",), lambda s, w=walk: [*w(s), FSID_OF]) for way, walk in WALKS.items()),
    Row("the plain directory renamed", V4, ALL, play=renamed),
    Row("LOOKUP alias", V3, ALL, play=three("alias")),
    Row("LOOKUP plain, alias", V3, ALL, play=three("plain", "alias")),
    Row("LOOKUP other", V3, ALL, play=three("other")),
    Row("a file of T bound in O", ("4",), ("ro", "none", "squash-all"),
        play=bound("xfs/file", "btrfs/hostile/part", lambda s: [putfh(s.O), lookup("part"), write()]), harmless=True),
    Row("a folder of T bound in P", ("4",), ("ro", "none", "squash-all"),
        play=bound("xfs/folder", "part", lambda s: [putfh(s.P), lookup("part"), lookup("inner"), setattr_mode()]), harmless=True),
]
