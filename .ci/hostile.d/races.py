"""Two who do things at the same time, for a bounded while: one exchanges names, past the proxy or through it, and the
other walks by them. What the proxy was told a moment ago is not what the origin finds."""
import threading
import time

from callers import Compounds
from operations import *
from table import MAIN, Row, SECRETS

SECONDS = 0.7


def racing(other, mine, before=None, after=None, through=None, seconds=SECONDS):
    """Other: what is done all the time, by somebody at the origin or through an instance of the proxy."""

    def play(s):
        for _ in range(3):
            race(s)
            if not after or not s.tree.is_taken_for_another():
                break
            # The origin's own fault (docs/security.md), for which nothing here can be blamed.
            s.admin("exportfs -f")
            s.heard()
            s.tree.fill()
            s.log.append("the origin took U for P: again")

    def race(s):
        if before:
            before(s)
        stop, trouble = threading.Event(), []
        them = Compounds(s.tree.address if through is None else s.servers[through % len(s.servers)], s.minor,
                         0 if through is None else s.rule.user)

        def loop():
            try:
                while not stop.is_set():
                    for operations in other(s):
                        them.run(operations)
            except OSError as ended:
                trouble.append(f"the other ended: {ended}")

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        rounds, end = 0, time.monotonic() + seconds
        compounds = s.another()
        try:
            while time.monotonic() < end:
                try:
                    compounds.run(mine(s))
                    rounds += 1
                except OSError as ended:
                    if isinstance(ended, TimeoutError):
                        raise
                    s.log.append(f"ended: {ended}")
                    compounds = s.another()
        finally:
            stop.set()
            thread.join(20)
            them.close()
            s.log.extend([labels(mine(s)), f"{rounds} rounds", *trouble])
            if after:
                after(s)

    return play


MAKES = lambda s: [[putfh(s.O), create("xfs")], [putfh(s.O), remove("xfs")]]
RENAMES = lambda s: [[putfh(s.O), SAVEFH, rename("a", "xfs")], [putfh(s.O), SAVEFH, rename("xfs", "a")]]
# deep and a plain directory like it take turns
EXCHANGES = lambda s: [
    [putfh(s.P), SAVEFH, rename("deep", "decoy"), rename("aside", "deep")],
    [putfh(s.P), SAVEFH, rename("deep", "aside"), rename("decoy", "deep")],
]


def with_a(s):
    s.tree.make(s.O, "a", directory=True, mode=0o777)


DEEDS = {
    "CREATE": (MAIN, lambda s: [create("evil")]),
    "OPEN": (MAIN, lambda s: [s.open("evil", "unchecked")]),
    "READ": (SECRETS, lambda s: [lookup("mine"), read()]),
}
BY_HANDLE = {
    "CREATE": (MAIN, lambda s: [putfh(s.T), create("evil")]),
    "READ": (SECRETS, lambda s: [putfh(s.mine), read()]),
}
ROWS = [
    *(Row(f"a name made and removed {who}, {what}", versions, rules,
          play=racing(MAKES, lambda s, d=does: [putfh(s.O), lookup("xfs"), *d(s)], through=through))
      for who, through in (("at the origin", None), ("through the proxy", 0), ("through the other instance", 1))
      for versions in (("4.0", "4.2") if through is None else ("4.1",),)
      for what, (rules, does) in BY_HANDLE.items()),
    Row("a name renamed to and fro", ("4.1",), MAIN,
        play=racing(RENAMES, lambda s: [putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")], before=with_a)),
    *(Row(f"deep and a plain one take turns, {what}", ("4.0", "4.1"), rules,
          play=racing(EXCHANGES, lambda s, d=does: [putfh(s.P), *lookups(["deep", "ext4"]), *d(s)], before=lambda s: s.tree.set_deep_aside(),
                      after=lambda s: s.tree.put_deep_back()))
      for what, (rules, does) in DEEDS.items()),
    Row("deep and a plain one take turns, from the root", ("4.2",), MAIN,
        play=racing(EXCHANGES, lambda s: [PUTROOTFH, *lookups(["export", "deep", "ext4"]), create("evil")],
                    before=lambda s: s.tree.set_deep_aside(), after=lambda s: s.tree.put_deep_back())),
    Row("deep and a plain one take turns, up and down", ("4.2",), MAIN,
        play=racing(EXCHANGES, lambda s: [putfh(s.O), LOOKUPP, LOOKUPP, *lookups(["deep", "ext4"]), create("evil")],
                    before=lambda s: s.tree.set_deep_aside(), after=lambda s: s.tree.put_deep_back())),
]
