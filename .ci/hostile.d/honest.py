"""What is allowed must go on working, with "later" as often as a client takes it: a judge that refuses everything fails
here. And what is refused is refused by its name."""
from callers import ACCES, NOENT, NOT_SAME, OK, ROFS, STALE, said
from operations import *
from table import ALL, FORBIDDEN, READS, SQUASHES, V3, V4, V41, Row
from tree import ANONYMOUS, SECRET, WORDS
from version3 import CREATE, LOOKUP, MKDIR, NO_ATTRIBUTES, READ, REMOVE, WRITE, WRITING, look
from wire import opaque, u32

# What a handle, and a name that leads in, is refused with. security: WRONGSEC.
OF_NAME = {"none": (ACCES,), "hidden": (NOENT,), "clients": (ACCES,), "versions": (ACCES, 10021), "security": (10016,)}
OF_HANDLE = {**OF_NAME, "hidden": (STALE,), "ro": (ROFS,)}


def ends(operations, *statuses, words=None):
    """With one of these statuses, and these bytes in the answer."""

    def play(s):
        found = s.again(lambda: operations(s))
        if found.status not in statuses:
            return f"{found} instead of {' or '.join(map(said, statuses))}"
        if words and words not in found.record:
            return f"{found}, without what was asked for"

    return play


def by_rule(table, operations):
    def play(s):
        return ends(operations, *table[s.rule.name])(s)
    return play


def anonymous(operations, name="evil"):
    """It is made, and belongs to nobody."""

    def play(s):
        wrong = ends(operations, OK)(s)
        owner = s.tree.entries(s.T).get(name)
        return wrong or (None if owner and owner[3] == ANONYMOUS else f"{name} at the origin: {owner}")
    return play


WALKS = {
    "root down": lambda s: [PUTROOTFH, *lookups(["export", "xfs"])],
    "P down": lambda s: [putfh(s.P), lookup("xfs")],
    "T up, down": lambda s: [putfh(s.T), LOOKUPP, lookup("xfs")],
    "O up, up, down": lambda s: [putfh(s.O), LOOKUPP, LOOKUPP, lookup("xfs")],
    "stepped, saved, restored": lambda s: [putfh(s.P), lookup("xfs"), SAVEFH, putfh(s.O), RESTOREFH],
    "T's folder up": lambda s: [putfh(s.folder), LOOKUPP],
}
ELSEWHERE = {
    "root, P, O and back": lambda s: [PUTROOTFH, *lookups(["export", "btrfs"]), LOOKUPP, LOOKUPP, lookup("export"), GETATTR],
    "CREATE in O behind a late name": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), create("in")],
    "OPEN creates in O by T's name": lambda s: [putfh(s.O), s.open("xfs", "unchecked"), GETFH],
    "a chain of the rule's names in O": lambda s: [
        putfh(s.O), create("export"), create("xfs"), putfh(s.O), *lookups(["export", "xfs"]), create("in")],
    "RENAME makes a name in O, LOOKUP": lambda s: [
        putfh(s.O), create("seed"), putfh(s.O), SAVEFH, rename("seed", "xfs"), lookup("xfs"), create("in")],
    "O's WRITE behind a LOOKUP": lambda s: [putfh(s.O), lookup("file"), write(ANYBODY, b"bytes of O"), GETATTR],
    "the walk down to O, CREATE": lambda s: [PUTROOTFH, *lookups(["export", "btrfs", "hostile"]), create("in")],
    "O up, down, CREATE": lambda s: [putfh(s.O), LOOKUPP, lookup("hostile"), create("in")],
    "saved O, restored, CREATE": lambda s: [putfh(s.O), SAVEFH, PUTROOTFH, lookup("export"), RESTOREFH, create("in")],
    "LINK in O by steps": lambda s: [putfh(s.O), lookup("file"), SAVEFH, putfh(s.O), link("in")],
    "RENAME in P": lambda s: [putfh(s.O), create("x"), putfh(s.O), SAVEFH, rename("x", "y"), GETATTR],
    "VERIFY of its own": lambda s: [putfh(s.O), lookup("file"), VERIFY_FILE, GETATTR],
    "SECINFO of its own": lambda s: [putfh(s.O), secinfo("file")],
    "deep, which is plain": lambda s: [PUTROOTFH, *lookups(["export", "deep"]), GETATTR],
    "a listing of P": lambda s: [putfh(s.P), READDIR],
}
REFUSED_STEPS = {
    "root down": WALKS["root down"], "P down": WALKS["P down"], "O up, up, down": WALKS["O up, up, down"],
    "late name": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.P), lookup("xfs")],
}


def three_reads(s):
    handle = look(s, s.P, "xfs", "mine")
    reply = s.three.call(100003, 3, READ, opaque(handle) + u64(0) + u32(4096)) if handle else None
    if reply is None or SECRET not in reply.record:
        return "READ behind two LOOKUPs is refused"


def three_writes(s):
    for procedure, arguments in ((MKDIR, opaque(s.O) + text("xfs") + NO_ATTRIBUTES),
                                 (CREATE, opaque(s.O) + text("in") + u32(0) + NO_ATTRIBUTES),
                                 (WRITE, opaque(s.ofile) + u64(0) + u32(10, 2) + opaque(b"bytes of O")),
                                 (REMOVE, opaque(s.O) + text("in"))):
        status = s.status3(procedure, arguments)
        if status:
            return f"procedure {procedure} in O is answered {said(status)}"


def three_refused(s):
    status = s.status3(CREATE, opaque(s.T) + text("evil") + u32(0) + NO_ATTRIBUTES)
    allowed = {"ro": (ROFS,), "hidden": (STALE,)}.get(s.rule.name, (ACCES, 1))
    if status not in allowed:
        return f"CREATE in T is answered {said(status)}"


def many(operations, times):
    """Again and again in one session: nothing gets out of step."""

    def play(s):
        compounds = s.another()
        for _ in range(times):
            wrong = operations(s, compounds)
            if wrong:
                return wrong
    return play


def in_step(s, compounds):
    s.run([putfh(s.T), create("evil")], compounds)
    s.run([putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")], compounds)
    s.run([putfh(s.O), remove("xfs")], compounds)
    found = s.run([putfh(s.O), lookup("file"), GETATTR], compounds)
    if found.status != OK:
        return f"between refusals: {found}"


ROWS = [
    *(Row(f"ro: {way}, READ", V4, ("ro",), play=ends(lambda s, w=walk: [*w(s), lookup("mine"), read()], OK, words=SECRET),
          honest=True) for way, walk in WALKS.items()),
    *(Row(f"squash: {way}, READ of everybody's", V4, SQUASHES,
          play=ends(lambda s, w=walk: [*w(s), lookup("file"), read()], OK, words=WORDS), honest=True)
      for way, walk in WALKS.items()),
    *(Row(f"squash: {way}, CREATE by nobody", V4, SQUASHES,
          play=anonymous(lambda s, w=walk: [*w(s), create("evil")]), honest=True) for way, walk in WALKS.items()),
    *(Row(f"squash: {way}, OPEN by nobody", V4, SQUASHES,
          play=anonymous(lambda s, w=walk: [*w(s), s.open("evil", "guarded")]), honest=True) for way, walk in WALKS.items()),
    *(Row(f"squash: {way}, READ of mine is refused", V4, SQUASHES,
          play=ends(lambda s, w=walk: [*w(s), lookup("mine"), read()], ACCES), honest=True) for way, walk in WALKS.items()),
    *(Row(f"O: {what}", V4, ALL, play=ends(does, OK), honest=True, shows="listing" in what)
      for what, does in ELSEWHERE.items()),
    *(Row(f"ro: {way}, CREATE is ROFS", V4, ("ro",),
          play=ends(lambda s, w=walk: [*w(s), create("evil")], ROFS), honest=True) for way, walk in WALKS.items()),
    *(Row(f"{way} is refused by its name", V4, READS, play=by_rule(OF_NAME, lambda s, w=walk: [*w(s), GETATTR]), honest=True)
      for way, walk in REFUSED_STEPS.items()),
    Row("T's handle is refused by its name", V4, FORBIDDEN, play=by_rule(OF_HANDLE, lambda s: [putfh(s.T), create("evil")]),
        honest=True),
    Row("a VERIFY of its own that fails", V4, ALL,
        play=ends(lambda s: [putfh(s.O), lookup("file"), VERIFY_DIRECTORY, GETATTR], NOT_SAME), honest=True),
    Row("a name that is not there", V4, ALL, play=ends(lambda s: [putfh(s.O), lookup("xfs"), GETATTR], NOENT), honest=True),
    Row("a step from a file", V4, ALL, play=ends(lambda s: [putfh(s.ofile), lookup("xfs"), GETATTR], 20), honest=True),
    Row("in step between refusals", V4, ALL, play=many(in_step, 10), honest=True),
    Row("READ", V3, ("ro",), play=three_reads, honest=True),
    Row("writing in O", V3, ALL, play=three_writes, honest=True),
    Row("CREATE in T is refused by its name", V3, FORBIDDEN, play=three_refused, honest=True),
]
