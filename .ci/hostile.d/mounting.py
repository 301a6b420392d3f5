"""MNT by other spellings and versions: the handle that comes back is judged, whatever the path was."""
from operations import text
from table import ALL, V3, Row
from version3 import deed
from wire import MOUNT, Connection, opaque, u32

PATHS = ("/export/xfs", "/export/xfs/", "/export//xfs", "//export/xfs", "/export/./xfs", "/./export/xfs/.",
         "/export/btrfs/../xfs", "/export/xfs/../xfs", "/export/xfs/folder", "/export/xfs/folder/..",
         "/export/../export/xfs", "export/xfs", "/export/xfs\0", "/export/xfs\0/", "/export/XFS",
         "/export/xfs/ID", "/export/deep/ext4/../../xfs", "/export/deep/../xfs", "/export/xfs//", " /export/xfs")
HARMLESS = ("export/xfs", "/export/xfs\0", "/export/xfs\0/", "/export/XFS", "/export/xfs/ID", " /export/xfs",
            "/export/xfs/folder")
FHANDLE_BYTES = 32


def mount(version, path):
    """(status, handle, flavors)"""

    def ask(s):
        host, port = s.servers[0][0], s.mount_ports[0]
        caller = s.caller_at((host, port))
        reply = caller.call(MOUNT, version, 1, text(path))
        status = reply.u32()
        s.log.append(f"MNT version {version} {path!r} -> {status}")
        if status:
            return status, None, ()
        if version < 3:
            return status, reply.bytes(FHANDLE_BYTES), ()
        return status, reply.opaque(), [reply.u32() for _ in range(reply.u32())]

    return ask


def mounted(version, path):
    return lambda s: deed(s, mount(version, path)(s)[1])


def shorter(version, path):
    """The handle of 32 bytes without its zeros, which an NFSv3 client could call with."""

    def play(s):
        handle = mount(version, path)(s)[1]
        if handle:
            deed(s, handle.rstrip(b"\0") + bytes(-len(handle.rstrip(b"\0")) % 4))
            deed(s, handle[: len(s.T)])
    return play


def flavors(path):
    """Those that are refused are not offered."""

    def play(s):
        status, _, offered = mount(3, path)(s)
        if status == 0 and any(each in (0, 1) for each in offered):
            return f"MNT {path} offers the flavors {offered}"
    return play


def listing(procedure):
    def play(s):
        caller = s.caller_at((s.servers[0][0], s.mount_ports[0]))
        record = caller.call(MOUNT, 3, procedure, b"").record
        if b"/export/xfs" in record or b"/export/deep/ext4" in record:
            return "a hidden path is listed"
    return play


ROWS = [
    *(Row(f"MNT version 3 of {path!r}", V3, ALL, play=mounted(3, path), harmless=path in HARMLESS) for path in PATHS),
    *(Row(f"MNT version {version} of {path!r}", V3, ALL, play=shorter(version, path), harmless=True)
      for version in (1, 2) for path in PATHS[:12]),
    *(Row(f"flavors of {path!r}", V3, ("security",), play=flavors(path)) for path in PATHS[:8]),
    Row("EXPORT", V3, ("hidden",), play=listing(5), harmless=True),
    Row("DUMP", V3, ("hidden",), play=listing(2), harmless=True),
]
