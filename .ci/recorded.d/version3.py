"""NFSv2, NFSv3, MOUNT, NFS_ACL, NLM, portmap and rpcbind: each procedure. Not run, imported."""
from player import NFS, text, u64
from wire import MOUNT, opaque, u32

ACL, NLM, PORTMAP = 100227, 100021, 100000
NO_CHANGE = u32(0, 0, 0, 0, 0, 0)
ANY_MODE = u32(1, 0o777, 0, 0, 0, 0, 0)
NOBODY = bytes(32)


def mount(player, path):
    for version in 1, 2, 3:
        player.call(MOUNT, version, 0)
        player.call(MOUNT, version, 1, text(path))
        player.call(MOUNT, version, 1, text("/not/exported"))
        player.call(MOUNT, version, 2)
        player.call(MOUNT, version, 5)
        player.call(MOUNT, version, 6)
        player.call(MOUNT, version, 7, text(path))
        player.call(MOUNT, version, 3, text(path))
        player.call(MOUNT, version, 4)
        player.call(MOUNT, version, 99)
    player.call(MOUNT, 9, 0)
    return handle_of(player.call(MOUNT, 3, 1, text(path)))


def handle_of(reply):
    reply.expect("MNT", 0)
    return reply.opaque()


def nfs3(player, root):
    def call(procedure, *arguments):
        return player.call(NFS, 3, procedure, b"".join(arguments))

    def made(reply):
        reply.expect("CREATE", 0, 1)
        return reply.opaque()

    at = opaque(root)
    call(0)
    call(14, at, text("v3"), at, text("v3.was"))  # what an earlier run has left
    folder = made(call(9, at, text("v3"), ANY_MODE))
    inside = opaque(folder)
    call(9, at, text("v3"), ANY_MODE)
    file = opaque(made(call(8, inside, text("file"), u32(0), ANY_MODE)))
    call(8, inside, text("file"), u32(1), ANY_MODE)
    call(8, inside, text("exclusive"), u32(2), u64(1))
    call(1, file)
    call(1, opaque(bytes(20)))
    call(2, file, u32(1, 0o640, 1, 7, 1, 8, 1), u64(3), u32(2, 5, 6, 1), u32(0))
    call(2, file, NO_CHANGE, u32(1, 1, 2))  # with a guard
    call(3, inside, text("file"))
    call(3, inside, text("missing"))
    call(4, inside, u32(0x3F))
    link = call(10, inside, text("symlink"), NO_CHANGE, text("a/b/c"))
    call(5, opaque(made(link)))
    call(5, file)
    call(7, file, u64(0), u32(5, 2), text("hello"))
    call(7, file, u64(5), u32(5, 0), text("there"))
    call(7, inside, u64(0), u32(1, 2), text("x"))
    call(6, file, u64(0), u32(100))
    call(6, inside, u64(0), u32(100))
    call(21, file, u64(0), u32(0))
    call(21, inside, u64(0), u32(0))
    call(11, inside, text("fifo"), u32(7), NO_CHANGE)
    call(11, inside, text("socket"), u32(6), NO_CHANGE)
    call(11, inside, text("char"), u32(4), NO_CHANGE, u32(1, 3))
    call(11, inside, text("block"), u32(3), NO_CHANGE, u32(1, 3))
    call(11, inside, text("regular"), u32(1))
    call(15, file, inside, text("second"))
    call(15, inside, inside, text("never"))
    call(16, inside, u64(0, 0), u32(4096))
    call(16, file, u64(0, 0), u32(4096))
    call(17, inside, u64(0, 0), u32(4096, 16384))
    call(17, inside, u64(77, 77), u32(4096, 16384))
    call(17, file, u64(0, 0), u32(4096, 16384))
    for procedure in 18, 19, 20:
        call(procedure, at)
        call(procedure, opaque(bytes(20)))
    call(14, inside, text("second"), inside, text("third"))
    call(14, inside, text("missing"), at, text("never"))
    call(12, inside, text("third"))
    call(12, inside, text("missing"))
    call(13, inside, text("missing"))
    call(9, inside, text("empty"), ANY_MODE)
    call(13, inside, text("empty"))
    call(99)
    acl3(player, folder, file)
    for name in "file", "exclusive", "symlink", "fifo", "socket", "char", "block":
        call(12, inside, text(name))
    call(13, at, text("v3"))
    return folder


def acl3(player, folder, file):
    """Type, id and permissions of each entry."""
    least = u32(1, 0, 7, 4, 0, 5, 32, 0, 5)
    more = u32(1, 0, 7, 2, 55, 5, 4, 0, 5, 16, 0, 7, 32, 0, 5)
    defaults = u32(0x1001, 0, 7, 0x1004, 0, 5, 0x1020, 0, 5)
    player.call(ACL, 3, 0)
    player.call(ACL, 3, 1, opaque(folder) + u32(15))
    player.call(ACL, 3, 1, opaque(bytes(20)) + u32(15))
    player.call(ACL, 3, 2, file + u32(3, 3, 3) + least + u32(0, 0))
    player.call(ACL, 3, 2, opaque(folder) + u32(15, 5, 5) + more + u32(3, 3) + defaults)
    player.call(ACL, 3, 1, opaque(folder) + u32(15))
    player.call(ACL, 3, 2, opaque(bytes(20)) + u32(3, 3, 3) + least + u32(0, 0))


def nfs2(player):
    """No server here has it any more: the calls are what is recorded, and PROG_MISMATCH."""
    name, unchanged = text("name"), b"\xff" * 32
    for procedure, arguments in enumerate([
        b"", NOBODY, NOBODY + unchanged, b"", NOBODY + name, NOBODY, NOBODY + u32(0, 100, 0), b"",
        NOBODY + u32(0, 0, 0) + text("data"), NOBODY + name + unchanged, NOBODY + name, NOBODY + name + NOBODY + name,
        NOBODY + NOBODY + name, NOBODY + name + text("to/where") + unchanged, NOBODY + name + unchanged,
        NOBODY + name, NOBODY + u32(0, 4096), NOBODY]):
        player.call(NFS, 2, procedure, arguments)
    for procedure, arguments in enumerate([
        b"", NOBODY + u32(15), NOBODY + u32(3, 1, 1, 1, 0, 7, 0, 0), NOBODY, NOBODY + u32(63)]):
        player.call(ACL, 2, procedure, arguments)


def nlm(player, handle):
    """Locks as a client without statd has them; the ..._MSG and ..._RES are answered by nobody on this connection."""
    cookie, name, lock_owner = text("cook"), text("recorder"), text("owner-1")

    def lock(holder=lock_owner, offset=0, length=10):
        return name + opaque(handle) + holder + u32(77) + u64(offset, length)

    def call(procedure, *arguments):
        return player.call(NLM, 4, procedure, b"".join(arguments))

    share = name + opaque(handle) + text("owner-2") + u32(0, 1)
    call(0)
    call(22, cookie, u32(0, 1), lock(), u32(0, 1))
    call(1, cookie, u32(1), lock(text("owner-3")))
    call(1, cookie, u32(1), lock())
    call(2, cookie, u32(0, 1), lock(offset=20), u32(0, 1))
    call(3, cookie, u32(0, 1), lock(offset=20))
    call(20, cookie, share, u32(0))
    call(21, cookie, share, u32(0))
    call(4, cookie, lock())
    call(4, cookie, lock(offset=20))
    call(5, cookie, u32(1), lock())
    for procedure, arguments in [
        (6, cookie + u32(1) + lock()), (7, cookie + u32(0, 1) + lock() + u32(0, 1)),
        (8, cookie + u32(0, 1) + lock()), (9, cookie + lock()), (10, cookie + u32(1) + lock()),
        (11, cookie + u32(1, 1, 77) + text("owner-4") + u64(0, 10)), (11, cookie + u32(0)), (12, cookie + u32(0)),
        (13, cookie + u32(0)), (14, cookie + u32(0)), (15, cookie + u32(0)), (16, name + u32(3) + bytes(16)),
        (23, name + u32(1))]:
        player.unanswered(NLM, 4, procedure, arguments)


def portmap(player):
    mapping = u32(400100, 1, 6, 4242)
    address = u32(400100, 1) + text("tcp") + text("0.0.0.0.16.146") + text("recorder")
    taddr = u32(16) + opaque(b"\x02\x00\x08\x01\x7f\x00\x00\x01" + bytes(8))
    for procedure, arguments in [
        (0, b""), (1, mapping), (3, mapping), (3, u32(NFS, 3, 6, 0)), (2, mapping), (4, b"")]:
        player.call(PORTMAP, 2, procedure, arguments)
    player.unanswered(PORTMAP, 2, 5, u32(NFS, 3, 0) + text("args"))
    for version in 3, 4:
        nfs = u32(NFS, 3) + text("tcp") + text("") + text("")
        for procedure, arguments in [
            (0, b""), (1, address), (3, nfs), (2, address), (4, b""), (6, b""), (7, text("127.0.0.1.8.1")), (8, taddr)]:
            player.call(PORTMAP, version, procedure, arguments)
        player.unanswered(PORTMAP, version, 5, u32(NFS, 3, 0) + text("args"))
    player.call(PORTMAP, 4, 9, u32(NFS, 3) + text("tcp") + text("") + text(""))
    player.call(PORTMAP, 4, 11, u32(NFS, 3) + text("tcp") + text("") + text(""))
    player.call(PORTMAP, 4, 12)
    player.unanswered(PORTMAP, 4, 10, u32(NFS, 3, 0) + text("args"))
