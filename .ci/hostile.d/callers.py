"""Those who call the proxy: connections that keep every byte they were told, and COMPOUNDs of one minor version.
Not run, imported."""
import os
import struct

from wire import NFS, Connection, Reply, Session, opaque, u32

OK, PERM, NOENT, IO, ACCES, EXIST, ROFS, STALE = 0, 1, 2, 5, 13, 17, 30, 70
DELAY, NOT_SAME, ILLEGAL = 10008, 10027, 10044
NAMES = {0: "OK", 1: "PERM", 2: "NOENT", 5: "IO", 13: "ACCES", 17: "EXIST", 18: "XDEV", 20: "NOTDIR",
         21: "ISDIR", 22: "INVAL", 30: "ROFS", 66: "NOTEMPTY", 70: "STALE", 10001: "BADHANDLE",
         10004: "NOTSUPP", 10006: "SERVERFAULT", 10008: "DELAY", 10013: "GRACE", 10016: "WRONGSEC",
         10018: "RESOURCE", 10020: "NOFILEHANDLE", 10021: "MINOR_VERS_MISMATCH", 10025: "BAD_STATEID",
         10026: "BAD_SEQID", 10027: "NOT_SAME", 10029: "SYMLINK", 10033: "NO_GRACE", 10036: "BADXDR",
         10038: "OPENMODE", 10044: "ILLEGAL", 10052: "BADSESSION", 10063: "SEQ_MISORDERED",
         10070: "TOO_MANY_OPS", 10083: "RETRY_UNCACHED_REP"}


def said(status):
    return NAMES.get(status, str(status))


def machine_credential(user, machine=b"checks", groups=()):
    body = u32(0) + opaque(machine) + u32(user, user, len(groups), *groups)
    return u32(1) + opaque(body) + u32(0, 0)


class Caller(Connection):
    """A connection that keeps what it hears."""

    def __init__(self, address, user):
        super().__init__(*address, user)
        self.socket.settimeout(20)
        self.heard = bytearray()

    def read(self, length):
        value = super().read(length)
        self.heard += value
        return value

    def record(self):
        """The next one, whoever it is for."""
        record, last = b"", False
        while not last:
            (mark,) = struct.unpack(">I", self.read(4))
            record, last = record + self.read(mark & 0x7FFFFFFF), mark >> 31
        return record

    def message(self, xid, version, procedure, arguments, program=NFS):
        """A call with its record mark."""
        call = u32(xid, 0, 2, program, version, procedure) + self.credential + arguments
        return u32(1 << 31 | len(call)) + call

    def status3(self, procedure, arguments):
        return self.call(NFS, 3, procedure, arguments).u32()

    def close(self):
        self.socket.close()


class Answer:
    """A COMPOUND's: its status, how many results, and the bytes of the results."""

    def __init__(self, status, count=0, results=b"", record=b""):
        self.status, self.count, self.results, self.record = status, count, results, record

    def __str__(self):
        return f"{said(self.status)} after {self.count} results"


def answer(reply):
    status = reply.u32()
    reply.opaque()
    return Answer(status, reply.u32(), reply.record[reply.at :], reply.record)


def compound(minor, operations, tag=b""):
    return opaque(tag) + u32(minor, len(operations)) + b"".join(operations)


class Compounds:
    """COMPOUNDs of one minor version; of NFSv4.1 on in a session."""

    def __init__(self, address, minor, user, **channel):
        self.connection, self.minor = Caller(address, user), minor
        self.session = Session(self.connection, minor, **channel) if minor else None
        if self.session:
            self.clientid = self.session.client
            self.run([u32(58, 0)])  # RECLAIM_COMPLETE
        else:
            self.clientid = self.connection.clientid()

    def encoded(self, operations, tag=b""):
        first = [self.session.sequence_operation()] if self.session else []
        return compound(self.minor, [*first, *operations], tag)

    def run(self, operations, tag=b""):
        found = answer(self.connection.call(NFS, 4, 1, self.encoded(operations, tag)))
        if self.session:
            if found.count == 1 and found.status:
                raise OSError(f"SEQUENCE: {said(found.status)}")
            found.count -= 1
        return found

    def close(self):
        """The origin forgets the client too, unless it has files open: it takes so many and no more."""
        try:
            self.connection.socket.settimeout(2)
            if self.session:
                self.session.end()
        except OSError:
            pass
        self.connection.close()
