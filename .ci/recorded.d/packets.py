"""RPC records out of a capture, and into one. Not run, imported."""
import struct

TCP, UDP = 6, 17


def frames(path):
    """Time and IPv4 packet of each frame of a pcap file."""
    with open(path, "rb") as file:
        data = file.read()
    order = {0xA1B2C3D4: ("<", 1e6), 0xA1B23C4D: ("<", 1e9)}.get(struct.unpack_from("<I", data)[0])
    if not order:
        raise OSError(f"{path} is no pcap file of this machine's byte order")
    link = struct.unpack_from("<I", data, 20)[0]
    skip = {1: 14, 101: 0, 113: 16, 276: 20}[link]
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from("<IIII", data, at)
        at += 16
        packet = data[at + skip : at + length]
        at += length
        if packet and packet[0] >> 4 == 4:
            yield seconds + fraction / order[1], packet


def segments(path):
    """Time, flow, sequence number, whether it begins the flow, and payload of each TCP segment."""
    for time, packet in frames(path):
        header = (packet[0] & 15) * 4
        length = struct.unpack_from(">H", packet, 2)[0] or len(packet)
        if packet[9] != TCP:
            continue
        source, target, sequence, _, offset, flags = struct.unpack_from(">HHIIBB", packet, header)
        flow = (packet[12:16], source, packet[16:20], target)
        yield time, flow, sequence, bool(flags & 2), packet[header + (offset >> 4) * 4 : length]


def records(path):
    """Time, flow and bytes, without markers, of each RPC record, in the order of their ends."""
    streams, found = {}, []
    for time, flow, sequence, begins, payload in segments(path):
        if begins:
            streams[flow] = Stream(sequence + 1)
        if payload and flow in streams:
            found += [(time, flow, record) for record in streams[flow].take(sequence, payload)]
    return found


class Stream:
    """One direction of a connection, put in order and cut at its markers."""

    def __init__(self, first):
        self.next, self.early, self.bytes, self.record = first, {}, b"", b""

    def take(self, sequence, payload):
        self.early.setdefault(sequence, payload)
        while True:
            # what was sent again may begin before, and reach beyond, what is there
            fits = [s for s, p in self.early.items()
                    if (self.next - s) % 2**32 < 2**31 and (s + len(p) - self.next) % 2**32 - 1 < 2**31]
            if not fits:
                break
            piece = self.early.pop(fits[0])
            piece = piece[(self.next - fits[0]) % 2**32 :]
            self.bytes += piece
            self.next = (self.next + len(piece)) % 2**32
        while len(self.bytes) >= 4:
            mark = struct.unpack(">I", self.bytes[:4])[0]
            end = 4 + (mark & 0x7FFFFFFF)
            if len(self.bytes) < end:
                break
            self.record += self.bytes[4:end]
            self.bytes = self.bytes[end:]
            if mark >> 31:
                yield self.record
                self.record = b""


UDP_BYTES_MAX = 65507
HEADER_BYTES = 28  # of IPv4 and UDP, before each record in a capture made here


def is_call(record):
    return record[4:8] == bytes(4)


def capture(path, all_records):
    """Each record as one UDP datagram, so that a frame's offsets are those in the record."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for number, record in enumerate(all_records):
            ends = (b"\x0a\0\0\1", b"\x0a\0\0\2"), (1023, 2049)
            (source, target), ports = ends if is_call(record) else (end[::-1] for end in ends)
            udp = struct.pack(">HHHH", *ports, 8 + len(record), 0) + record
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, UDP, 0) + source + target
            file.write(struct.pack("<IIII", number, 0, len(ip + udp), len(ip + udp)) + ip + udp)
