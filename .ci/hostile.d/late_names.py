"""Names that do not exist when the proxy asks, and do when the origin executes; and names that lead elsewhere by
then. "Does not exist" ends nothing."""
from operations import *
from table import ALL, SECRETS, V4, Row

NAMES = ("xfs", "deep", "export", "ext4")  # those in the rules' paths


def file_in(s, name):
    return [putfh(s.ofile), SAVEFH, putfh(s.O), link(name)]


def from_seed(s, name):
    return [putfh(s.O), create("seed"), putfh(s.O), SAVEFH, rename("seed", name)]


# How the name comes to be: what stands before the step by it.
MADE = {
    "CREATE": lambda s, n: [putfh(s.O), create(n), putfh(s.O), lookup(n)],
    "CREATE, no step": lambda s, n: [putfh(s.O), create(n)],
    "CREATE in capitals": lambda s, n: [putfh(s.O), create(n.upper()), putfh(s.O), lookup(n.upper())],
    "CREATE, LOOKUPP, LOOKUP": lambda s, n: [putfh(s.O), create(n), LOOKUPP, lookup(n)],
    "CREATE symlink": lambda s, n: [putfh(s.O), symlink(n), putfh(s.O), lookup(n)],
    "CREATE fifo": lambda s, n: [putfh(s.O), fifo(n), putfh(s.O), lookup(n)],
    "OPEN creates": lambda s, n: [putfh(s.O), s.open(n, "unchecked")],
    "OPEN creates, LOOKUP": lambda s, n: [putfh(s.O), s.open(n, "unchecked"), putfh(s.O), lookup(n)],
    "OPEN guarded": lambda s, n: [putfh(s.O), s.open(n, "guarded"), putfh(s.O), lookup(n)],
    "OPEN exclusive": lambda s, n: [putfh(s.O), s.open(n, "exclusive"), putfh(s.O), lookup(n)],
    "CREATE, OPEN to read": lambda s, n: [*file_in(s, n), s.open(n, share=READ_ACCESS)],
    "LINK": lambda s, n: [*file_in(s, n), lookup(n)],
    "RENAME": lambda s, n: [*from_seed(s, n), lookup(n)],
    "RENAME, RESTOREFH": lambda s, n: [*from_seed(s, n), RESTOREFH, lookup(n)],
    "CREATE, SECINFO, LOOKUP": lambda s, n: [putfh(s.O), create(n), putfh(s.O), secinfo(n), putfh(s.O), lookup(n)],
    "CREATE twice, REMOVE between": lambda s, n: [
        putfh(s.O), create(n), putfh(s.O), remove(n), create(n), putfh(s.O), lookup(n)],
    "file becomes a directory": lambda s, n: [
        *file_in(s, n), remove(n), create(n), create(n), putfh(s.O), lookup(n), lookup(n)],
    "two names": lambda s, n: [
        putfh(s.O), create(n), putfh(s.O), create("btrfs"), putfh(s.O), lookup(n), putfh(s.O), lookup("btrfs")],
    "a chain": lambda s, n: [
        putfh(s.O), create("export"), create(n), create("xfs"), putfh(s.O), *lookups(["export", n, "xfs"])],
    "in P": lambda s, n: [putfh(s.P), create(f"late-{n}"), create(n), putfh(s.P), lookup(f"late-{n}"), lookup(n)],
}
# What is done in T behind it, from T's root on.
DEEDS = {
    "CREATE": (ALL, lambda s: [putfh(s.T), create("evil")]),
    "WRITE": (ALL, lambda s: [putfh(s.file), write()]),
    "READ": (SECRETS, lambda s: [putfh(s.mine), read()]),
}
# Others, behind the plainest of them.
BEHIND = {
    "saved handle": lambda s: [putfh(s.T), SAVEFH, putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), RESTOREFH,
                               create("evil")],
    "walk": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), PUTROOTFH, *lookups(["export", "xfs"]),
                       create("evil")],
    "OPEN creates in T": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T),
                                    s.open("evil", "unchecked")],
    "in U": lambda s: [putfh(s.O), create("ext4"), putfh(s.O), lookup("ext4"), putfh(s.U), create("evil")],
    "VERIFY between": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), VERIFY_DIRECTORY, putfh(s.T),
                                 create("evil")],
    "NVERIFY between": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), NVERIFY_FILE, putfh(s.T),
                                  create("evil")],
    "T's name in T": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("xfs")],
    "REMOVE": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), remove("file")],
    "SETATTR": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.file), setattr_mode()],
    "RENAME within T": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), SAVEFH,
                                  rename("file", "evil")],
}

# ---- another directory under a name that was found before ----------------------------------------
# Deep is set aside and a plain directory, with a plain "ext4" in it, has its name: then it comes back.


SWAP = [("deep", "decoy"), ("aside", "deep")]


def swapped(steps, *last, ask=False):
    """A play: the same COMPOUND brings the real one back and goes on by the name."""

    def play(s):
        for _ in range(4):
            try:
                s.tree.set_deep_aside()
                if ask:  # let it be known that the name leads to the plain one
                    s.run([putfh(s.P), *lookups(["deep", "ext4"]), GETATTR])
                back = [putfh(s.P), SAVEFH, *(rename(*pair) for pair in SWAP)]
                found = s.run([*back, *steps(s), *(each(s) if callable(each) else each for each in last)])
            finally:
                s.tree.put_deep_back()
            if found.status != 10008:
                break

    return play


STEPS = {
    "from P": lambda s: [putfh(s.P), *lookups(["deep", "ext4"])],
    "from the root": lambda s: [PUTROOTFH, *lookups(["export", "deep", "ext4"])],
    "from the saved": lambda s: [RESTOREFH, *lookups(["deep", "ext4"])],
}

ROWS = [
    *(Row(f"{how} {name}, then {deed}", V4, rules, lambda s, a=made, n=name, d=does: [*a(s, n), *d(s)])
      for how, made in MADE.items()
      for name in (NAMES[:1] if how not in ("CREATE", "RENAME") else NAMES)
      for deed, (rules, does) in DEEDS.items() if deed != "WRITE" or how in ("CREATE", "RENAME", "OPEN creates")),
    *(Row(f"CREATE xfs, then {what}", V4, ALL, does) for what, does in BEHIND.items()),
    # (in P, which is sticky, only root may rename what is root's)
    *(Row(f"swapped, {how}{', asked before' if ask else ''}, {what}", V4, [each for each in rules if each != "squash-all"],
          play=swapped(steps, *last, ask=ask))
      for how, steps in STEPS.items() for ask in (False, True)
      for what, rules, last in (
          ("CREATE", ALL, [create("evil")]),
          ("OPEN", ALL, [lambda s: s.open("evil", "unchecked")]),
          ("READ", SECRETS, [lookup("mine"), read()]))),
]
