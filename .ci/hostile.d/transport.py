"""How a call arrives: in fragments, byte by byte, long, cut off, with a count that lies. It is judged as what it is."""
import struct
import time

from callers import answer, compound
from operations import *
from table import MAIN, Row, SECRETS, V3, V4
from version3 import WRITE
from wire import NFS, opaque, u32

LONG = EVIL[:4] * (1 << 18)  # 1 MiB, of which the proxy passes on the beginning before the end has come
PATIENCE = 10


def fragments(record, size):
    pieces = [record[at : at + size] for at in range(0, len(record), size)]
    return b"".join(u32(len(each) | (1 << 31 if n == len(pieces) - 1 else 0)) + each
                    for n, each in enumerate(pieces))


def call_of(s, operations, **channel):
    """(caller, the record of a COMPOUND in a session of its own)"""
    compounds = s.another(**channel)
    caller = compounds.connection
    caller.xid += 1
    s.log.append(labels(operations(s, compounds)))
    return caller, caller.message(caller.xid, 4, 1, compounds.encoded(operations(s, compounds)))[4:]


def hear(s, caller, seconds=PATIENCE):
    caller.socket.settimeout(seconds)
    record = caller.record()
    s.log.append(f"reply of {len(record)} bytes, status {struct.unpack_from('>I', record, 24)[0]}")


def fragmented(operations, size):
    def play(s):
        caller, record = call_of(s, lambda s, _: operations(s))
        caller.socket.sendall(fragments(record, size))
        hear(s, caller)
    return play


def dripped(operations, empty=False):
    def play(s):
        caller, record = call_of(s, lambda s, _: operations(s))
        bytes_ = (u32(0) * 3 if empty else b"") + u32(1 << 31 | len(record)) + record
        for at in range(len(bytes_)):
            caller.socket.sendall(bytes_[at : at + 1])
            time.sleep(0.0005)
        hear(s, caller)
    return play


def long_write(operations, pause=None):
    """With a MiB in it; meanwhile somebody does something."""

    def play(s):
        caller, record = call_of(s, operations, **({"size": 3 << 20} if s.minor else {}))
        half = len(record) // 2
        caller.socket.sendall(u32(1 << 31 | len(record)) + record[:half])
        if pause:
            time.sleep(0.1)
            pause(s)
        caller.socket.sendall(record[half:])
        hear(s, caller)
    return play


def cut_off(operations, left=8):
    """The connection ends before the record does."""

    def play(s):
        caller, record = call_of(s, operations, **({"size": 3 << 20} if s.minor else {}))
        caller.socket.sendall(u32(1 << 31 | len(record)) + record[:-left])
        time.sleep(0.1)
        caller.close()
        time.sleep(0.1)
    return play


def counted(operations, more):
    """The COMPOUND says that it has more or fewer operations."""

    def play(s):
        compounds = s.another()
        given = operations(s)
        if compounds.session:
            given.insert(0, compounds.session.sequence_operation())
        arguments = opaque(b"") + u32(s.minor, len(given) + more) + b"".join(given)
        found = answer(compounds.connection.call(NFS, 4, 1, arguments))
        s.log.append(f"{labels(operations(s))}, counted {more:+d} -> {found}")
    return play


def together(s, *lists):
    """In one segment, the forbidden among the allowed."""
    compounds = s.another()
    caller, sent = compounds.connection, b""
    for operations in lists:
        caller.xid += 1
        sent += caller.message(caller.xid, 4, 1, compounds.encoded(operations))
    caller.socket.sendall(sent)
    for _ in lists:
        hear(s, caller)


def long3(handle, pause=False):
    def play(s):
        caller = s.caller()
        call = caller.message(7, 3, WRITE, opaque(getattr(s, handle)) + u64(0) + u32(len(LONG), 2) + opaque(LONG))
        caller.socket.sendall(call[: len(call) // 2])
        if pause:
            time.sleep(0.2)
        caller.socket.sendall(call[len(call) // 2 :])
        hear(s, caller)
    return play


EVILS = {
    "CREATE": (MAIN, lambda s: [putfh(s.T), create("evil")]),
    "late name": (MAIN, lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")]),
    "walk": (MAIN, lambda s: [putfh(s.P), lookup("xfs"), create("evil")]),
    "walk, READ": (SECRETS, lambda s: [putfh(s.P), *lookups(["xfs", "mine"]), read()]),
}
big = write(ANYBODY, LONG)
LONGS = {
    "into T by handle": lambda s, c: [putfh(s.file), big],
    "into T by a walk": lambda s, c: [putfh(s.P), *lookups(["xfs", "file"]), big],
    "into T behind a late name": lambda s, c: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.file), big],
    "into O, then CREATE in T": lambda s, c: [putfh(s.ofile), big, putfh(s.T), create("evil")],
    "into O, then a walk": lambda s, c: [putfh(s.ofile), big, putfh(s.P), lookup("xfs"), create("evil")],
    "into O, then a late name": lambda s, c: [
        putfh(s.ofile), big, putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")],
    "into O by a name, then CREATE in T": lambda s, c: [putfh(s.O), lookup("file"), big, putfh(s.T), create("evil")],
    "into T by OPEN": lambda s, c: [putfh(s.T), s.open("file", share=WRITE_ACCESS, compounds=c),
                                    write(CURRENT if s.minor else ANYBODY, LONG)],
    "into T by a walk and OPEN": lambda s, c: [putfh(s.P), lookup("xfs"), s.open("file", compounds=c),
                                               write(CURRENT if s.minor else ANYBODY, LONG)],
}


def swap_to_t(s):
    """O/xfs, a plain directory with a file, stands where a link to... a name made while the call was under way."""
    s.tree.forget(s.O, "xfs")
    s.tree.make(s.O, "xfs", directory=True, mode=0o777)


def made_meanwhile(s, c):
    return [putfh(s.O), lookup("xfs"), putfh(s.file), big]


def opened_meanwhile(s, c):
    return [putfh(s.O), lookup("xfs"), putfh(s.ofile), big, putfh(s.T), create("evil")]


ROWS = [
    *(Row(f"fragments of {size}, {what}", V4, rules, play=fragmented(does, size))
      for size in (1, 4, 7, 100) for what, (rules, does) in EVILS.items()),
    *(Row(f"byte by byte, {what}", V4, rules, play=dripped(does)) for what, (rules, does) in EVILS.items()),
    *(Row(f"a MiB {what}", V4, MAIN, play=long_write(does)) for what, does in LONGS.items()),
    Row("a MiB into T, name made meanwhile", V4, MAIN, play=long_write(made_meanwhile, swap_to_t)),
    Row("a MiB into O, name made meanwhile, CREATE in T", V4, MAIN, play=long_write(opened_meanwhile, swap_to_t)),
    *(Row(f"a MiB {what}, cut off", V4, MAIN, play=cut_off(does), harmless=True) for what, does in LONGS.items()),
    *(Row(f"counted {more:+d}, {what}", V4, rules, play=counted(does, more), harmless=True)
      for more in (-1, 1, 1000) for what, (rules, does) in EVILS.items()),
    *(Row(f"{what} among others in a segment", ("4.0",), rules,
          play=lambda s, d=does: together(s, [putfh(s.O), GETATTR], d(s), [putfh(s.O), GETATTR]))
      for what, (rules, does) in EVILS.items()),
    Row("a MiB into T", V3, MAIN, play=long3("file")),
    Row("a MiB into T, slowly", V3, MAIN, play=long3("file", True)),
]
