"""NFSv3: across the border of T, by names and by pairs of handles, and what a listing or an answer tells."""
from callers import Caller
from operations import EVIL, text, u64
from table import ALL, FORBIDDEN, READS, SECRETS, V3, Row
from wire import MOUNT, opaque, u32

(GETATTR, SETATTR, LOOKUP, ACCESS, READLINK, READ, WRITE, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR, RENAME,
 LINK, READDIR, READDIRPLUS, FSSTAT, FSINFO, PATHCONF, COMMIT) = range(1, 22)
NO_ATTRIBUTES = u32(0, 0, 0, 0, 0, 0)
WRITING = u64(0) + u32(len(EVIL), 2) + opaque(EVIL)


def handle_of(reply):
    """The handle behind an OK, or None."""
    return reply.opaque() if reply.u32() == 0 else None


def look(s, directory, *names, caller=None):
    """Through the proxy, name by name; None where one is refused."""
    for name in names:
        if directory is None:
            return None
        reply = (caller or s.three).call(100003, 3, LOOKUP, opaque(directory) + text(name))
        directory = handle_of(reply)
        s.log.append(f"LOOKUP {name} -> {directory.hex() if directory else 'refused'}")
    return directory


def deed(s, directory, caller=None):
    """All that may be done to a directory, in T or not."""
    if directory is None:
        return
    here = opaque(directory)
    for procedure, arguments in (
        (MKDIR, here + text("evil") + NO_ATTRIBUTES),
        (CREATE, here + text("evil2") + u32(0) + NO_ATTRIBUTES),
    ):
        s.status3(procedure, arguments, caller=caller)
    mine = look(s, directory, "mine", caller=caller)
    if mine:
        s.status3(READ, opaque(mine), u64(0), u32(4096), caller=caller)
        s.status3(WRITE, opaque(mine), WRITING, caller=caller)


def across(procedure, *parts):
    def play(s):
        s.status3(procedure, *(opaque(getattr(s, part[1:])) if part.startswith("@") else text(part) for part in parts))
    return play


def calls(procedure, where, *arguments):
    def play(s):
        s.status3(procedure, opaque(getattr(s, where)), *arguments)
    return play


def walk(start, *names):
    return lambda s: deed(s, look(s, getattr(s, start), *names))


def listed(s):
    """What READDIRPLUS of P gives as T's handle, if it does."""
    reply = s.three.call(100003, 3, READDIRPLUS, opaque(s.P) + u64(0) + bytes(8) + u32(8192, 32768))
    if reply.u32():
        return
    reply.u32() and reply.bytes(84)
    reply.bytes(8)
    while reply.u32():
        reply.bytes(8)
        name = reply.opaque()
        reply.bytes(8)
        reply.u32() and reply.bytes(84)
        handle = reply.opaque() if reply.u32() else None
        if name == b"xfs" and handle:
            deed(s, handle)


def web(path, program=100003):
    """WebNFS, RFC 2054: LOOKUP of a path in the public filehandle, which has no bytes."""
    return lambda s: deed(s, handle_of(s.three.call(program, 3, LOOKUP, opaque(b"") + text(path))))


def many(count):
    """Behind so many handles that nobody asked about yet."""
    def play(s):
        files = [s.tree.fresh(s.T, f"fresh{n}") for n in range(count)]
        caller = s.caller()
        for n, file in enumerate(files):
            caller.socket.sendall(caller.message(1000 + n, 3, WRITE, opaque(file) + WRITING))
        for _ in files:
            caller.record()
    return play


ROWS = [
    Row("SETATTR", V3, ALL, play=calls(SETATTR, "file", u32(1, 0o4711, 0, 0, 0, 0, 0, 0))),
    Row("SETATTR with a guard", V3, ALL, play=calls(SETATTR, "file", u32(1, 0o4711, 0, 0, 0, 0, 0, 1), u64(0)),
        harmless=True),
    Row("SETATTR size", V3, ALL, play=calls(SETATTR, "file", u32(0, 0, 0, 1), u64(0), u32(0, 0, 0))),
    Row("WRITE", V3, ALL, play=calls(WRITE, "file", WRITING)),
    Row("READ", V3, SECRETS, play=calls(READ, "mine", u64(0), u32(4096))),
    Row("MKDIR", V3, ALL, play=calls(MKDIR, "T", text("evil"), NO_ATTRIBUTES)),
    Row("MKDIR cut short", V3, ALL, play=across(MKDIR, "@T", "evil"), harmless=True),
    Row("CREATE unchecked", V3, ALL, play=calls(CREATE, "T", text("evil"), u32(0), NO_ATTRIBUTES)),
    Row("CREATE exclusive", V3, ALL, play=calls(CREATE, "T", text("evil"), u32(2), u64(7))),
    Row("SYMLINK", V3, ALL, play=calls(SYMLINK, "T", text("evil"), NO_ATTRIBUTES, text("/etc/passwd"))),
    Row("MKNOD", V3, ALL, play=calls(MKNOD, "T", text("evil"), u32(7), NO_ATTRIBUTES)),
    Row("REMOVE", V3, ALL, play=across(REMOVE, "@T", "file")),
    Row("RMDIR", V3, ALL, play=across(RMDIR, "@folder", "inner")),
    Row("RENAME within", V3, ALL, play=across(RENAME, "@T", "file", "@T", "evil")),
    Row("RENAME into", V3, ALL, play=across(RENAME, "@O", "file", "@T", "file"), harmless=True),
    Row("RENAME out", V3, ALL, play=across(RENAME, "@T", "file", "@O", "file"), harmless=True),
    Row("LINK within", V3, FORBIDDEN, play=across(LINK, "@file", "@T", "evil")),
    Row("LINK into", V3, FORBIDDEN, play=across(LINK, "@ofile", "@T", "evil"), harmless=True),
    Row("LINK out", V3, FORBIDDEN, play=across(LINK, "@file", "@O", "evil"), harmless=True),
    Row("LINK, T and U", V3, FORBIDDEN, play=across(LINK, "@file", "@U", "evil"), harmless=True),
    Row("RENAME, T and U", V3, ALL, play=across(RENAME, "@T", "file", "@U", "evil"), harmless=True),
    Row("LOOKUP from P", V3, ALL, play=walk("P", "xfs")),
    Row("LOOKUP from P, deep", V3, ALL, play=walk("P", "deep", "ext4"), harmless=True),
    Row("LOOKUP of .", V3, ALL, play=walk("P", ".", "xfs", ".")),
    Row("LOOKUP of .. in O", V3, ALL, play=walk("O", "..", "..", "xfs"), harmless=True),
    Row("LOOKUP of .. in T's folder", V3, ALL, play=walk("folder", "..")),
    Row("LOOKUP of .. in T's root", V3, ALL, play=walk("T", "..", "xfs"), harmless=True),
    Row("LOOKUP of two names", V3, ALL, play=walk("P", "xfs/folder"), harmless=True),
    Row("LOOKUP with a NUL", V3, ALL, play=walk("P", "xfs\0"), harmless=True),
    Row("WebNFS path", V3, ALL, play=web("/export/xfs"), harmless=True),
    Row("WebNFS path without a slash", V3, ALL, play=web("export/xfs"), harmless=True),
    Row("WebNFS native path", V3, ALL, play=web(b"\x80/export/xfs"), harmless=True),
    Row("handle without bytes", V3, ALL, play=lambda s: deed(s, b""), harmless=True),
    Row("handle of 64 bytes, T's padded", V3, ALL, play=lambda s: deed(s, s.T + bytes(64 - len(s.T))), harmless=True),
    Row("handle cut short", V3, ALL, play=lambda s: deed(s, s.T[:-4]), harmless=True),
    Row("handle of T with O's inode", V3, ALL, play=lambda s: deed(s, s.T[:16] + s.O[16:]), harmless=True),
    Row("handle of O with T's inode", V3, ALL, play=lambda s: deed(s, s.O[:16] + s.T[16:]), harmless=True),
    Row("READDIRPLUS of P, T's handle", V3, ALL, play=listed, shows=True, harmless=True),
    Row("many unknown handles", V3, ALL, play=many(20)),
    Row("hidden: LOOKUP tells", V3, ("hidden",), play=lambda s: look(s, s.P, "xfs")),
    Row("hidden: GETATTR tells", V3, ("hidden",), play=calls(GETATTR, "T")),
    Row("hidden: FSSTAT tells", V3, ("hidden",), play=calls(FSSTAT, "T")),
    Row("hidden: FSINFO tells", V3, ("hidden",), play=calls(FSINFO, "T")),
    Row("hidden: ACCESS tells", V3, ("hidden",), play=calls(ACCESS, "T", u32(0x3F))),
    Row("hidden: READDIRPLUS of T tells", V3, ("hidden",), play=calls(READDIRPLUS, "T", u64(0), bytes(8), u32(8192, 32768))),
    Row("READDIRPLUS, LOOKUP and READ in T", V3, READS, play=lambda s: deed(s, s.T)),
]
