"""Operation numbers without a row, and minor versions without a standard: nothing behind them executes, and what is
before them is answered as it was (RFC 8881 15.2)."""
import struct

from callers import DELAY, ILLEGAL, answer, compound, said
from operations import *
from table import ALL, V4, Row
from wire import NFS, opaque, u32

NUMBERS = (0, 1, 2, 76, 77, 200, 10043, 10044, 10045, 1 << 31, -1)


def unknown(number):
    return Operation(f"operation {number}", number)


def place(number, before):
    """NFS4ERR_OP_ILLEGAL at its place, with those before it executed."""

    def play(s):
        operations = [*before(s), unknown(number)]
        found = s.again(lambda: operations)
        if found.status != ILLEGAL or found.count != len(operations):
            return f"answered {found} instead of ILLEGAL after {len(operations)} results"
        last = struct.unpack(">2I", found.results[-8:])
        # the reply says OP_ILLEGAL, not the number that nobody knows (RFC 8881 15.2.3)
        if last != (10044, ILLEGAL):
            return f"the last result is {last}"

    return play


def minor_version(minor, operations, session=False):
    """Of a version that nobody has: nothing executes."""

    def play(s):
        given = operations(s)
        if session:
            given = [s.compounds.session.sequence_operation(), *given]
        found = answer(s.compounds.connection.call(NFS, 4, 1, compound(minor, given)))
        s.log.append(f"minor version {minor}: {labels(operations(s))} -> {found}")
        if found.status == 0:
            return "answered OK"

    return play


EVILS = {
    "in T": lambda s: [putfh(s.T), create("evil")],
    "behind a walk": lambda s: [putfh(s.P), lookup("xfs"), create("evil")],
    "by OPEN": lambda s: [putfh(s.T), s.open("evil", "unchecked")],
}
BEFORE = {
    "first": lambda s: [],
    "behind PUTFH O": lambda s: [putfh(s.O), GETATTR],
    "behind a step": lambda s: [putfh(s.O), lookup("file"), GETATTR],
}
MINORS = (3, 4, 99, 0xFFFFFFFF)

ROWS = [
    *(Row(f"operation {number} between, {what}", V4, ALL,
          lambda s, n=number, e=evil: [putfh(s.O), unknown(n), *e(s)], harmless=True)
      for number in NUMBERS for what, evil in EVILS.items()),
    *(Row(f"operation {number} behind, {what}", V4, ALL,
          lambda s, n=number, e=evil: [*e(s), unknown(n)])
      for number in NUMBERS for what, evil in EVILS.items()),
    *(Row(f"operation {number} behind a late name", V4, ALL,
          lambda s, n=number: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil"), unknown(n)])
      for number in (76, 200, 10044)),
    *(Row(f"operation {number} is ILLEGAL at its place, {how}", V4, ALL, play=place(number, before), honest=True)
      for number in NUMBERS for how, before in BEFORE.items()),
    *(Row(f"minor version {minor}, {what}", ("4.0", "4.2"), ALL, play=minor_version(minor, evil, session),
          harmless=True)
      for minor in MINORS for what, evil in EVILS.items() for session in (False, True)[:1]),
]
