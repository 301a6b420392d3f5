"""Every operation of NFSv4.0, 4.1 and 4.2 in COMPOUNDs, and every callback. Not run, imported."""
import os
import time

from player import NFS, Compounds, operation, owner, text, u64
from wire import opaque, u32

ANYBODY, CURRENT = bytes(16), u32(1) + bytes(12)
MODE = u32(2, 0, 1 << 1) + opaque(u32(0o777))
PUTROOTFH, PUTPUBFH, SAVEFH, RESTOREFH, GETFH, READLINK, LOOKUPP = map(operation, (24, 23, 32, 31, 10, 27, 16))
READ, WRITE, BOTH = 1, 2, 3
BENIGN = (1 << 0 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 8 | 1 << 19 | 1 << 20, 1 << 1 | 1 << 4 | 1 << 5 | 1 << 21)
# But rdattr_error, and what can only be set: of mode_umask (81) Linux 6.1 gives the bit without a value.
ALL = (0xFFFFFFFF & ~(1 << 11), 0xFFFFFFFF & ~(1 << 16 | 1 << 22), 0x0007FFFF & ~(1 << 17))
NO_COUNTS = u64(0, 0)
HEADER_BYTES = 24 + 4 + 4 + 8 + 4  # of a reply: RPC's, status, tag, count
SEQUENCE_BYTES = 44
GRACE = 10013  # of a server that has just started
LARGE_BYTES = 1 << 28
NOT_COUNTED = {10018, 10019, 10020, 10022, 10023, 10025, 10026, 10036}  # RFC 7530 section 9.1.7
SERVER = u32(3) + text("tcp") + text("10.0.0.1.8.1")


def putfh(handle):
    return operation(22, opaque(handle))


def getattr_(*words):
    return operation(9, u32(len(words), *words))


class Version:
    def __init__(self, player, minor, directory):
        self.compounds = Compounds(player, minor)
        self.player, self.minor, self.directory = player, minor, directory
        self.seqid, self.counted = 0, False
        self.owner = owner()

    # ---- client ids and sessions -----------------------------------------------------------------
    def begin(self):
        self.begin_0() if self.minor == 0 else self.begin_1()

    def begin_0(self):
        client = os.urandom(8) + opaque(b"recorder" + owner())
        callback = u32(0x40000000) + text("tcp") + text("127.0.0.1.8.1") + u32(1)
        reply = self.compounds.bare(operation(35, client, callback)).last(16)
        self.client = reply[:8]
        self.compounds.bare(operation(36, reply))
        self.compounds.bare(operation(36, bytes(16)))
        self.compounds.bare(operation(30, self.client))

    def begin_1(self):
        bare = self.compounds.bare
        client = os.urandom(8) + opaque(b"recorder" + owner())
        named = u32(1) + text("recorder.example") + text("recorder") + u64(5) + u32(6)
        hashes = u32(1) + opaque(b"\x60\x86\x48\x01\x65\x03\x04\x02\x01")
        mach_cred = u32(1) + u32(2, 0, 1 << 9 | 1 << 11) + u32(0)
        ssv = u32(2) + u32(1, 1 << 9) + u32(0) + hashes + hashes + u32(4, 1)
        bare(operation(42, os.urandom(8), text(owner()), u32(0), mach_cred, u32(0)))
        bare(operation(42, os.urandom(8), text(owner()), u32(0), ssv, u32(0)))
        reply = bare(operation(42, client, u32(0x103), u32(0), named))
        results = reply.record[HEADER_BYTES + 8 :]
        self.client, sequence = results[:8], results[8:12]
        channel = u32(0, 65536, 65536, 4096, 32, 4, 0)
        securities = u32(3) + u32(0) + u32(1, 0) + text("machine") + u32(0, 0, 2, 4, 20) + u32(6, 1) + text("h1") + text("h2")
        bare(operation(43, self.client, u32(0xFFFFFF), u32(0), channel, channel, u32(0x40000000), securities))
        plain = u32(2) + u32(0) + u32(1, 0) + text("machine") + u32(0, 0, 0)
        made = bare(operation(43, self.client, sequence, u32(2), channel, channel, u32(0x40000000), plain)).record
        self.compounds.session = made[HEADER_BYTES + 8 :][:16]
        bare(operation(41, self.compounds.session, u32(3, 0)))
        self.send(operation(58, u32(0)))

    def end(self):
        if self.minor == 0:
            return
        session, self.compounds.session = self.compounds.session, None
        self.compounds.bare(operation(44, session))
        self.compounds.bare(operation(44, session))
        self.compounds.bare(operation(57, self.client))

    def send(self, *operations):
        results = self.compounds.send(*operations)
        if self.counted and results.status in NOT_COUNTED:
            self.seqid -= 1
        self.counted = False
        return results

    # ---- opens -------------------------------------------------------------------------------------
    def open(self, name, share, how=u32(0), claim=None, deny=0, confirm=True):
        """OPEN in the directory; its stateid."""
        claim = u32(0) + text(name) if claim is None else claim
        results = self.send(putfh(self.folder), operation(
            18, u32(self.next()), u32(share, deny), self.client + opaque(self.owner), how, claim), GETFH)
        at = self.second()
        stateid, flags = results.record[at : at + 16], results.record[at + 36 : at + 40]
        if results.status == 0 and self.minor == 0 and confirm and flags[3] & 2:
            stateid = self.send(putfh(self.file), operation(20, stateid, u32(self.next()))).last(16)
        return stateid if results.status == 0 else ANYBODY

    def next(self):
        """The open owner's next sequence number; 4.1 has none."""
        self.seqid, self.counted = self.seqid + 1, True
        return self.seqid if self.minor == 0 else 0

    def second(self):
        """Where the body of the second operation's results begins, behind PUTFH's, in a reply of send."""
        return HEADER_BYTES + (0 if self.minor == 0 else SEQUENCE_BYTES) + 8 + 8

    def play(self):
        self.player.call(NFS, 4, 0)
        self.begin()
        self.name = f"v4{self.minor}"
        self.names()
        self.contents()
        if self.minor >= 1:
            self.sessions()
            self.layouts()
        if self.minor >= 2:
            self.newer()
        self.unknown()
        self.leave()
        self.end()

    def names(self):
        send, minor = self.send, self.minor
        root = self.compounds.handle(self.directory)
        was = os.urandom(4).hex()
        send(putfh(root), SAVEFH, operation(29, text(self.name), text(f"{self.name}.{was}")))
        send(putfh(root), operation(6, u32(2), text(self.name), MODE), GETFH, getattr_(*BENIGN))
        self.folder = self.compounds.handle(f"{self.directory}/{self.name}")
        at = putfh(self.folder)
        send(operation(6, u32(2), text("nowhere"), MODE))
        send(at, operation(6, u32(2), text("folder"), MODE), GETFH)
        send(at, operation(6, u32(2), text("folder"), MODE), GETFH)
        send(at, operation(6, u32(5), text("to/where"), text("symlink"), MODE), READLINK)
        send(at, operation(6, u32(3), u32(1, 3), text("block"), MODE))
        send(at, operation(6, u32(4), u32(1, 3), text("char"), MODE))
        send(at, operation(6, u32(6), text("socket"), MODE))
        send(at, operation(6, u32(7), text("fifo"), MODE), READLINK)
        send(at, operation(6, u32(9), text("attribute"), MODE))
        send(at, operation(15, text("folder")), LOOKUPP, GETFH)
        send(at, operation(15, text("missing")))
        send(PUTROOTFH, LOOKUPP)
        send(PUTPUBFH, GETFH, getattr_(*BENIGN))
        send(putfh(bytes(20)))
        send(PUTROOTFH, getattr_(*ALL))
        send(at, getattr_(*ALL), getattr_())
        send(at, operation(26, u64(0, 0), u32(8192, 32768, len(BENIGN), *BENIGN)))
        send(at, operation(26, u64(0, 0), u32(8192, 32768, 1, 1 << 8 | 1 << 11 | 1 << 19 | 1 << 20)))
        send(at, operation(26, u64(0, 0), u32(8, 8, 0)))
        send(at, operation(33, text("folder")))
        send(at, operation(33, text("missing")))
        send(at, operation(3, u32(0x1F)), operation(3, u32(0xFF)))
        send(at, operation(37, u32(1, 1 << 1), opaque(u32(2))), operation(17, u32(1, 1 << 1), opaque(u32(2))))
        send(at, operation(37, u32(1, 1 << 1), opaque(u32(1))))
        send(at, operation(17, u32(1, 1 << 1), opaque(u32(1))))
        send(at, operation(19, u32(0)))
        send(at, operation(19, u32(1)))
        send(at, operation(34, ANYBODY, u32(2, 0, 1 << 1), opaque(u32(0o711))))
        send(at, operation(34, ANYBODY, u32(1, 1 << 4), opaque(u64(5))))
        send(at, SAVEFH, operation(15, text("fifo")), SAVEFH, at, operation(11, text("second")))
        send(at, SAVEFH, operation(11, text("never")))
        send(at, SAVEFH, RESTOREFH, operation(29, text("second"), text("third")))
        send(RESTOREFH)
        send(at, operation(28, text("third")))
        send(at, operation(28, text("missing")))

    # ---- files -------------------------------------------------------------------------------------
    def contents(self):
        send, next_ = self.send, self.next
        at = putfh(self.folder)
        guarded, unchecked, exclusive = u32(1, 1) + MODE, u32(1, 0) + MODE, u32(1, 2) + u64(77)
        self.file = None
        for _ in range(100):
            first = send(at, operation(18, u32(next_()), u32(BOTH, 0), self.client + opaque(self.owner),
                                       unchecked, u32(0) + text("file")), GETFH, getattr_(*BENIGN))
            if first.status != GRACE:
                break
            time.sleep(0.5)
        self.file = self.compounds.handle(f"{self.directory}/{self.name}/file")
        on = putfh(self.file)
        stateid = first.record[self.second() :][:16]
        if self.minor == 0:
            stateid = send(on, operation(20, stateid, u32(next_()))).last(16)
        else:
            send(on, operation(20, stateid, u32(0)))
        self.open("file", BOTH, guarded)
        self.open("exclusive", BOTH, exclusive)
        if self.minor:
            self.open("exclusive-4-1", BOTH, u32(1, 3) + u64(78) + MODE)
        self.open("folder", READ)
        self.open("missing", READ)
        for claim in (u32(1, 1), u32(2) + ANYBODY + text("file"), u32(3) + text("file"), u32(4), u32(5) + ANYBODY, u32(6)):
            self.open("", READ, claim=claim)
        send(on, operation(38, stateid, u64(0), u32(2), text("hello")))
        send(on, operation(38, ANYBODY, u64(0), u32(0), text("there")))
        send(on, operation(25, stateid, u64(0), u32(100)))
        send(at, operation(25, ANYBODY, u64(0), u32(100)))
        send(on, operation(5, u64(0), u32(0)))
        send(at, operation(5, u64(0), u32(0)))
        send(on, operation(34, stateid, u32(1, 1 << 4), opaque(u64(4000))))
        lock_owner, other = self.client + opaque(b"locks" + self.owner), self.client + opaque(b"other" + self.owner)
        locked = send(on, operation(12, u32(2, 0), u64(0, 10), u32(1), u32(next_()), stateid, u32(1), lock_owner)).last(16)
        send(on, operation(12, u32(2, 0), u64(5, 10), u32(1), u32(next_()), stateid, u32(1), other))
        send(on, operation(12, u32(1, 0), u64(100, 10), u32(0), locked, u32(2)))
        send(on, operation(13, u32(2), u64(0, 10), other))
        send(on, operation(13, u32(2), u64(1000, 10), other))
        if self.minor:
            send(operation(55, u32(2), stateid, ANYBODY))
        locked = send(on, operation(14, u32(2), u32(3), u32(2) + locked[4:], u64(0, 1 << 40))).last(16)
        send(operation(39, lock_owner))
        if self.minor:
            send(operation(45, locked))
        self.state_of(on, stateid)
        if self.minor < 2:
            self.closes(on, stateid)
        self.stateid = stateid

    def state_of(self, on, stateid):
        self.send(operation(7, self.client))
        self.send(on, operation(8, ANYBODY))
        self.send(operation(30, self.client))
        if self.minor:
            self.send(operation(35, os.urandom(8), text(owner()), u32(0x40000000), text("tcp"), text("0.0.0.0.0.0"), u32(1)))
            self.send(operation(36, self.client, u64(0)))

    def closes(self, on, stateid):
        read_too = self.open("file", READ)
        both = self.open("file", BOTH)
        down = self.send(on, operation(21, both, u32(self.next()), u32(READ, 0)))
        now = down.last(16) if down.status == 0 else both
        self.send(on, operation(4, u32(self.next()), now))
        self.send(on, operation(4, u32(self.next()), now))
        self.send(on, operation(21, now, u32(self.next()), u32(READ, 0)))

    # ---- 4.1 ---------------------------------------------------------------------------------------
    def sessions(self):
        send = self.send
        send(operation(40, u32(0x40000000), u32(1) + u32(0)))
        send(operation(40, u32(0x40000000), u32(2) + u32(1, 0) + text("machine") + u32(0, 0, 1, 5) + u32(6, 1) + text("h") + text("i")))
        send(operation(41, self.compounds.session, u32(1, 0)))  # not alone
        send(operation(42, os.urandom(8), text(owner()), u32(0), u32(0), u32(0)))
        send(operation(54, text("ssv"), text("digest")))
        send(operation(58, u32(0)))
        send(PUTROOTFH, operation(52, u32(0)))
        send(putfh(self.folder), operation(52, u32(1)))
        send(operation(45, ANYBODY))
        send(putfh(self.file), operation(56, u32(1), u32(4)))
        send(putfh(self.file), operation(56, u32(1), u32(1, 1)))
        send(putfh(self.file), operation(56, u32(1), u32(6)))
        send(putfh(self.folder), operation(46, u32(0), u32(1, 0x3E), bytes(24), u32(1, 1 << 4), u32(0)))
        self.compounds.bare(operation(53, bytes(16), u32(1, 0, 0, 0)))
        self.compounds.bare(operation(24), operation(10))

    def layouts(self):
        send = self.send
        on = putfh(self.file)
        device = layout = ANYBODY
        for kind in 1, 3, 4, 5:
            got = send(on, operation(50, u32(0, kind, 2), u64(0, 4096, 4096), self.stateid, u32(65536)))
            if got.status == 0:  # one of block devices, of one extent
                layout = got.record[self.second() + 4 :][:16]
                device = got.record[self.second() + 56 :][:16]
        send(on, operation(50, u32(1, 1, 1), u64(0, 4096, 4096), self.stateid, u32(65536)))
        send(operation(47, device, u32(5, 65536), u32(1, 6)))
        send(operation(47, device, u32(3, 65536), u32(1, 6)))
        send(operation(47, device, u32(3, 8), u32(0)))
        send(on, operation(48, u32(3, 10), u64(0, 0)))
        send(on, operation(49, u64(0, 4096), u32(0), layout, u32(1), u64(4095), u32(1), u64(5), u32(6), u32(3), text(u32(0))))
        send(on, operation(49, u64(0, 4096), u32(1), layout, u32(0), u32(0), u32(1), text("")))
        send(on, operation(51, u32(0, 3, 3), u32(1), u64(0, 1 << 63), layout, text("")))
        send(on, operation(51, u32(0, 3, 3), u32(2)))
        send(on, operation(51, u32(0, 3, 3), u32(3)))

    # ---- 4.2 ---------------------------------------------------------------------------------------
    def newer(self):
        send, stateid = self.send, self.stateid
        on = putfh(self.file)
        twice = (on, SAVEFH, on)
        send(on, operation(59, stateid, u64(0, 65536)))
        send(on, operation(62, stateid, u64(4096, 4096)))
        send(on, operation(68, stateid, u64(0), u32(8192)))
        send(on, operation(68, ANYBODY, u64(0), u32(100)))
        send(on, operation(69, stateid, u64(0), u32(0)))
        send(on, operation(69, stateid, u64(0), u32(1)))
        send(on, operation(69, stateid, u64(1 << 40), u32(0)))
        send(*twice, operation(60, stateid, stateid, u64(0, 8192, 100), u32(1, 1, 0)))
        # long enough that it can be asked about
        send(on, operation(34, stateid, u32(1, 1 << 4), opaque(u64(LARGE_BYTES))))
        copied = send(*twice, operation(60, stateid, stateid, u64(0, LARGE_BYTES, LARGE_BYTES), u32(0, 0, 0)))
        result = copied.record[self.second() + 16 :]
        offload = result[4:20] if result[:4] == u32(1) else ANYBODY
        send(on, operation(67, offload))
        send(on, operation(66, offload))
        send(on, operation(67, ANYBODY))
        send(on, operation(34, stateid, u32(1, 1 << 4), opaque(u64(65536))))
        send(*twice, operation(60, stateid, stateid, u64(0, 0, 100), u32(1, 1), u32(3), SERVER, u32(1) + text("host"),
                               u32(2) + text("nfs://host/")))
        send(on, operation(61, stateid, SERVER))
        send(on, operation(61, stateid, u32(1) + text("host")))
        send(on, operation(61, stateid, u32(2) + text("nfs://host/")))
        send(on, operation(63, stateid, u64(0, 4096), u32(1, 1 << 1 | 1 << 4)))
        send(on, operation(64, u64(0, 4096), stateid, u32(2), bytes(16), u32(5, 25), bytes(16), u32(5, 38)))
        send(on, operation(65, u64(0, 4096), stateid, NO_COUNTS, NO_COUNTS, bytes(16), u32(4), text("body")))
        send(on, operation(70, stateid, u32(2), u64(0, 4, 1, 0), u32(0), u64(0), text("data")))
        send(*twice, operation(71, stateid, stateid, u64(0, 32768, 4096)))
        send(putfh(self.folder), SAVEFH, on, operation(71, stateid, stateid, u64(0, 0, 0)))
        send(on, operation(73, u32(0), text("colour"), text("blue")), operation(72, text("colour")))
        send(on, operation(74, u64(0), u32(4096)))
        send(on, operation(75, text("colour")))
        send(on, operation(75, text("colour")))
        send(on, operation(72, text("colour")))
        send(on, operation(73, u32(2), text("colour"), text("red")))
        send(putfh(self.folder), operation(74, u64(0), u32(1)))
        self.closes(on, stateid)

    def unknown(self):
        self.send(putfh(self.folder), operation(10044))
        self.send(putfh(self.folder), GETFH, operation(2))
        self.send(putfh(self.folder), operation(77))

    def leave(self):
        at = putfh(self.folder)
        for name in "symlink", "block", "char", "socket", "fifo", "file", "exclusive", "exclusive-4-1", "folder":
            self.send(at, operation(28, text(name)))
        self.send(putfh(self.compounds.handle(self.directory)), operation(28, text(self.name)))


CALLBACK = 0x40000000


def callbacks(player, handle):
    """Each callback to a client that listens; all but those of 4.0 are answered by their minor version alone."""
    fh, stateid = opaque(handle), bytes(range(16))
    ace = u32(0, 0, 7) + text("EVERYONE@")
    entry = u32(1, 1 << 4) + text("entry")
    listed = [
        (0, 3, fh + u32(1, 1 << 3 | 1 << 4)), (0, 4, stateid + u32(0) + fh), (0, 10044, b""), (0, 99, b""),
        (1, 5, u32(1, 1, 0) + u32(1) + fh + u64(0, 10) + stateid), (1, 5, u32(1, 1, 0) + u32(2) + u64(1, 2)),
        (1, 5, u32(1, 1, 0) + u32(3)), (1, 6, stateid + fh + u32(1) + entry),
        (1, 7, fh + u32(1) + stateid + u32(0) + ace), (1, 7, fh + u32(2) + stateid + u32(0) + u32(1) + u64(5) + ace),
        (1, 8, u32(5) + u32(1, 3)), (1, 9, u32(5) + u32(1, 3)), (1, 10, u32(3)),
        (1, 11, bytes(16) + u32(1, 0, 0, 0) + u32(1) + bytes(16) + u32(1) + u32(2, 0)), (1, 12, u32(1, 2)),
        (1, 13, fh + u64(1) + text("owner")), (1, 14, u32(1) + u32(1, 1 << 1) + text("device-0123456789")),
        (2, 15, fh + stateid + u32(0) + u32(1) + stateid + u64(4096) + u32(2) + u64(1)),
        (2, 15, fh + stateid + u32(5) + u64(100))]
    player.call(CALLBACK, 1, 0)
    for minor, number, arguments in listed:
        player.call(CALLBACK, 1, 1, text("recorded") + u32(minor, 1, 1) + operation(number, arguments))
