package org.nfsproxy.backend.coordinated.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.Files.ReadEnd;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.xdr.XdrReader;

/** READ, WRITE, COMMIT: RFC 1813 sections 3.3.6, 3.3.7, 3.3.21. */
final class ContentProcedures {
  /** {@code post_op_attr}, count, eof and the length of the data. */
  private static final int READ_HEAD_BYTES = Results.POST_OP_BYTES + 12;

  private static final int PADDING_BYTES_MAX = 3;

  private final Files files;

  ContentProcedures(Files files) {
    this.files = files;
  }

  // The bytes go from the file straight into the reply, behind room that is left for the head: only
  // after the read are the file's attributes, the count and the end known.
  Execution read(UserIds caller, XdrReader in) {
    ObjectHandle file = Arguments.handle(in);
    long offset = in.int64();
    int count = (int) Math.min(in.uint32(), Nfs3Program.TRANSFER_BYTES_MAX);
    return ResultShapes.of(
            out -> {
              ByteBuf reply = out.buffer();
              int head = reply.writerIndex();
              int begin = head + READ_HEAD_BYTES;
              reply.ensureWritable(READ_HEAD_BYTES).writerIndex(begin);
              ReadEnd end = files.read(caller, file, offset, count, reply);
              int length = reply.writerIndex() - begin;
              reply.writeZero(-length & 3);
              Results.fill(
                  reply,
                  head,
                  () -> {
                    Results.postOp(out, Optional.of(end.attributes()));
                    out.int32(length).bool(end.end()).int32(length);
                  });
            },
            out -> Results.postOp(out, files, file))
        .withRoom(ResultShapes.STATUS_BYTES + READ_HEAD_BYTES + count + PADDING_BYTES_MAX);
  }

  Execution write(UserIds caller, XdrReader in) {
    ObjectHandle file = Arguments.handle(in);
    long offset = in.int64();
    int announced = in.int32();
    StableHow stable = Arguments.stableHow(in);
    ByteBuf all = Arguments.bytes(in, announced);
    int length = Math.min(announced, Nfs3Program.TRANSFER_BYTES_MAX);
    ByteBuf bytes = all.slice(all.readerIndex(), length);
    WccData wcc = new WccData();
    return ResultShapes.of(
        out -> {
          StableHow reached = files.write(caller, file, offset, bytes, stable, wcc);
          Results.wcc(out, wcc);
          out.int32(length).int32(reached.ordinal()).int64(files.writeVerifier());
        },
        out -> Results.wcc(out, wcc));
  }

  Execution commit(UserIds caller, XdrReader in) {
    ObjectHandle file = Arguments.handle(in);
    long offset = in.int64();
    int count = in.int32();
    WccData wcc = new WccData();
    return ResultShapes.of(
        out -> {
          files.commit(caller, file, offset, count, wcc);
          Results.wcc(out, wcc);
          out.int64(files.writeVerifier());
        },
        out -> Results.wcc(out, wcc));
  }
}
