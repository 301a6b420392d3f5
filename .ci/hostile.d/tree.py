"""The origin's own tree, seen and mended past the proxy: what is there, what was done to it, and the
bytes nobody may read. Not run, imported.

T is the root of /export/xfs and U that of /export/deep/ext4: filesystems with a rule. P is /export, O the
folder "hostile" of /export/btrfs: anybody may write there. In T and U there are, owned by the user who
calls: "file" (0644), "mine" (0600), "folder", and in the folder "inner".
"""
import struct
import time

from callers import Compounds, OK
from operations import Operation, lookups, putfh, text, u64
from wire import MOUNT, NFS, Connection, opaque, u32

WORDS, SECRET = b"words-of-T-3f9c51d2", b"secret-of-T-b81e07a6"
ANONYMOUS = 65534
SETATTR, LOOKUP, CREATE, MKDIR, REMOVE, RMDIR, RENAME, READDIRPLUS = 2, 3, 8, 9, 12, 13, 14, 17
NO_ATTRIBUTES = u32(0, 0, 0, 0, 0, 0)
T_PATH, U_PATH, O_PATH = ["export", "xfs"], ["export", "deep", "ext4"], ["export", "btrfs"]
TICK = 0.02  # seconds: a change within the kernel's tick has the same time as the one before it
OF_O, OF_P = (".", "file"), (".", "ID", "lost+found", "xfs", "btrfs", "deep")
OURS = ("file", "mine", "folder")


class Handle(bytes):
    def __new__(cls, value, label):
        made = super().__new__(cls, value)
        made.label = label
        return made


class Tree:
    def __init__(self, origin, mount_port, user):
        self.address, self.user = (origin, 2049), user
        self.mount, self.nfs = Connection(origin, mount_port), Connection(origin, 2049)
        self.P = Handle(self.mount.mnt("/export"), "P")
        self.T, self.U = self.walk(T_PATH, "T"), self.walk(U_PATH, "U")
        self.deep = self.walk(U_PATH[:-1], "deep")
        self.roots = (self.T, self.U, self.deep)  # never to be removed, by whatever name
        self.btrfs = self.walk(O_PATH, "btrfs")
        self.roots += (self.btrfs,)
        self.connect()
        self.forget(self.btrfs, "hostile")
        self.O = Handle(self.make(self.btrfs, "hostile", directory=True, mode=0o777), "O")
        self.ofile = Handle(self.make(self.O, "file", mode=0o666), "O/file")
        self.write(self.ofile, b"bytes of O")
        self.inside = {}
        self.kept = set()  # names in P and O that an administrator has mounted something at
        self.fill()
        self.fsids = [self.fsids_of(root) for root in (self.T, self.U)]

    def walk(self, path, label):
        handle = self.P
        for name in path[1:]:
            handle = self.nfs.lookup(handle, name)
        return Handle(handle, label)

    def connect(self):
        self.compounds = Compounds(self.address, 2, 0)

    # ---- making --------------------------------------------------------------------------------
    def call(self, procedure, *arguments):
        return self.nfs.call(NFS, 3, procedure, b"".join(arguments))

    def make(self, above, name, mode=0o755, user=None, directory=False):
        attributes = u32(1, mode) + (u32(1, user, 1, user) if user is not None else u32(0, 0)) + u32(0, 0, 0)
        if directory:
            reply = self.call(MKDIR, opaque(above), text(name), attributes)
        else:
            reply = self.call(CREATE, opaque(above), text(name), u32(0), attributes)
        status = reply.u32()
        if status:
            raise OSError(f"cannot make {name}: {status}")
        reply.expect("a handle", 1)
        handle = reply.opaque()
        self.call(SETATTR, opaque(handle), attributes, u32(0))
        return handle

    def write(self, handle, data):
        self.call(7, opaque(handle), u64(0), u32(len(data), 2), opaque(data))

    def read(self, handle):
        return self.call(6, opaque(handle), u64(0), u32(4096)).record

    def forget(self, directory, name):
        """Removes it, whatever it is, with what is in it; but nothing that was there before us."""
        reply = self.call(LOOKUP, opaque(directory), text(name))
        if reply.u32() or reply.opaque() in self.roots:
            return
        if self.call(REMOVE, opaque(directory), text(name)).u32() in (0, 2):
            return
        if self.call(RMDIR, opaque(directory), text(name)).u32() == 66:
            try:
                handle = self.nfs.lookup(directory, name)
                for inner in self.entries(handle):
                    if inner != ".":
                        self.forget(handle, inner)
            except OSError:  # the last call of an attempt that raced is still under way, and removed it
                if self.call(LOOKUP, opaque(directory), text(name)).u32() != 2:
                    raise
            self.call(RMDIR, opaque(directory), text(name))

    def rename(self, directory, old, new):
        return self.call(RENAME, opaque(directory), text(old), opaque(directory), text(new)).u32()

    def set_deep_aside(self):
        """It is "aside", and a plain "deep" with a plain "ext4" in it is there."""
        self.put_deep_back()
        self.rename(self.P, "deep", "aside")
        plain = self.make(self.P, "deep", directory=True, mode=0o777)
        self.make(plain, "ext4", directory=True, mode=0o777)

    def put_deep_back(self):
        """Whatever name it has by now."""
        for name in ("aside", "decoy", "deep", "plain"):
            reply = self.call(LOOKUP, opaque(self.P), text(name))
            if reply.u32() == 0 and reply.opaque() == self.deep and name != "deep":
                self.forget(self.P, "deep")
                self.rename(self.P, name, "deep")
        for name in ("aside", "decoy"):
            self.forget(self.P, name)

    def fill(self):
        """T and U as they are to be, and what they are then."""
        for root in (self.T, self.U):
            for name in self.entries(root):
                if name not in (".", "ID", "lost+found"):
                    self.forget(root, name)
            for name, mode, data in (("file", 0o644, WORDS), ("mine", 0o600, SECRET)):
                handle = self.make(root, name, mode=mode, user=self.user)
                self.write(handle, data)
                self.inside[root, name] = Handle(handle, f"{root.label}/{name}")
            folder = self.make(root, "folder", directory=True, user=self.user)
            self.inside[root, "folder"] = Handle(folder, f"{root.label}/folder")
            inner = self.make(folder, "inner", directory=True, user=self.user)
            self.inside[root, "inner"] = Handle(inner, f"{root.label}/folder/inner")
            xattr = Operation("SETXATTR", 73, u32(0), text("good"), opaque(WORDS))
            self.compounds.run([putfh(self.inside[root, "file"]), xattr])
        time.sleep(TICK)
        self.base = self.snapshot()

    def empty(self):
        """As it was before."""
        for root in (self.T, self.U):
            for name in OURS:
                self.forget(root, name)
        self.forget(self.btrfs, "hostile")

    def fresh(self, root, name, data=WORDS):
        """A file that was never there, so that nobody has met its handle."""
        handle = Handle(self.make(root, name, mode=0o644, user=self.user), f"{root.label}/{name}")
        self.write(handle, data)
        time.sleep(TICK)
        self.base = self.snapshot()
        return handle

    def clean(self):
        """P and O without the names that attempts make."""
        for directory, ours in ((self.O, OF_O), (self.P, OF_P)):
            for name in self.entries(directory):
                if name not in ours and name not in self.kept:
                    self.forget(directory, name)

    # ---- looking -------------------------------------------------------------------------------
    def entries(self, directory):
        """name: attributes (of what is no mount point), as READDIRPLUS has them, without the time of access."""
        reply = self.call(READDIRPLUS, opaque(directory), u64(0), bytes(8), u32(8192, 32768))
        status = reply.u32()
        if status:
            raise OSError(f"READDIRPLUS at the origin: {status}")
        if reply.u32():
            reply.bytes(84)
        reply.bytes(8)
        found = {}
        while reply.u32():
            reply.bytes(8)
            name = reply.opaque().decode(errors="replace")
            reply.bytes(8)
            attributes = None
            if reply.u32():
                kind, mode, links, user, group, size = struct.unpack(">5IQ", reply.bytes(28))
                reply.bytes(24)  # used, rdev, fsid
                fileid, _, mtime, ctime = struct.unpack(">4Q", reply.bytes(32))
                attributes = kind, mode, links, user, group, size, fileid, mtime, ctime
            if reply.u32():
                reply.opaque()
            if name != "..":
                found[name] = attributes
        return found

    def snapshot(self):
        return {root.label: self.entries(root) for root in (self.T, self.U)}

    def fsids_of(self, root):
        """As attributes of NFSv3 and of NFSv4 have it."""
        reply = self.call(1, opaque(root))
        three = reply.record[reply.at + 4 + 44 :][:8]
        four = self.compounds.run([putfh(root), Operation("GETATTR", 9, u32(1, 1 << 8))]).results
        return [each for each in (three, four[-16:]) if any(each)]

    def is_taken_for_another(self):
        """Whether the origin itself shows U, where its name leads to it, as what is around it.

        Linux asks its mountd by path. Where a directory of that path is renamed at the same moment, mountd looks
        at the one, the kernel at the other, and U has the number of P until the exports are flushed."""
        ask = Operation("GETATTR", 9, u32(1, 1 << 8))
        around = self.compounds.run([putfh(self.P), ask]).results
        at = self.compounds.run([putfh(self.P), *lookups(["deep", "ext4"]), ask]).results
        return around[-16:] == at[-16:]

    def handles_begin(self):
        """What the handles of T, and of U, have in common and no other has."""
        return [bytes(self.inside[root, "file"][4:16]) for root in (self.T, self.U)]

    def done(self, rule):
        """What was done to T and U that the rule forbids, a line for each thing."""
        now, found = self.snapshot(), []
        for root, before in self.base.items():
            after = now[root]
            for name in sorted({*before, *after}):
                was, has = before.get(name), after.get(name)
                if was == has or rule.squashes and name == ".":
                    continue
                if rule.squashes and was is None and has and has[3] == ANONYMOUS:
                    continue
                what = "made" if was is None else "removed" if has is None else "changed"
                found.append(f"{what}: {root}/{name} {was or ''} {has or ''}")
        self.changed = now != self.base
        return found

    def told(self, rule, heard, shows):
        """What was in replies that nobody may know."""
        found = []
        if rule.reads_are_forbidden and WORDS in heard:
            found.append("read: T/file")
        if (rule.reads_are_forbidden or rule.squashes) and SECRET in heard:
            found.append("read: T/mine")
        if rule.hides and not shows:
            if any(each in heard for each in self.handles_begin()):
                found.append("told: a filehandle of T")
            if any(each in heard for pair in self.fsids for each in pair):
                found.append("told: T's fsid")
        return found
