package org.nfsproxy.server.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** READs as clients send them, and replies as origins send them. */
final class ReadCalls {
  static final int OK = 0;
  static final int XID = 7;

  /** Of all calls here, and how it stands in a tag. */
  static final long NONCE = 7;

  private static final byte[] NONCE_LETTERS = "haaaaaaaaaaa".getBytes(US_ASCII);

  private static final long EXPORT = 1L << 32;

  private static final int SEQUENCE = 53;
  private static final int PUTFH = 22;
  private static final int GETATTR = 9;
  private static final int READ4 = 25;

  /** A call on its way to the origin, and what will open its reply. */
  record Sent(ByteBuf record, ReplyOpener opener, int nfsVersion) {
    /** What it asks for. */
    int count() {
      int from = record.readerIndex();
      if (nfsVersion == 3) {
        return record.getInt(record.writerIndex() - 4);
      }
      CompoundWalk<Nfs4> walk = walk(record);
      int read = walk.isInSession() ? 2 : 1;
      assert from >= 0;
      return record.getInt(walk.end(read) - 4);
    }

    /** How many operations it has; 0 in NFSv3. */
    int operations() {
      return nfsVersion == 3 ? 0 : walk(record).count();
    }
  }

  private ReadCalls() {}

  private static int argumentsAt(ByteBuf record) {
    Call call = new Call();
    call.read(record, record.readerIndex() + RecordMarking.MARKER_BYTES, record.writerIndex());
    return call.argumentsAt();
  }

  static CompoundWalk<Nfs4> walk(ByteBuf record) {
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
    walk.walk(record, argumentsAt(record), record.writerIndex(), 100);
    return walk;
  }

  static byte[] handle(int file) {
    return ByteBuffer.allocate(32).putInt(file).array();
  }

  static byte[] read3(int file, long offset, int count) {
    return Wire.record(
        Wire.call(
            XID,
            Wire.NFS,
            3,
            Wire.READ,
            out -> out.opaque(handle(file)).int64(offset).int32(count)));
  }

  /** In a session unless {@code minor} is 0; with a GETATTR of the client's own behind it if so. */
  static byte[] read4(
      int file, long offset, int count, int minor, boolean cacheThis, boolean attributes) {
    int operations = 2 + (minor == 0 ? 0 : 1) + (attributes ? 1 : 0);
    return Wire.record(
        Wire.call(
            XID,
            Wire.NFS,
            4,
            1,
            out -> {
              out.opaque(new byte[0]).int32(minor).int32(operations);
              if (minor > 0) {
                out.int32(SEQUENCE).fixed(new byte[16]).int32(1).int32(0).int32(0);
                out.int32(cacheThis ? 1 : 0);
              }
              out.int32(PUTFH).opaque(handle(file));
              out.int32(READ4).fixed(new byte[16]).int64(offset).int32(count);
              if (attributes) {
                out.int32(GETATTR).int32(1).int32(2);
              }
            }));
  }

  /** What the judge does with a call that may be forwarded. */
  static Sent send(ReadCache cache, byte[] call, ReplyOpener next) {
    return send(reads(cache), call, Heard.NOTHING, next);
  }

  /** Through a cache, with the nonce that the replies of COMPOUNDs have here. */
  static CachedReads reads(ReadCache cache) {
    return new CachedReads(cache, new ReadsByExport(1), null, () -> NONCE);
  }

  /** What other instances are asked for before that; null for nothing. */
  static Future<Heard> ask(CachedReads reads, byte[] call) {
    ByteBuf record = Unpooled.wrappedBuffer(call);
    Call header = new Call();
    header.read(record, RecordMarking.MARKER_BYTES, record.writerIndex());
    if (header.version() != 3) {
      CompoundWalk<Nfs4> walk = walk(record);
      return reads.ask(walk, record, reads.find(walk, record));
    }
    ArgumentsWalk walk = new ArgumentsWalk();
    walk.walk(Nfs3.READ, record, header.argumentsAt(), record.writerIndex());
    return reads.ask(walk, record);
  }

  /** What the judge does with a call when they have answered. */
  static Sent send(CachedReads reads, byte[] call, Heard heard, ReplyOpener next) {
    ByteBuf record = Unpooled.directBuffer(call.length).writeBytes(call);
    Call header = new Call();
    header.read(record, RecordMarking.MARKER_BYTES, record.writerIndex());
    if (header.version() == 3) {
      ArgumentsWalk walk = new ArgumentsWalk();
      walk.walk(Nfs3.READ, record, header.argumentsAt(), record.writerIndex());
      return new Sent(record, reads.procedure(walk, record, EXPORT, heard, next), 3);
    }
    CompoundWalk<Nfs4> walk = walk(record);
    int read = reads.find(walk, record);
    if (read < 0) {
      return new Sent(record, next, 4);
    }
    ReplyOpener opener = reads.opener(walk, record, read, EXPORT, heard, next);
    return new Sent(CachedReads.asking(opener, record, walk), opener, 4);
  }

  static byte[] reply3(FileVersion version, boolean eof, byte[] data) {
    return Wire.reply(
        XID,
        Wire.xdr(
            out -> {
              out.int32(OK).int32(1);
              fattr3(out, version);
              out.int32(data.length).int32(eof ? 1 : 0).opaque(data);
            }));
  }

  private static void fattr3(XdrWriter out, FileVersion version) {
    out.int32(1).int32(0644).int32(1).int32(0).int32(0);
    out.int64(version.size()).int64(version.size()).int64(0);
    out.int64(version.fsidMajor()).int64(version.fileid()).int64(0);
    out.int32((int) version.modified()).int32(version.modifiedNanos());
    out.int32((int) version.changed()).int32(version.changedNanos());
  }

  /**
   * To a call with as many operations, the last one and the nonce the proxy's unless {@code
   * version} is null.
   */
  static byte[] reply4(
      int minor, boolean attributes, FileVersion version, boolean eof, byte[] data) {
    int operations = 2 + (minor == 0 ? 0 : 1) + (attributes ? 1 : 0) + (version == null ? 0 : 1);
    return Wire.reply(
        XID,
        Wire.xdr(
            out -> {
              out.int32(OK).opaque(version == null ? new byte[0] : NONCE_LETTERS).int32(operations);
              if (minor > 0) {
                out.int32(SEQUENCE).int32(OK).fixed(new byte[36]);
              }
              out.int32(PUTFH).int32(OK);
              out.int32(READ4).int32(OK).int32(eof ? 1 : 0).opaque(data);
              if (attributes) {
                out.int32(GETATTR).int32(OK).int32(1).int32(2).int32(4).int32(1);
              }
              if (version != null) {
                fattr4(out, version);
              }
            }));
  }

  private static void fattr4(XdrWriter out, FileVersion version) {
    out.int32(GETATTR).int32(OK).int32(2).int32(0x100118).int32(0x300000).int32(64);
    out.int64(version.change()).int64(version.size());
    out.int64(version.fsidMajor()).int64(version.fsidMinor()).int64(version.fileid());
    out.int64(version.changed()).int32(version.changedNanos());
    out.int64(version.modified()).int32(version.modifiedNanos());
  }

  /** What the client gets for a reply, on the event loop if that can be, else from a worker. */
  static byte[] open(ReplyOpener opener, byte[] reply) {
    return open(opener, Unpooled.directBuffer(reply.length).writeBytes(reply));
  }

  /** The same; the record is the opener's then. */
  static byte[] open(ReplyOpener opener, ByteBuf record) {
    ByteBuf opened;
    try {
      ByteBuf atOnce = record.readableBytes() > 1024 ? null : opener.openAtOnce(record);
      opened = atOnce == null ? opener.open(record) : atOnce;
    } catch (RuntimeException unreadable) {
      record.release();
      throw unreadable;
    }
    byte[] bytes = ByteBufUtil.getBytes(opened);
    opened.release();
    return bytes;
  }
}
