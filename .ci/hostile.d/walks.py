"""Every way from one filehandle to another within a COMPOUND, ending in T."""
from operations import *
from table import ALL, FORBIDDEN, SECRETS, V4, V41, Row

WALKS = {
    "root down": lambda s: [PUTROOTFH, *lookups(["export", "xfs"])],
    "public down": lambda s: [PUTPUBFH, *lookups(["export", "xfs"])],
    "P down": lambda s: [putfh(s.P), lookup("xfs")],
    "T down and up": lambda s: [putfh(s.T), lookup("folder"), LOOKUPP],
    "T's folder up": lambda s: [putfh(s.folder), LOOKUPP],
    "T's inner up, up": lambda s: [putfh(s.inner), LOOKUPP, LOOKUPP],
    "out of T and down again": lambda s: [putfh(s.T), LOOKUPP, lookup("xfs")],
    "out of T's folder and down again": lambda s: [putfh(s.folder), LOOKUPP, LOOKUPP, lookup("xfs")],
    "out of T to the root and down": lambda s: [putfh(s.T), LOOKUPP, LOOKUPP, *lookups(["export", "xfs"])],
    "O up, up, down": lambda s: [putfh(s.O), LOOKUPP, LOOKUPP, lookup("xfs")],
    "O up, up, up, down": lambda s: [putfh(s.O), LOOKUPP, LOOKUPP, LOOKUPP, *lookups(["export", "xfs"])],
    "down to O's, up, down": lambda s: [putfh(s.P), lookup("btrfs"), LOOKUPP, lookup("xfs")],
    "deep, up, down": lambda s: [PUTROOTFH, *lookups(["export", "deep"]), LOOKUPP, lookup("xfs")],
    "stepped, saved, restored": lambda s: [putfh(s.P), lookup("xfs"), SAVEFH, putfh(s.O), RESTOREFH],
    "stepped, saved, root, restored": lambda s: [putfh(s.P), lookup("xfs"), SAVEFH, PUTROOTFH, RESTOREFH],
    "saved P, stepped, restored, stepped": lambda s: [
        putfh(s.P), SAVEFH, lookup("xfs"), RESTOREFH, lookup("xfs")],
    "saved T, stepped, restored": lambda s: [putfh(s.T), SAVEFH, putfh(s.P), lookup("btrfs"), RESTOREFH],
    "saved T's folder, away, restored, up": lambda s: [
        putfh(s.folder), SAVEFH, putfh(s.O), lookup("file"), RESTOREFH, LOOKUPP],
    "saved twice": lambda s: [
        putfh(s.O), SAVEFH, putfh(s.P), lookup("xfs"), SAVEFH, putfh(s.O), RESTOREFH],
    "restored twice": lambda s: [putfh(s.P), SAVEFH, lookup("btrfs"), RESTOREFH, lookup("xfs"), SAVEFH, RESTOREFH],
    "SECINFO in O, T": lambda s: [putfh(s.O), secinfo("file"), putfh(s.T)],
    "SECINFO of T in P, T": lambda s: [putfh(s.P), secinfo("xfs"), putfh(s.T)],
    "SECINFO of T in P, restored": lambda s: [putfh(s.P), SAVEFH, secinfo("xfs"), RESTOREFH, lookup("xfs")],
    "OPEN in O, T": lambda s: [putfh(s.O), s.open("file", share=READ_ACCESS), putfh(s.T)],
    "OPEN in P, T": lambda s: [putfh(s.P), s.open("ID", share=READ_ACCESS), putfh(s.T)],
    "OPEN in P, P down": lambda s: [putfh(s.P), s.open("ID", share=READ_ACCESS), putfh(s.P), lookup("xfs")],
    "ACCESS and GETATTR between": lambda s: [putfh(s.P), access(), lookup("xfs"), GETATTR, GETFH],
    "VERIFY between": lambda s: [putfh(s.P), VERIFY_DIRECTORY, lookup("xfs"), VERIFY_DIRECTORY],
    "READDIR between": lambda s: [putfh(s.O), READDIR, putfh(s.P), lookup("xfs")],
    "T, T": lambda s: [putfh(s.T), putfh(s.O), putfh(s.T)],
}
# Those where SECINFO takes the current filehandle away from NFSv4.1 on (RFC 8881 2.6.3.1.1.8), or keeps it.
KEPT = {
    "SECINFO of T's folder keeps T": lambda s: [putfh(s.T), secinfo("folder")],
    "SECINFO of T in P keeps P": lambda s: [putfh(s.P), secinfo("xfs"), lookup("xfs")],
}
DEEDS = {
    "CREATE": (ALL, lambda s: [create("evil")]),
    "OPEN creates": (ALL, lambda s: [s.open("evil", "unchecked")]),
    "WRITE": (ALL, lambda s: [lookup("file"), write()]),
    "READ": (SECRETS, lambda s: [lookup("mine"), read()]),
}
STEPPED = {  # the handle that is saved, or the one that is current, was come to by steps
    "saved by steps": lambda s: [putfh(s.P), *lookups(["xfs", "file"]), SAVEFH, putfh(s.T), link("evil")],
    "current by steps": lambda s: [putfh(s.file), SAVEFH, putfh(s.P), lookup("xfs"), link("evil")],
    "both by steps": lambda s: [putfh(s.P), *lookups(["xfs", "file"]), SAVEFH, putfh(s.P), lookup("xfs"), link("evil")],
}
RENAMED = {
    "saved by steps": lambda s: [putfh(s.P), lookup("xfs"), SAVEFH, putfh(s.T), rename("file", "evil")],
    "current by steps": lambda s: [putfh(s.T), SAVEFH, putfh(s.P), lookup("xfs"), rename("file", "evil")],
    "both by steps": lambda s: [PUTROOTFH, *lookups(["export", "xfs"]), SAVEFH, rename("file", "evil")],
    "up from within": lambda s: [putfh(s.folder), LOOKUPP, SAVEFH, rename("file", "evil")],
}
ROWS = [
    *(Row(f"{way}: {deed}", V4, rules, lambda s, w=walk, d=does: [*w(s), *d(s)])
      for way, walk in WALKS.items() for deed, (rules, does) in DEEDS.items()
      if deed in ("CREATE", "READ") or way in ("P down", "T down and up", "stepped, saved, restored", "root down")),
    *(Row(f"{way}: {deed}", ("4.0",), rules, lambda s, w=walk, d=does: [*w(s), *d(s)])
      for way, walk in KEPT.items() for deed, (rules, does) in DEEDS.items()),
    *(Row(f"{way}: {deed}", V41, rules, lambda s, w=walk, d=does: [*w(s), *d(s)], harmless=True)
      for way, walk in KEPT.items() for deed, (rules, does) in DEEDS.items()),
    *(Row(f"SECINFO_NO_NAME, T: {deed}", V41, rules,
          lambda s, d=does: [putfh(s.O), SECINFO_UP, putfh(s.T), *d(s)])
      for deed, (rules, does) in DEEDS.items()),
    *(Row(f"LINK, {way}", V4, FORBIDDEN, walk) for way, walk in STEPPED.items()),
    *(Row(f"RENAME, {way}", V4, ALL, walk) for way, walk in RENAMED.items()),
    Row("OPEN in P by T's name", V4, ALL, lambda s: [putfh(s.P), s.open("xfs", "unchecked")], harmless=True),
    Row("hidden: T's handle and fsid by a step", V4, ("hidden",), lambda s: [putfh(s.P), lookup("xfs"), FSID_OF, GETFH]),
    Row("hidden: T's handle by the root", V4, ("hidden",), lambda s: [PUTROOTFH, *lookups(["export", "xfs"]), FSID_OF]),
    Row("hidden: T's handle by up and down", V4, ("hidden",), lambda s: [putfh(s.O), LOOKUPP, LOOKUPP, lookup("xfs"), FSID_OF]),
    Row("hidden: a late name, then T's", V4, ("hidden",),
        lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.P), lookup("xfs"), FSID_OF]),
    Row("hidden: T's own handle asked for attributes", V4, ("hidden",), lambda s: [putfh(s.T), FSID_OF]),
    Row("hidden: a listing with handles", V4, ("hidden",), lambda s: [putfh(s.P), READDIR], shows=True, harmless=True),
]
