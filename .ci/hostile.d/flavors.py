"""Who calls: flavors of RPC that nobody knows or that name nobody, and credentials that lie about their length."""
import struct

from callers import Caller, compound, machine_credential
from operations import *
from table import ALL, FORBIDDEN, SECRETS, SQUASHES, Row
from version3 import CREATE, MKDIR, NO_ATTRIBUTES, READ, WRITE, WRITING
from wire import NFS, opaque, u32

NOBODY = u32(0, 0)


def raw(flavor, body, verifier=NOBODY):
    return lambda s: u32(flavor) + opaque(body(s) if callable(body) else body) + verifier


def system(stamp=0, machine=b"x", groups=(), length=None, count=None, tail=b""):
    """The body of AUTH_SYS as the caller would have it, with what is wrong about it."""

    def body(s):
        user = s.rule.user
        name = u32(len(machine) if length is None else length) + machine + bytes(-len(machine) % 4)
        return (u32(stamp) + name + u32(user, user, len(groups) if count is None else count, *groups) + tail)

    return body


CREDENTIALS = {
    "flavor 99": raw(99, system()),
    "AUTH_SHORT": raw(2, b"\1\2\3\4"),
    "AUTH_SHORT with a body of AUTH_SYS": raw(2, system()),
    "AUTH_DH": raw(3, system()),
    "AUTH_TLS": raw(7, b""),
    "AUTH_NONE": raw(0, b""),
    "AUTH_NONE with a body": raw(0, system()),
    "RPCSEC_GSS without a session": raw(6, u32(1, 0, 1, 1) + opaque(b"")),
    "RPCSEC_GSS DESTROY": raw(6, u32(1, 3, 1, 1) + opaque(b"none")),
    "flavor -1": raw(0xFFFFFFFF, system()),
    "machine name of 255 bytes": raw(1, system(machine=b"m" * 255)),
    "machine name of 256 bytes": raw(1, system(machine=b"m" * 256)),
    "machine name of no bytes": raw(1, system(machine=b"")),
    "machine name of NULs": raw(1, system(machine=bytes(16))),
    "16 groups": raw(1, system(groups=range(16))),
    "16 times the group 0": raw(1, system(groups=[0] * 16)),
    "17 groups": raw(1, system(groups=range(17))),
    "machine name longer than said": raw(1, system(machine=b"abcdefgh", length=4)),
    "machine name shorter than said": raw(1, system(machine=b"abcd", length=8)),
    "machine name longer than all": raw(1, system(length=0x7FFFFFFF)),
    "groups counted short": raw(1, system(groups=[0, 0, 0], count=1)),
    "groups counted long": raw(1, system(groups=[0], count=3)),
    "bytes behind the groups": raw(1, system(tail=u32(0, 0, 0, 0))),
    "user twice": raw(1, system(tail=u32(0, 0, 0))),
    "a verifier": raw(1, system(), u32(1) + opaque(b"verifier")),
    "a verifier of 400 bytes": raw(1, system(), u32(0) + opaque(b"v" * 400)),
    "credential of 400 bytes": raw(1, system(tail=bytes(340))),
    "credential of 404 bytes": raw(1, lambda s: system(tail=bytes(404))(s)[:404]),
}
EXECUTED = ("16 groups", "machine name of 255 bytes", "machine name of no bytes", "machine name of NULs",
            "16 times the group 0")


def three(credential):
    def play(s):
        caller = s.caller()
        caller.credential = credential(s)
        for procedure, arguments in ((CREATE, opaque(s.T) + text("evil") + u32(0) + NO_ATTRIBUTES),
                                     (WRITE, opaque(s.file) + WRITING),
                                     (READ, opaque(s.mine) + u64(0) + u32(4096))):
            try:
                s.status3(procedure, arguments, caller=caller)
            except TimeoutError:
                raise
            except OSError as ended:
                s.log.append(str(ended))
                caller = s.caller()
                caller.credential = credential(s)
    return play


def four(credential, operations):
    """In a session of somebody else's, the call itself with this credential."""

    def play(s):
        compounds = s.another()
        compounds.connection.credential = credential(s)
        s.run(operations(s), compounds)
    return play


DEEDS = {
    "CREATE": (ALL, lambda s: [putfh(s.T), create("evil")]),
    "walk, CREATE": (ALL, lambda s: [putfh(s.P), lookup("xfs"), create("evil")]),
    "READ": (SECRETS, lambda s: [putfh(s.mine), read()]),
}

ROWS = [
    *(Row(f"{what}: NFSv3", ("3",), ALL, play=three(credential), harmless=what not in EXECUTED)
      for what, credential in CREDENTIALS.items()),
    *(Row(f"{what}: {deed}", ("4.0", "4.1"), rules, play=four(credential, does), harmless=what not in EXECUTED)
      for what, credential in CREDENTIALS.items() for deed, (rules, does) in DEEDS.items()),
]
