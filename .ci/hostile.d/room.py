"""COMPOUNDs that leave no room for more operations or bytes, and sessions that allow few: where a check finds no room,
the strictest parameters hold."""
from operations import *
from table import ALL, SECRETS, V4, V41, Row
from callers import DELAY

LATE = lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs")]


def stepping(s, count):
    """So many operations, with a step by a name in every second place."""
    return [each for _ in range(count // 2) for each in (putfh(s.O), lookup("file"))]


def full(count, *last):
    """As many operations as the session allows (16, with SEQUENCE), the last in T."""

    def make(s):
        end = [each(s) if callable(each) else each for each in last]
        room = count - len(end) - 4
        return [*LATE(s), *stepping(s, room), *([GETATTR] * (room % 2)), *end]

    return make


def into_t(s):
    return putfh(s.T)


def late_last(s):
    return [*stepping(s, 10), *LATE(s)[:3], lookup("xfs")]


def sized(operations, make, **channel):
    """In a session with so small a channel."""

    def play(s):
        compounds = s.another(operations=operations, **channel)
        for _ in range(4):
            found = s.run(make(s), compounds)
            if found.status != DELAY:
                break
            s.tree.clean()

    return play


def down_and_up(s, times):
    return [putfh(s.folder), *[each for _ in range(times) for each in (lookup("inner"), LOOKUPP)]]


def tagged(length, operations):
    def play(s):
        found = s.compounds.run(operations(s), tag=b"t" * length)
        s.log.append(f"a tag of {length} bytes, {labels(operations(s))} -> {found}")

    return play


EVIL_T = lambda s: [putfh(s.T), create("evil")]
WALKED = lambda s: [putfh(s.P), lookup("xfs"), create("evil")]
SECRET = lambda s: [putfh(s.P), *lookups(["xfs", "mine"]), read()]
LATE_EVIL = lambda s: [*LATE(s), *EVIL_T(s)]

ROWS = [
    *(Row(f"{count} operations, {what}", V41, rules, full(count, *last), harmless=count > 15)
      for count in (14, 15, 16, 17)
      for what, rules, last in (
          ("CREATE", ALL, [into_t, create("evil")]),
          ("OPEN", ALL, [into_t, lambda s: s.open("evil", "unchecked")]),
          ("walk, CREATE", ALL, [lambda s: putfh(s.P), lookup("xfs"), create("evil")]),
          ("walk, READ", SECRETS, [lambda s: putfh(s.P), lookup("xfs"), lookup("mine"), read()]))),
    *(Row(f"4.0, {count} operations, {what}", ("4.0",), rules, full(count, *last), harmless=count > 50)
      for count in (16, 40, 48, 50, 60, 100)
      for what, rules, last in (
          ("CREATE", ALL, [into_t, create("evil")]),
          ("walk, CREATE", ALL, [lambda s: putfh(s.P), lookup("xfs"), create("evil")]),
          ("walk, READ", SECRETS, [lambda s: putfh(s.P), lookup("xfs"), lookup("mine"), read()]))),
    *(Row(f"{2 * times} steps down and up in T", V4[:1], ALL,
          lambda s, n=times: [*down_and_up(s, n), create("evil")], harmless=times > 23)
      for times in (5, 20, 23, 50)),
    *(Row(f"a session of {operations} operations, {what}", V41, rules, play=sized(operations, make),
          harmless=operations <= least)
      for operations in (2, 3, 4, 5, 6, 7, 8, 16, 50)
      for what, rules, make, least in (
          ("CREATE", ALL, EVIL_T, 2), ("walk, CREATE", ALL, WALKED, 3), ("late name, CREATE", ALL, LATE_EVIL, 6),
          ("walk, READ", SECRETS, SECRET, 4))),
    *(Row(f"a session of {size} bytes, {what}", V41, rules, play=sized(16, make, size=size),
          harmless=size <= 512)
      for size in (300, 400, 512, 600, 700, 1024)
      for what, rules, make in (("walk, CREATE", ALL, WALKED), ("late name, CREATE", ALL, LATE_EVIL))),
    *(Row(f"a tag of {length} bytes, {what}", V4, rules, play=tagged(length, make), harmless=length > 128)
      for length in (1, 128, 255, 1024, 1025, 4096)
      for what, rules, make in (("CREATE", ALL, EVIL_T), ("walk, CREATE", ALL, WALKED),
                                ("late name, CREATE", ALL, LATE_EVIL), ("walk, READ", SECRETS, SECRET))),
]
