package org.nfsproxy.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.function.Consumer;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.xdr.XdrWriter;

/** Records of calls as clients send them, in pooled direct memory as sockets give them. */
public enum BenchmarkCalls {
  /** GETATTR of NFSv3. */
  GETATTR_3(3, 1, (handle, out) -> out.opaque(handle)),
  /** LOOKUP of NFSv3. */
  LOOKUP_3(3, 3, (handle, out) -> out.opaque(handle).string("some-file")),
  /** READ of 4 KiB of NFSv3. */
  READ_3(3, 6, (handle, out) -> out.opaque(handle).int64(4096).int32(4096)),
  /** WRITE of 4 KiB of NFSv3. */
  WRITE_3(
      3,
      7,
      (handle, out) -> out.opaque(handle).int64(4096).int32(4096).int32(0).opaque(new byte[4096])),
  /** SEQUENCE, PUTFH, GETATTR of NFSv4.1. */
  GETATTR_41(
      4,
      1,
      (handle, out) -> {
        begin(out, 3);
        out.int32(22).opaque(handle).int32(9).int32(2).int32(0x0010_011a).int32(0x00b0_a23a);
      }),
  /** SEQUENCE, PUTFH, LOOKUP, GETFH, GETATTR of NFSv4.1. */
  LOOKUP_41(
      4,
      1,
      (handle, out) -> {
        begin(out, 5);
        out.int32(22).opaque(handle).int32(15).string("some-file").int32(10);
        out.int32(9).int32(2).int32(0x0010_011a).int32(0x00b0_a23a);
      }),
  /** SEQUENCE, PUTFH, READ of NFSv4.1. */
  READ_41(
      4,
      1,
      (handle, out) -> {
        begin(out, 3);
        out.int32(22).opaque(handle).int32(25).fixed(new byte[16]).int64(4096).int32(4096);
      }),
  /** SEQUENCE, PUTFH, WRITE of 1 MiB, GETATTR of NFSv4.1. */
  WRITE_1M_41(
      4,
      1,
      (handle, out) -> {
        begin(out, 4);
        out.int32(22).opaque(handle).int32(38).fixed(new byte[16]).int64(0).int32(0);
        out.opaque(new byte[1 << 20]).int32(9).int32(2).int32(0x18).int32(0x0030_0000);
      });

  private interface Arguments {
    void write(byte[] handle, XdrWriter out);
  }

  private final int version;
  private final int procedure;
  private final Arguments arguments;

  BenchmarkCalls(int version, int procedure, Arguments arguments) {
    this.version = version;
    this.procedure = procedure;
    this.arguments = arguments;
  }

  private static void begin(XdrWriter out, int operations) {
    out.string("").int32(1).int32(operations);
    out.int32(53).fixed(new byte[16]).int32(7).int32(3).int32(3).int32(0);
  }

  int version() {
    return version;
  }

  /**
   * A record.
   *
   * @param xid its xid
   * @param handle the filehandle it is about
   * @return the record, the caller's
   */
  ByteBuf record(int xid, byte[] handle) {
    return record(
        out -> {
          out.int32(xid).int32(0).int32(2).int32(100003).int32(version).int32(procedure);
          CallCredential.sys("client.example.com", 1000, 1000, 4, 24, 27).write(out);
          out.int32(0).int32(0);
          arguments.write(handle, out);
        });
  }

  private static ByteBuf record(Consumer<XdrWriter> message) {
    ByteBuf record = PooledByteBufAllocator.DEFAULT.directBuffer(512).writeInt(0);
    message.accept(new XdrWriter(record));
    int bytes = record.readableBytes() - RecordMarking.MARKER_BYTES;
    return record.setInt(0, RecordMarking.lastFragment(bytes));
  }
}
