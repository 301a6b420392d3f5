"""ONC RPC, NFSv3, MOUNT and NFSv4 COMPOUNDs on a TCP connection, as far as the checks in this folder
need them: RFC 5531, 1813, 7530, 8881. Standard library only. Not run, imported."""
import os
import socket
import struct

NFS, MOUNT = 100003, 100005
PUTROOTFH, LOOKUP, GETFH = 24, 15, 10
SETCLIENTID, SETCLIENTID_CONFIRM = 35, 36
EXCHANGE_ID, CREATE_SESSION, DESTROY_SESSION, DESTROY_CLIENTID, SEQUENCE = 42, 43, 44, 57, 53


def u32(*values):
    return struct.pack(f">{len(values)}I", *values)


def opaque(value):
    return u32(len(value)) + value + bytes(-len(value) % 4)


class Reply:
    def __init__(self, record):
        self.record, self.at = record, 0

    def u32(self):
        self.at += 4
        return struct.unpack_from(">I", self.record, self.at - 4)[0]

    def bytes(self, length):
        self.at += length
        return self.record[self.at - length : self.at]

    def opaque(self):
        length = self.u32()
        value = self.bytes(length)
        self.bytes(-length % 4)
        return value

    def expect(self, what, *words):
        found = tuple(self.u32() for _ in words)
        if found != words:
            raise OSError(f"{what}: expected {words}, found {found}")


class Connection:
    """Calls of a user whose uid and gid are the same, under AUTH_SYS."""

    def __init__(self, host, port, user=0, source=None):
        self.socket = socket.create_connection((host, port), 20, source and (source, 0))
        self.xid = 1
        body = u32(0) + opaque(b"checks") + u32(user, user, 0)
        self.credential = u32(1) + opaque(body) + u32(0, 0)

    def call(self, program, version, procedure, arguments):
        """The reply, at its results."""
        self.xid += 1
        call = u32(self.xid, 0, 2, program, version, procedure) + self.credential + arguments
        self.socket.sendall(u32(1 << 31 | len(call)) + call)
        record, last = b"", False
        while not last:
            (mark,) = struct.unpack(">I", self.read(4))
            record, last = record + self.read(mark & 0x7FFFFFFF), mark >> 31
        reply = Reply(record)
        reply.expect("RPC reply", self.xid, 1, 0)
        reply.u32(), reply.opaque()
        reply.expect("RPC accept status", 0)
        return reply

    def read(self, length):
        value = b""
        while len(value) < length:
            chunk = self.socket.recv(length - len(value))
            if not chunk:
                raise ConnectionError("closed by the server")
            value += chunk
        return value

    def mnt(self, path):
        reply = self.call(MOUNT, 3, 1, opaque(path.encode()))
        reply.expect(f"MNT {path}", 0)
        return reply.opaque()

    def lookup(self, directory, name):
        reply = self.call(NFS, 3, 3, opaque(directory) + opaque(name.encode()))
        reply.expect(f"LOOKUP {name}", 0)
        return reply.opaque()

    def compound(self, minor, *operations):
        arguments = opaque(b"") + u32(minor, len(operations)) + b"".join(operations)
        reply = self.call(NFS, 4, 1, arguments)
        reply.expect("COMPOUND", 0)
        reply.opaque(), reply.u32()
        return reply

    def clientid(self):
        """One of v4.0, confirmed."""
        client = os.urandom(8) + opaque(b"checks" + os.urandom(8).hex().encode())
        callback = u32(0) + opaque(b"tcp") + opaque(b"0.0.0.0.0.0") + u32(0)
        reply = self.compound(0, u32(SETCLIENTID) + client + callback)
        reply.expect("SETCLIENTID", SETCLIENTID, 0)
        clientid, verifier = reply.bytes(8), reply.bytes(8)
        self.compound(0, u32(SETCLIENTID_CONFIRM) + clientid + verifier)
        return clientid


class Session:
    """A v4.1 or v4.2 session, of one slot unless it is said."""

    def __init__(self, connection, minor, operations=16, size=65536, flags=0, slots=1):
        self.connection, self.minor, self.sequences = connection, minor, [0] * slots
        owner = os.urandom(8) + opaque(b"checks" + os.urandom(8).hex().encode())
        reply = connection.compound(minor, u32(EXCHANGE_ID) + owner + u32(0, 0, 0))
        reply.expect("EXCHANGE_ID", EXCHANGE_ID, 0)
        self.client = reply.bytes(8)
        channel = u32(0, size, size, 4096, operations, slots, 0)
        create = u32(CREATE_SESSION) + self.client + u32(reply.u32(), flags) + channel + channel
        reply = connection.compound(minor, create + u32(0x40000000, 1, 0))
        reply.expect("CREATE_SESSION", CREATE_SESSION, 0)
        self.id = reply.bytes(16)

    def sequence_operation(self, cache=False, slot=0):
        """The next one in a slot."""
        self.sequences[slot] += 1
        return u32(SEQUENCE) + self.id + u32(self.sequences[slot], slot, len(self.sequences) - 1, cache)

    def compound(self, *operations):
        return self.compound_on(self.connection, *operations)

    def compound_on(self, connection, *operations):
        reply = connection.compound(self.minor, self.sequence_operation(), *operations)
        reply.expect("SEQUENCE", SEQUENCE, 0)
        reply.bytes(36)
        return reply

    def end(self):
        self.connection.compound(self.minor, u32(DESTROY_SESSION) + self.id)
        self.connection.compound(self.minor, u32(DESTROY_CLIENTID) + self.client)


def handle_of(compound, path):
    """By PUTROOTFH, LOOKUP of each name, GETFH; `compound` is a session's, or one of v4.0."""
    names = [name.encode() for name in path.split("/") if name]
    operations = [u32(LOOKUP) + opaque(name) for name in names]
    reply = compound(u32(PUTROOTFH), *operations, u32(GETFH))
    for operation in [PUTROOTFH] + [LOOKUP] * len(names) + [GETFH]:
        reply.expect(f"{path}, operation {operation}", operation, 0)
    return reply.opaque()
