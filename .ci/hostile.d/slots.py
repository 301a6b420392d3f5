"""A slot's sequence used again with other operations (RFC 8881 2.10.6.1.3): what comes back is the old reply or an
error, and nothing is executed; by way of another connection and another instance too."""
from callers import answer, said
from operations import *
from table import ALL, SECRETS, V41, Row
from wire import NFS, opaque, u32


def sent(s, session, connection, operations, sequence, slot=0, cache=1):
    first = u32(53) + session.id + u32(sequence, slot, slot, cache)
    arguments = opaque(b"") + u32(s.minor, len(operations) + 1) + first + b"".join(operations)
    found = answer(connection.call(NFS, 4, 1, arguments))
    s.log.append(f"slot {slot}, sequence {sequence}: {labels(operations)} -> {found}")
    return found


def replay(first, second, instance=0, between=None, step=0):
    def play(s):
        compounds = s.another()
        session, other = compounds.session, s.caller(instance)
        sequence = session.sequences[0] + 1
        sent(s, session, compounds.connection, first(s), sequence)
        if between:
            between(s)
        for connection in (other, compounds.connection):
            sent(s, session, connection, second(s), sequence + step)

    return play


NEW = {
    "CREATE in T": lambda s: [putfh(s.T), create("evil")],
    "walk, CREATE": lambda s: [putfh(s.P), lookup("xfs"), create("evil")],
    "OPEN": lambda s: [putfh(s.T), s.open("evil", "unchecked")],
    "same": None,
}
OLD = {
    "GETATTR of O": lambda s: [putfh(s.O), GETATTR],
    "walk into O": lambda s: [PUTROOTFH, *lookups(["export", "btrfs", "hostile"]), GETATTR],
    "refused CREATE": lambda s: [putfh(s.T), create("evil")],
    "late name": lambda s: [putfh(s.O), create("xfs"), putfh(s.O), lookup("xfs"), putfh(s.T), create("evil")],
}


def exchanged(s):
    """O's "file" is another one by now."""
    s.tree.forget(s.O, "xfs")
    s.tree.make(s.O, "xfs", directory=True)


ROWS = [
    *(Row(f"{old}, then in its slot {new}, instance {instance}{', name exchanged' if between else ''}", V41, ALL,
          play=replay(first, second or first, instance, between), harmless=True)
      for old, first in OLD.items() for new, second in NEW.items()
      for instance in (0, 1) for between in (None, exchanged)),
    *(Row(f"the next sequence, {new}, instance {instance}", V41, ALL,
          play=replay(OLD["GETATTR of O"], second, instance, step=1))
      for new, second in NEW.items() if second for instance in (0, 1)),
    *(Row(f"sequence {step:+d}, {new}", V41, ALL, play=replay(OLD["GETATTR of O"], second, 0, step=step), harmless=True)
      for new, second in NEW.items() if second for step in (-1, 2, 1000)),
]
