"""Every operation that writes or hands out data, by T's own handle, behind a name made late, and behind a walk."""
from operations import *
from table import ALL, FORBIDDEN, READS, SECRETS, V4, V41, V42, Row


def delegated(s, name, share=WRITE_ACCESS):
    return [putfh(s.T), s.claims(f"delegated {name}", u32(2) + ANYBODY + text(name), share)]


# label: rules, versions, whether Linux does it, operations
DEEDS = {
    "CREATE symlink": (ALL, V4, True, lambda s: [putfh(s.T), symlink("evil")]),
    "CREATE fifo": (ALL, V4, True, lambda s: [putfh(s.T), fifo("evil")]),
    "OPEN creates guarded": (ALL, V4, True, lambda s: [putfh(s.T), s.open("evil", "guarded")]),
    "OPEN creates exclusive": (ALL, V4, True, lambda s: [putfh(s.T), s.open("evil", "exclusive")]),
    "OPEN creates exclusive4_1": (ALL, V41, True, lambda s: [putfh(s.T), s.open("evil", "exclusive4_1")]),
    "OPEN to read creates": (ALL, V4, True, lambda s: [putfh(s.T), s.open("evil", "unchecked", READ_ACCESS)]),
    "OPEN, WRITE by the current stateid": (
        ALL, V41, True, lambda s: [putfh(s.T), s.open("file", share=BOTH), write(CURRENT)]),
    "OPEN, SETATTR size": (ALL, V4, True, lambda s: [putfh(s.T), s.open("file"), setattr_size()]),
    "OPEN in O, WRITE by its stateid": (
        ALL, V41, False, lambda s: [putfh(s.O), s.open("file", share=BOTH), putfh(s.file), write(CURRENT)]),
    "OPEN to read, READ by the current stateid": (
        SECRETS, V41, True, lambda s: [putfh(s.T), s.open("mine", share=READ_ACCESS), read(CURRENT)]),
    "OPEN by handle, WRITE": (
        ALL, V41, True, lambda s: [putfh(s.file), s.claims("by handle", u32(4), BOTH), write(CURRENT)]),
    "OPEN by handle, READ": (
        SECRETS, V41, True, lambda s: [putfh(s.mine), s.claims("by handle", u32(4), READ_ACCESS), read(CURRENT)]),
    "OPEN reclaims, WRITE": (
        ALL, V4, False, lambda s: [putfh(s.file), s.claims("reclaims", u32(1, 0)), write(CURRENT)]),
    "OPEN delegated, WRITE": (ALL, V4, False, lambda s: [*delegated(s, "file"), write(CURRENT)]),
    "OPEN delegated before, WRITE": (
        ALL, V4, False, lambda s: [putfh(s.T), s.claims("delegated before", u32(3) + text("file")), write(CURRENT)]),
    "WRITE": (ALL, V4, True, lambda s: [putfh(s.file), write()]),
    "SETATTR mode": (ALL, V4, True, lambda s: [putfh(s.file), setattr_mode()]),
    "SETATTR mtime": (ALL, V4, True, lambda s: [putfh(s.file), SETATTR_TIME]),
    "SETATTR size": (ALL, V4, True, lambda s: [putfh(s.file), setattr_size()]),
    "REMOVE": (ALL, V4, True, lambda s: [putfh(s.T), remove("file")]),
    "RENAME": (ALL, V4, True, lambda s: [putfh(s.T), SAVEFH, rename("file", "evil")]),
    "RENAME into a folder": (ALL, V4, True, lambda s: [putfh(s.T), SAVEFH, putfh(s.folder), rename("file", "evil")]),
    "RENAME into O": (ALL, V4, False, lambda s: [putfh(s.T), SAVEFH, putfh(s.O), rename("file", "evil")]),
    "RENAME out of O": (ALL, V4, False, lambda s: [putfh(s.O), SAVEFH, putfh(s.T), rename("file", "file")]),
    "LINK": (FORBIDDEN, V4, True, lambda s: [putfh(s.file), SAVEFH, putfh(s.T), link("evil")]),
    "LINK into O": (FORBIDDEN, V4, False, lambda s: [putfh(s.file), SAVEFH, putfh(s.O), link("evil")]),
    "OPENATTR": (ALL, V4, False, lambda s: [putfh(s.file), OPENATTR, create("evil")]),
    "COMMIT, then CREATE": (ALL, V4, True, lambda s: [putfh(s.ofile), COMMIT, putfh(s.T), create("evil")]),
    "LAYOUTGET": (ALL, V41, False, lambda s: [putfh(s.file), LAYOUTGET]),
    "LAYOUTCOMMIT": (ALL, V41, False, lambda s: [putfh(s.file), LAYOUTCOMMIT]),
    "ALLOCATE": (ALL, V42, True, lambda s: [putfh(s.file), ALLOCATE]),
    "DEALLOCATE": (ALL, V42, True, lambda s: [putfh(s.file), DEALLOCATE]),
    "COPY within": (ALL, V42, True, lambda s: [putfh(s.mine), SAVEFH, putfh(s.file), COPY]),
    "COPY into": (ALL, V42, True, lambda s: [putfh(s.ofile), SAVEFH, putfh(s.file), COPY]),
    "CLONE within": (ALL, V42, True, lambda s: [putfh(s.mine), SAVEFH, putfh(s.file), CLONE]),
    "WRITE_SAME": (ALL, V42, False, lambda s: [putfh(s.file), WRITE_SAME]),
    "SETXATTR": (ALL, V42, True, lambda s: [putfh(s.file), SETXATTR]),
    "REMOVEXATTR": (ALL, V42, True, lambda s: [putfh(s.file), REMOVEXATTR]),
    "READ": (SECRETS, V4, True, lambda s: [putfh(s.mine), read()]),
    "READ_PLUS": (SECRETS, V42, True, lambda s: [putfh(s.mine), READ_PLUS]),
    "GETXATTR": (READS, V42, True, lambda s: [putfh(s.file), GETXATTR]),
    "COPY into O, READ": (
        SECRETS, V42, True, lambda s: [putfh(s.mine), SAVEFH, putfh(s.ofile), COPY_ALL, read()]),
}
COPY_ALL = Operation("COPY all", 60, ANYBODY, ANYBODY, u64(0, 0, 0), u32(1, 1, 0))
BEFORE = {
    "alone": lambda s: [],
    "late name": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs")],
    "walk": lambda s: [putfh(s.P), SAVEFH, lookup("btrfs"), LOOKUPP, lookup("deep"), RESTOREFH, lookup("ID")],
}

ROWS = [
    Row(f"{deed}, {how}", versions, rules, lambda s, b=before, d=does: [*b(s), *d(s)], harmless=not executes)
    for deed, (rules, versions, executes, does) in DEEDS.items() for how, before in BEFORE.items()
]
