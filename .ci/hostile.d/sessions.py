"""Sessions that are made otherwise: with a back channel, SSV, bound connections, and what is outside of a session."""
from callers import answer, compound
from operations import *
from table import ALL, SECRETS, V41, Row
from wire import NFS, opaque, u32

BACKCHANNEL = 2
EVILS = {
    "CREATE": (ALL, lambda s: [putfh(s.T), create("evil")]),
    "late name, CREATE": (ALL, lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")]),
    "walk, OPEN": (ALL, lambda s: [putfh(s.P), lookup("xfs"), s.open("evil", "unchecked")]),
    "walk, READ": (SECRETS, lambda s: [putfh(s.P), *lookups(["xfs", "mine"]), read()]),
}


def with_back_channel(operations):
    return lambda s: s.run(operations(s), s.another(flags=BACKCHANNEL)) and None


def outside(operations):
    """Without SEQUENCE."""
    return lambda s: s.compounds.connection.call(NFS, 4, 1, compound(s.minor, operations(s))) and None


def bound(operations):
    """By a second connection, bound by BIND_CONN_TO_SESSION for both directions, through the other instance."""

    def play(s):
        compounds, other = s.another(), s.caller(1)
        bind = Operation("BIND_CONN_TO_SESSION", 41, compounds.session.id, u32(3, 0))
        other.call(NFS, 4, 1, compound(s.minor, [bind]))
        other.call(NFS, 4, 1, compound(s.minor, [compounds.session.sequence_operation(), *operations(s)]))

    return play


def protected(how):
    """EXCHANGE_ID with state protection, MACH_CRED (1) or SSV (2), then as always."""

    def play(s):
        caller = s.caller()
        owner = bytes(8) + opaque(b"protected" + str(id(s)).encode())
        bitmaps = u32(0, 0)
        if how == 1:
            protect = u32(1) + bitmaps
        else:
            protect = u32(2) + bitmaps + u32(1) + opaque(b"\x60\x86\x48\x01\x65\x03\x04\x02\x01") + u32(0) + u32(1, 1)
        exchange = Operation("EXCHANGE_ID", 42, owner, u32(0), protect, u32(0))
        found = answer(caller.call(NFS, 4, 1, compound(s.minor, [exchange])))
        s.log.append(f"EXCHANGE_ID with state protection {how} -> {found}")
        for _, operations in EVILS.values():
            caller.call(NFS, 4, 1, compound(s.minor, [exchange, *operations(s)]))

    return play


ROWS = [
    *(Row(f"back channel, {what}", V41, rules, play=with_back_channel(does)) for what, (rules, does) in EVILS.items()),
    *(Row(f"no SEQUENCE, {what}", V41, rules, play=outside(does), harmless=True)
      for what, (rules, does) in EVILS.items()),
    *(Row(f"second connection, {what}", V41, rules, play=bound(does)) for what, (rules, does) in EVILS.items()),
    Row("state protection by MACH_CRED", V41, ALL, play=protected(1), harmless=True),
    Row("state protection by SSV", V41, ALL, play=protected(2), harmless=True),
    *(Row(f"SEQUENCE twice, {what}", V41, rules,
          lambda s, d=does: [s.compounds.session and Operation("SEQUENCE", 53, s.compounds.session.id, u32(99, 0, 0, 0)),
                             *d(s)], harmless=True)
      for what, (rules, does) in EVILS.items()),
]
