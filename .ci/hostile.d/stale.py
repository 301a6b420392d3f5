"""A filesystem is unmounted at the origin, its handle is asked for and is stale; it is mounted again, and the handle
is good again, at once."""
import threading
import time

from operations import *
from table import MAIN, Row
from version3 import MKDIR, NO_ATTRIBUTES, WRITE, WRITING
from wire import opaque, u32

AWAY, ASKED = 0.5, 3  # seconds


class Asking:
    """Asks again on another connection, as clients do: knfsd drops a call of NFSv3 while it asks its mountd."""

    def __init__(self, connect):
        self.connect, self.caller = connect, connect()

    def status3(self, procedure, arguments):
        for _ in range(2):
            try:
                return self.caller.status3(procedure, arguments)
            except TimeoutError:
                self.caller.close()
                self.caller = self.connect()
        return self.caller.status3(procedure, arguments)


def gone_and_back(s):
    device, kind = s.admin("findmnt -n -o SOURCE,FSTYPE /export/deep/ext4").split()
    files = [s.tree.fresh(s.U, f"fresh{n}") for n in range(8)]
    compounds = [s.another(minor=minor) for minor in (0, 1)]
    asking, direct = Asking(s.caller), Asking(s.caller_of_the_origin)
    # Detached: it is gone for whoever asks, though knfsd may still be busy with it.
    away = threading.Thread(target=s.admin, args=(
        f"exportfs -f; umount -l /export/deep/ext4; exportfs -f; sleep {AWAY}; "
        f"mount -t {kind} {device} /export/deep/ext4; exportfs -f",))
    away.start()
    while direct.status3(1, opaque(s.U)) == 0 and away.is_alive():
        time.sleep(0.005)
    back, rounds, stale = None, 0, 0
    while back is None or time.monotonic() < back + ASKED:
        file, told = files[rounds % len(files)], []
        for each in compounds:
            for operations in ([putfh(file), write()], [putfh(s.U), create("evil")],
                               [putfh(s.tree.inside[s.U, "mine"]), read()]):
                told.append(each.run(operations).status)
        told.append(asking.status3(WRITE, opaque(file) + WRITING))
        told.append(asking.status3(MKDIR, opaque(s.U) + text("evil3") + NO_ATTRIBUTES))
        rounds, stale = rounds + 1, stale + (70 in told)
        if back is None and not away.is_alive():
            back = time.monotonic()
        time.sleep(0.01)
    away.join()
    direct.caller.close()
    s.log.append(f"{rounds} rounds, in {stale} of them stale; at the end: {told}")


ROWS = [Row("U unmounted, asked for, and mounted again", ("3 and 4",), MAIN, play=gone_and_back)]
