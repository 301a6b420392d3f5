"""Several calls with one xid (RFC 5531 9): the reply to one must not teach what another waited for, or let another's
reply pass. After each, a handle of T that was in it is written to."""
import itertools
import struct

from callers import compound
from operations import *
from table import MAIN, Row, V3
from version3 import ACCESS, GETATTR as GETATTR3, LOOKUP, MKDIR, NO_ATTRIBUTES, READ, READDIRPLUS, WRITE, WRITING
from wire import opaque, u32

FSID = Operation("GETATTR fsid", 9, u32(1, 1 << 8))
# version, procedure, arguments
ABOUT_O = {
    "LOOKUP in O": lambda s: (3, LOOKUP, opaque(s.O) + text("file")),
    "GETATTR of O": lambda s: (3, GETATTR3, opaque(s.O)),
    "READ of O": lambda s: (3, READ, opaque(s.ofile) + u64(0) + u32(16)),
    "4.0 GETATTR of O": lambda s: (4, 1, compound(0, [putfh(s.O), FSID_OF])),
    "4.0 LOOKUP in O": lambda s: (4, 1, compound(0, [putfh(s.O), lookup("file"), FSID_OF])),
}
ABOUT_T = {
    "LOOKUP in T": lambda s: (3, LOOKUP, opaque(s.T) + text("fresh")),
    "GETATTR of T": lambda s: (3, GETATTR3, opaque(s.T)),
    "GETATTR of T's new": lambda s: (3, GETATTR3, opaque(s.new)),
    "ACCESS of T's new": lambda s: (3, ACCESS, opaque(s.new) + u32(0x3F)),
    "READDIRPLUS of T": lambda s: (3, READDIRPLUS, opaque(s.T) + u64(0) + bytes(8) + u32(8192, 32768)),
    "4.0 GETATTR of T's new": lambda s: (4, 1, compound(0, [putfh(s.new), FSID_OF])),
    "4.0 LOOKUP in T": lambda s: (4, 1, compound(0, [putfh(s.T), lookup("fresh"), FSID_OF])),
}


def hear(caller, count, seconds=0.15):
    caller.socket.settimeout(seconds)
    try:
        for _ in range(count):
            caller.record()
    except OSError:
        pass


def then_write(s):
    """What it was for: T is written to, from a connection that knows nothing."""
    s.status3(WRITE, opaque(s.new) + WRITING)
    s.status3(MKDIR, opaque(s.T) + text("evil") + NO_ATTRIBUTES)
    honest = s.another(minor=1)
    s.run([putfh(s.new), write()], honest)
    s.run([putfh(s.P), lookup("xfs"), lookup("fresh"), write()], honest)


def one_xid(*calls, times=1, segments=False, connections=1, then=then_write):
    def play(s):
        s.new = s.tree.fresh(s.T, "fresh")
        for n in range(connections):
            caller = s.caller()
            if n == 0:  # O is known
                s.status3(GETATTR3, opaque(s.O), caller=caller)
            messages = [caller.message(77, *make(s)) for make in calls] * times
            for sent in messages if segments else [b"".join(messages)]:
                caller.socket.sendall(sent)
            hear(caller, len(messages))
        then(s)
    return play


def at_once(*calls, times=5):
    """The xid again as soon as its reply is there."""

    def play(s):
        s.new = s.tree.fresh(s.T, "fresh")
        caller = s.caller()
        for make in calls * times:
            caller.socket.sendall(caller.message(77, *make(s)))
            hear(caller, 1)
        then_write(s)
    return play


# ---- a file whose bytes are a reply ----------------------------------------------------------------
def attributes_of(s, handle):
    return s.tree.call(1, opaque(handle)).record[-84:]


def forged_listing(s):
    """READ in a COMPOUND of NFSv4.0 with a tag of one byte, read as READDIRPLUS: the tag's length says that the
    directory's attributes follow, which end in the file's bytes; then an entry with T's new handle and O's attributes."""
    of_o = attributes_of(s, s.O)
    entry = u32(1) + u64(2) + text("x") + u64(3) + u32(1) + of_o + u32(1) + opaque(s.new)
    return of_o[32:] + bytes(8) + entry + u32(0, 1)


def forged(first):
    def play(s):
        s.new = s.tree.fresh(s.T, "fresh")
        data = forged_listing(s)
        s.tree.call(2, opaque(s.ofile), u32(0, 0, 0, 1), u64(0), u32(0, 0), u32(0))
        s.tree.write(s.ofile, data)
        for _ in range(3):
            caller = s.caller()
            listing = caller.message(78, 3, READDIRPLUS, opaque(s.O) + u64(0) + bytes(8) + u32(8192, 32768))
            reading = caller.message(78, 4, 1, compound(0, [putfh(s.ofile), read(count=len(data))], b"x"))
            caller.socket.sendall(listing + reading if first else reading + listing)
            hear(caller, 2)
            then_write(s)
        s.tree.call(2, opaque(s.ofile), u32(0, 0, 0, 1), u64(0), u32(0, 0), u32(0))
        s.tree.write(s.ofile, b"bytes of O")
    return play


def tagged(operations):
    """A COMPOUND whose tag is T's handle, read as LOOKUP: the tag is the handle found."""

    def play(s):
        s.new = s.tree.fresh(s.T, "fresh")
        caller = s.caller()
        looking = caller.message(79, 3, LOOKUP, opaque(s.O) + text("file"))
        tag = caller.message(79, 4, 1, compound(0, operations, bytes(s.new)))
        for sent in (looking + tag, tag + looking):
            caller = s.caller()
            caller.socket.sendall(sent)
            hear(caller, 2)
        then_write(s)
    return play


PAIRS = list(itertools.product(ABOUT_O.items(), ABOUT_T.items()))

ROWS = [
    *(Row(f"{o}, {t}", V3, MAIN, play=one_xid(about_o, about_t)) for (o, about_o), (t, about_t) in PAIRS),
    *(Row(f"{t}, {o}", V3, MAIN[:3], play=one_xid(about_t, about_o)) for (o, about_o), (t, about_t) in PAIRS),
    *(Row(f"{o}, {t}, ten times", V3, MAIN[:3], play=one_xid(about_o, about_t, times=5))
      for (o, about_o), (t, about_t) in PAIRS if t in ("LOOKUP in T", "GETATTR of T's new")),
    *(Row(f"{o}, {t}, a segment each", V3, ("ro",), play=one_xid(about_o, about_t, segments=True))
      for (o, about_o), (t, about_t) in PAIRS),
    *(Row(f"{o}, {t}, four connections", V3, ("ro",), play=one_xid(about_o, about_t, connections=4))
      for (o, about_o), (t, about_t) in PAIRS if t in ("LOOKUP in T", "4.0 GETATTR of T's new")),
    *(Row(f"{o}, {t}, at once again", V3, ("ro", "squash-all"), play=at_once(about_o, about_t))
      for (o, about_o), (t, about_t) in PAIRS),
    # The bytes of the caller's own file, or its tag, come back: it is told nothing new.
    Row("a file that is a listing, listing first", V3, MAIN, play=forged(True), shows=True),
    Row("a file that is a listing, file first", V3, MAIN, play=forged(False), shows=True),
    Row("a tag that is a handle, no operation", V3, MAIN, play=tagged([]), shows=True),
    Row("a tag that is a handle, one operation", V3, MAIN, play=tagged([PUTROOTFH]), shows=True),
]
