"""ACCESS must not promise what a rule refuses (RFC 1813 3.3.4, RFC 8881 18.1): a client that believes it loses data at
close. As knfsd does for an export that is read-only."""
import struct

from callers import DELAY, OK
from operations import access, labels, lookup, lookups, PUTROOTFH, SAVEFH, RESTOREFH, putfh
from table import V3, V4, Row
from wire import opaque, u32

READ, LOOKUP, MODIFY, EXTEND, DELETE, EXECUTE, XATTR_READ, XATTR_WRITE = (1 << n for n in range(8))
WRITING = MODIFY | EXTEND | DELETE


def granted(bits, least):
    if bits & (WRITING | XATTR_WRITE):
        return f"ACCESS grants {bits:#x} where nothing may be written"
    if not bits & least:
        return f"ACCESS grants {bits:#x}, and what may be read not"


def three(name, least=READ):
    def play(s):
        reply = s.three.call(100003, 3, 4, opaque(getattr(s, name)) + u32(0x3F))
        status = reply.u32()
        if status:
            return f"ACCESS is answered {status}"
        reply.u32() and reply.bytes(84)
        return granted(reply.u32(), least)
    return play


def four(operations, bits=0x3F, least=READ):
    def play(s):
        found = s.again(lambda: [*operations(s), access(bits)])
        if found.status != OK:
            return f"{labels(operations(s))}; ACCESS is answered {found}"
        return granted(struct.unpack(">I", found.results[-4:])[0], least)
    return play


WAYS = {
    "T's handle": lambda s: [putfh(s.T)],
    "a file's handle": lambda s: [putfh(s.file)],
    "T's folder": lambda s: [putfh(s.folder)],
    "walk from P": lambda s: [putfh(s.P), lookup("xfs")],
    "walk from P to a file": lambda s: [putfh(s.P), *lookups(["xfs", "file"])],
    "walk from the root": lambda s: [PUTROOTFH, *lookups(["export", "xfs"])],
    "OPEN": lambda s: [putfh(s.T), s.open("file", share=1)],
    "restored": lambda s: [putfh(s.P), lookup("xfs"), SAVEFH, putfh(s.O), RESTOREFH],
    "behind another ACCESS": lambda s: [putfh(s.O), access(), putfh(s.T)],
}
NFS_ACL = 100227


def rw_keeps(s):
    """Where writing is allowed, it is said."""
    if s.minor is None:
        reply = s.three.call(100003, 3, 4, opaque(s.O) + u32(0x3F))
        bits = None if reply.u32() else (reply.u32() and reply.bytes(84), reply.u32())[1]
    else:
        found = s.again(lambda: [putfh(s.O), access()])
        bits = struct.unpack(">I", found.results[-4:])[0] if found.status == OK else None
    if bits is None or bits & WRITING != WRITING:
        return f"ACCESS in O, where all is allowed, grants {bits}"


ROWS = [
    *(Row(f"ACCESS by {name}", V3, ("ro",), play=three(name)) for name in ("T", "file", "folder")),
    *(Row(f"ACCESS by {way}", V4, ("ro",), play=four(operations)) for way, operations in WAYS.items()),
    *(Row(f"ACCESS with xattr bits by {way}", ("4.2",), ("ro",), play=four(operations, 0x1FF))
      for way, operations in WAYS.items()),
    Row("ACCESS in O", V3 + V4, ("ro", "none", "hidden", "clients"), play=rw_keeps, honest=True),
]
