"""What a row finds when it is its turn: the handles, by the origin's word, and ways to call the proxy. Not run,
imported."""
import os
import subprocess
import sys
import time

from callers import DELAY, Caller, Compounds
from operations import (BOTH, HOW, WRITE_ACCESS, labels, opens, text)
from wire import u32

TRIES = 20
# Where its mountd does not answer, a Linux server waits for five seconds before each DELAY, and that for
# two minutes: an attempt need not wait so long, what is allowed must.
SECONDS, HONEST_SECONDS = 8, 150


class Scene:
    def __init__(self, tree, rule, servers, administrator):
        self.tree, self.rule, self.servers, self.administrator = tree, rule, servers, administrator
        self.kept = {}
        self.version = self.minor = None
        self.begin(None)

    def begin(self, version, honest=False):
        """Before each attempt."""
        tree = self.tree
        self.version = version
        self.minor = int(version[2]) if version and "." in version else None
        self.T, self.U, self.P, self.O, self.ofile = tree.T, tree.U, tree.P, tree.O, tree.ofile
        self.file, self.mine, self.folder, self.inner = (
            tree.inside[tree.T, name] for name in ("file", "mine", "folder", "inner"))
        self.theirs = []  # connections of this attempt alone
        self.patience = HONEST_SECONDS if honest else SECONDS
        self.log = []

    # ---- calling -------------------------------------------------------------------------------
    def caller(self, instance=0):
        return self.caller_at(self.servers[instance % len(self.servers)])

    def caller_at(self, address):
        made = Caller(address, self.rule.user)
        self.theirs.append(made)
        return made

    def caller_of_the_origin(self):
        """Who asks past the proxy may hear everything: the caller's, to be closed by it."""
        return Caller(self.tree.address, self.rule.user)

    def another(self, instance=0, minor=None, **channel):
        """Compounds on a connection of their own."""
        address = self.servers[instance % len(self.servers)]
        made = Compounds(address, self.minor if minor is None else minor, self.rule.user, **channel)
        self.theirs.append(made)
        return made

    @property
    def compounds(self):
        """Those that attempts share, which so are warm."""
        if self.minor not in self.kept:
            self.kept[self.minor] = Compounds(self.servers[0], self.minor, self.rule.user)
        return self.kept[self.minor]

    @property
    def three(self):
        """The connection of NFSv3 that attempts share."""
        if "3" not in self.kept:
            self.kept["3"] = Caller(self.servers[0], self.rule.user)
        return self.kept["3"]

    def run(self, operations, compounds=None):
        answer = (compounds or self.compounds).run(operations)
        if len(self.log) < 200:
            self.log.append(f"{labels(operations)} -> {answer}")
        return answer

    def again(self, make, compounds=None, prepare=None):
        """Until the answer is other than "later", as clients do it; the last one."""
        tries, end = 0, time.monotonic() + self.patience
        while True:
            tries, began = tries + 1, time.monotonic()
            answer = self.run(make(), compounds)
            slow = time.monotonic() - began > 1
            if answer.status != DELAY or time.monotonic() > end or tries >= TRIES and not slow:
                break
            (prepare or self.tree.clean)()
        return answer

    def status3(self, procedure, *arguments, caller=None):
        status = (caller or self.three).status3(procedure, b"".join(arguments))
        self.log.append(f"procedure {procedure} of NFSv3 -> {status}")
        return status

    def heard(self):
        everybody = [getattr(each, "connection", each) for each in (*self.theirs, *self.kept.values())]
        found = b"\0".join(bytes(each.heard) for each in everybody)
        for each in everybody:
            each.heard.clear()
        return found

    def end(self, lost=False):
        for each in self.theirs:
            each.close()
        if lost:
            for each in self.kept.values():
                each.close()
            self.kept.clear()

    # ---- opens, which need a client id -----------------------------------------------------------
    def open(self, name, how="no", share=WRITE_ACCESS, compounds=None):
        claim = u32(0) + text(name)
        label = f"{how if how != 'no' else share} {name}"
        return opens(label, (compounds or self.compounds).clientid, share, HOW[how], claim)

    def claims(self, label, claim, share=WRITE_ACCESS):
        return opens(label, self.compounds.clientid, share, HOW["no"], claim)

    # ---- the origin's administrator --------------------------------------------------------------
    def admin(self, command):
        if not self.administrator:
            raise OSError("no administrator of the origin: --admin")
        done = subprocess.run([*self.administrator, command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if done.returncode:
            raise OSError(f"{command}: {done.stdout.decode(errors='replace')}")
        return done.stdout.decode(errors="replace")
