"""Operations of NFSv4 as bytes with a label, for COMPOUNDs that no honest client would send: RFC 7530, 8881,
7862, 8276. Not run, imported."""
import os
import struct

from wire import opaque, u32

ANYBODY = bytes(16)  # the anonymous stateid
CURRENT = u32(1) + bytes(12)  # the stateid that the COMPOUND's last OPEN made; NFSv4.1
NOTHING = u32(0, 0)  # an empty fattr4
OPEN_TO_ALL = u32(2, 0, 1 << 1) + opaque(u32(0o777))  # a mode
EVIL = b"evil" * 64
READ_ACCESS, WRITE_ACCESS, BOTH = 1, 2, 3


def u64(*values):
    return struct.pack(f">{len(values)}Q", *values)


def text(value):
    return opaque(value if isinstance(value, bytes) else value.encode())


class Operation(bytes):
    """Number and arguments, and what is printed of them."""

    def __new__(cls, label, number, *arguments):
        made = super().__new__(cls, u32(number & 0xFFFFFFFF) + b"".join(arguments))
        made.label = label
        return made


def labels(operations):
    return "; ".join(each.label for each in operations)


def putfh(handle):
    return Operation(f"PUTFH {getattr(handle, 'label', handle.hex())}", 22, opaque(handle))


PUTROOTFH, PUTPUBFH = Operation("PUTROOTFH", 24), Operation("PUTPUBFH", 23)
SAVEFH, RESTOREFH = Operation("SAVEFH", 32), Operation("RESTOREFH", 31)
LOOKUPP, GETFH, READLINK = Operation("LOOKUPP", 16), Operation("GETFH", 10), Operation("READLINK", 27)
GETATTR = Operation("GETATTR", 9, u32(1, 1 << 1))
FSID_OF = Operation("GETATTR fsid, filehandle", 9, u32(1, 1 << 8 | 1 << 19))
READDIR = Operation("READDIR with filehandles", 26, u64(0, 0), u32(8192, 32768, 1, 1 << 8 | 1 << 19))
VERIFY_FILE = Operation("VERIFY type file", 37, u32(1, 1 << 1), opaque(u32(1)))
VERIFY_DIRECTORY = Operation("VERIFY type directory", 37, u32(1, 1 << 1), opaque(u32(2)))
NVERIFY_FILE = Operation("NVERIFY type file", 17, u32(1, 1 << 1), opaque(u32(1)))
COMMIT = Operation("COMMIT", 5, u64(0), u32(0))
SECINFO_UP = Operation("SECINFO_NO_NAME parent", 52, u32(1))
OPENATTR = Operation("OPENATTR create", 19, u32(1))


def lookup(name):
    return Operation(f"LOOKUP {name}", 15, text(name))


def lookups(path):
    return [lookup(each) for each in path]


def secinfo(name):
    return Operation(f"SECINFO {name}", 33, text(name))


def access(bits=0x3F):
    return Operation("ACCESS", 3, u32(bits))


def create(name):
    return Operation(f"CREATE {name}", 6, u32(2), text(name), OPEN_TO_ALL)


def symlink(name):
    return Operation(f"CREATE symlink {name}", 6, u32(5), text("/etc/passwd"), text(name), NOTHING)


def fifo(name):
    return Operation(f"CREATE fifo {name}", 6, u32(7), text(name), NOTHING)


def link(name):
    return Operation(f"LINK {name}", 11, text(name))


def remove(name):
    return Operation(f"REMOVE {name}", 28, text(name))


def rename(old, new):
    return Operation(f"RENAME {old} {new}", 29, text(old), text(new))


def read(stateid=ANYBODY, count=4096):
    return Operation("READ", 25, stateid, u64(0), u32(count))


def write(stateid=ANYBODY, data=EVIL):
    return Operation(f"WRITE {len(data)}", 38, stateid, u64(0), u32(2), opaque(data))


def setattr_mode(mode=0o4711):
    return Operation("SETATTR mode", 34, ANYBODY, u32(2, 0, 1 << 1), opaque(u32(mode)))


def setattr_size(size=0):
    return Operation("SETATTR size", 34, ANYBODY, u32(1, 1 << 4), opaque(u64(size)))


SETATTR_TIME = Operation("SETATTR mtime", 34, ANYBODY, u32(2, 0, 1 << 22), opaque(u32(1) + u64(1) + u32(0)))
HOW = {
    "unchecked": u32(1, 0) + NOTHING,
    "guarded": u32(1, 1) + NOTHING,
    "exclusive": u32(1, 2) + u64(1),
    "exclusive4_1": u32(1, 3) + u64(1) + NOTHING,
    "no": u32(0),
}


def opens(label, clientid, share, how, claim):
    owner = clientid + opaque(b"hostile" + os.urandom(8))  # always a new one: no sequence to keep
    return Operation(f"OPEN {label}", 18, u32(0, share, 0), owner, how, claim)


ALLOCATE = Operation("ALLOCATE", 59, ANYBODY, u64(0, 8192))
DEALLOCATE = Operation("DEALLOCATE", 62, ANYBODY, u64(0, 4))
COPY = Operation("COPY", 60, ANYBODY, ANYBODY, u64(0, 0, 16), u32(1, 1, 0))
CLONE = Operation("CLONE", 71, ANYBODY, ANYBODY, u64(0, 0, 0))
WRITE_SAME = Operation("WRITE_SAME", 70, ANYBODY, u32(2), u64(0, 4, 1, 0), u32(0), u64(0), opaque(b"evil"))
SETXATTR = Operation("SETXATTR", 73, u32(0), text("evil"), opaque(b"evil"))
REMOVEXATTR = Operation("REMOVEXATTR", 75, text("good"))
GETXATTR = Operation("GETXATTR", 72, text("good"))
READ_PLUS = Operation("READ_PLUS", 68, ANYBODY, u64(0), u32(4096))
LAYOUTGET = Operation("LAYOUTGET to write", 50, u32(0, 1, 2), u64(0, 4, 4), ANYBODY, u32(4096))
LAYOUTCOMMIT = Operation("LAYOUTCOMMIT", 49, u64(0, 4), u32(0), ANYBODY, u32(1), u64(4), u32(0), u32(1),
                         opaque(b""))
