"""A connection that sends any call and takes any answer. Not run, imported."""
import itertools
import os
import struct

from wire import Connection, Reply, opaque, u32

NFS = 100003
CB_LAYOUTRECALL, NFS4ERR_NOMATCHING_LAYOUT = 5, 10060
XIDS = itertools.count(0x10000, 0x10000)  # no xid twice, which would be two calls or one in a recording
CALLBACK_XIDS = itertools.count(0x40000000, 0x10000)


def u64(*values):
    return struct.pack(f">{len(values)}Q", *values)


def text(value):
    return opaque(value if isinstance(value, bytes) else value.encode())


def operation(number, *arguments):
    return u32(number) + b"".join(arguments)


class Player:
    def __init__(self, host, port, xids=XIDS):
        self.host, self.port, self.xids = host, port, xids
        self.connect()

    def connect(self):
        self.connection = Connection(self.host, self.port)
        self.connection.xid = next(self.xids)

    def call(self, program, version, procedure, arguments=b""):
        """The reply at its results; None if there are none."""
        try:
            self.send(program, version, procedure, arguments)
            reply = self.receive()
            reply.expect("RPC reply", self.connection.xid, 1, 0)
            reply.u32(), reply.opaque()
            reply.expect("RPC accept status", 0)
            return reply
        except OSError as refused:
            if "expected" not in str(refused):
                self.connection.socket.close()
                self.connect()
            return None

    def unanswered(self, program, version, procedure, arguments=b""):
        """A call that has no reply, or a late one that nobody waits for."""
        try:
            self.send(program, version, procedure, arguments)
        except OSError:
            pass
        self.connection.socket.close()
        self.connect()

    def send(self, program, version, procedure, arguments):
        self.connection.xid += 1
        call = u32(self.connection.xid, 0, 2, program, version, procedure) + self.connection.credential
        self.mark(call + arguments)

    def mark(self, record):
        self.connection.socket.sendall(u32(1 << 31 | len(record)) + record)

    def receive(self):
        """The next record that is a reply; callbacks of a session are answered."""
        while True:
            record, last = b"", False
            while not last:
                (mark,) = struct.unpack(">I", self.connection.read(4))
                record, last = record + self.connection.read(mark & 0x7FFFFFFF), mark >> 31
            if record[4:8] != u32(0):
                return Reply(record)
            self.mark(record[:4] + u32(1, 0, 0, 0, 0) + callback_results(record))


class Results:
    """The results of a COMPOUND as far as a player looks: the last one, and the status."""

    def __init__(self, reply):
        self.status = reply.u32() if reply else -1
        self.record = reply.record if reply else b""

    def last(self, length):
        return self.record[len(self.record) - length :] if self.status == 0 else bytes(length)


class Compounds:
    """COMPOUNDs of one minor version; those of 4.1 on belong to a session."""

    def __init__(self, player, minor):
        self.player, self.minor = player, minor
        self.session, self.sequence = None, 0

    def bare(self, *operations):
        arguments = opaque(b"recorded") + u32(self.minor, len(operations)) + b"".join(operations)
        return Results(self.player.call(NFS, 4, 1, arguments))

    def send(self, *operations):
        if not self.session:
            return self.bare(*operations)
        self.sequence += 1
        return self.bare(operation(53, self.session, u32(self.sequence, 0, 0, 0)), *operations)

    def path(self, path):
        return [operation(24)] + [operation(15, text(name)) for name in path.split("/") if name]

    def handle(self, path):
        results = self.send(*self.path(path), operation(10))
        if results.status:
            raise OSError(f"no filehandle of {path}: {results.status}")
        return self.opaque_at_end(results.record)

    @staticmethod
    def opaque_at_end(record):
        for length in range(4, 132):
            at = len(record) - 4 - (length + 3) // 4 * 4
            if struct.unpack_from(">I", record, at)[0] == length and record[at - 8 : at] == u32(10, 0):
                return record[at + 4 : at + 4 + length]
        raise OSError("no filehandle at the reply's end")


def callback_results(record):
    """OK to CB_NULL, and to a CB_COMPOUND of CB_SEQUENCE and one more operation without results; no layout is ever
    held as far as the server is told."""
    call = Reply(record)
    call.bytes(20)
    if call.u32() == 0:
        return b""
    for _ in "credential", "verifier":
        call.u32(), call.opaque()
    tag, (_, _, count) = call.opaque(), (call.u32(), call.u32(), call.u32())
    call.u32()
    sequence, lists = call.bytes(32), call.u32()
    for _ in range(lists):
        call.bytes(16), call.bytes(8 * call.u32())
    done = u32(11, 0) + sequence[:24] + sequence[24:28] * 2
    status = 0
    if count > 1:
        number = call.u32()
        status = NFS4ERR_NOMATCHING_LAYOUT if number == CB_LAYOUTRECALL else 0
        done += u32(number, status)
    return u32(status) + opaque(tag) + u32(count) + done


def owner():
    return os.urandom(8).hex().encode()
