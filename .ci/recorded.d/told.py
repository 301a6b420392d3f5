"""What tshark says of RPC records: where operations, filehandles, names, entries and attributes are. Not run,
imported."""
import os
import subprocess
import tempfile
import xml.etree.ElementTree

from packets import HEADER_BYTES, capture

# NFSv4 says what a field holds by another name each time.
NAMES = {"nfs.name", "nfs.entry_name", "nfs.pathname.component", "nfs.readdir.entry3.name",
         "nfs.readdirplus.entry.name", "nfs.readdir.entry.name", "mount.path", "mount.dump.directory",
         "mount.export.directory"}
ENTRIES = {"nfs.readdir.entry", "mount.dump.entry", "mount.export.entry"}
OPERATIONS = {"nfs.opcode", "nfs.cb.operation"}
PROGRAMS = {100000: "portmap", 100003: "nfs", 100005: "mount", 100021: "nlm", 100227: "nfsacl"}


def number(field):
    return int(field.get("show"), 0)


# As RFC 8881 writes them.
RENAMED = {"GETDEVINFO": "GETDEVICEINFO", "GETDEVLIST": "GETDEVICELIST", "WANT_DELEG": "WANT_DELEGATION"}
UNREAD = {"CB_NOTIFY", "CB_PUSH_DELEG"}  # whose arguments tshark 4.0 leaves as they are
CLAIM_DELEG_CUR_FH = 5  # whose stateid tshark 4.0 does not read


class Packet:
    def __init__(self, element):
        self.fields, self.in_attributes, self.in_layouts = [], set(), set()
        self.collect(element, False, False)

    def collect(self, element, in_attribute, in_layout):
        for field in element:
            if field.get("hide") != "yes":
                self.fields.append(field)
                if in_attribute:
                    self.in_attributes.add(field)
                if in_layout:
                    self.in_layouts.add(field)
                is_layout = field.get("name") in OPERATIONS and ": LAYOUT" in field.get("showname")
                self.collect(field, in_attribute or field.get("name") == "nfs.attr", in_layout or is_layout)

    def first(self, *names):
        return next((number(each) for each in self.fields if each.get("name") in names), None)

    def size(self, field):
        return int(field.get("size") or 0)

    def at(self, field):
        return int(field.get("pos")) - HEADER_BYTES

    def told(self):
        """One record of the list that tests read."""
        kind = "reply" if self.first("rpc.msgtyp") else "call"
        told = {"xid": self.first("rpc.xid"), "kind": kind, "program": self.first("rpc.program"),
                "version": self.first("rpc.programversion"), "procedure": self.first("rpc.procedure")}
        if kind == "reply":
            told["denied"] = self.first("rpc.replystat")
            told["accepted"] = self.first("rpc.state_accept")
        minor = self.first("nfs.minorversion")
        if minor is not None:
            told["minor"] = minor
        status = self.status()
        if status is not None:
            told["status"] = status
        lists = {"operations": self.operations(kind == "reply"), "handles": self.handles(), "names": self.names(),
                 "entries": self.entries(), "attributes": self.attributes(), "fattr3": self.attributes3()}
        until = self.until()
        if until is not None:
            told["until"] = until
            lists = {name: [each for each in found if (each[0] if isinstance(each, list) else each) < until]
                     for name, found in lists.items()}
        told.update({name: found for name, found in lists.items() if found})
        return told

    def until(self):
        """Where tshark loses its way, if it does: what it says up to there holds."""
        operations = [each for each in self.fields if each.get("name") in OPERATIONS and self.size(each)]
        for before, operation in zip(operations, operations[1:]):
            claims = [number(each) for each in before if each.get("name") == "nfs.open.claim_type"]
            if CLAIM_DELEG_CUR_FH in claims:
                return self.at(operation)
        for operation in operations:
            if any(each in operation.get("showname") for each in UNREAD):
                return self.at(operation) + 4
        if any("malformed" in (each.get("name") or "") for each in self.fields):
            return self.at(operations[-1]) if operations else 0
        return None

    def status(self):
        """The procedure's; of a COMPOUND its own."""
        return self.first("nfs.nfsstat4", "nfs.status3", "nfs.status2", "mount.status")

    def operations(self, with_status):
        """Where, number, name and, in a reply, status."""
        found = []
        for field in self.fields:
            if field.get("name") in OPERATIONS and self.size(field):
                statuses = [number(each) for each in field if each.get("name") == "nfs.nfsstat4"]
                name = field.get("showname").split(": ", 1)[1].rsplit(" (", 1)[0]
                found.append([self.at(field), number(field), RENAMED.get(name, name), *statuses[:with_status]])
        return found

    def handles(self):
        """But those that a layout's own body has in it, which are another server's."""
        return [[self.at(each), self.size(each)] for each in self.fields
                if each.get("name") == "nfs.fhandle" and self.size(each) and each not in self.in_layouts]

    def names(self):
        return [[self.at(each), self.size(each)] for each in self.fields
                if each.get("name") in NAMES and self.size(each) and not self.is_entry(each)
                and each not in self.in_attributes]

    @staticmethod
    def is_entry(field):
        return field.get("name") in ENTRIES or (field.get("showname") or "").startswith("Entry: ")

    def entries(self):
        return [[self.at(each), self.size(each)] for each in self.fields if self.is_entry(each) and self.size(each)]

    def attributes(self):
        """Number, where and how long, of those with values; bitmaps alone have none."""
        return [[number(each), self.at(each), self.size(each)] for each in self.fields
                if each.get("name") == "nfs.attr" and self.size(each)]

    def attributes3(self):
        return [self.at(each) for each in self.fields if each.get("name") in ("nfs.fattr3.type", "nfs.fattr.type")]


def packets(records):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "records.pcap")
        capture(path, records)
        said = subprocess.run(["tshark", "-n", "-r", path, "-T", "pdml", "-d", "udp.port==2049,rpc"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return [Packet(each) for each in xml.etree.ElementTree.fromstring(said.stdout).iter("packet")]


def told(records):
    return [each.told() for each in packets(records)]
