package org.nfsproxy.server.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.AttributeWalk;
import org.nfsproxy.nfs.CompoundOperation;
import org.nfsproxy.nfs.CompoundReplyWalk;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Lookup;
import org.nfsproxy.nfs.Nfs3;
import org.nfsproxy.nfs.OperationsFound;
import org.nfsproxy.nfs.Part;
import org.nfsproxy.nfs.Parts;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.policy.Credential;

/**
 * The readers of backend-spi, each as one that says all it has found. Indices count from the
 * input's first byte.
 */
final class WalkReaders {
  private static final int OPERATIONS_MAX = 64;
  private static final int RECORD_BYTES_MAX = 64 * 1024;

  /** Without the leak detector, which would look at each access. */
  private static final ByteBufAllocator PLAIN = new UnpooledByteBufAllocator(false, true);

  private WalkReaders() {}

  /** Header, credential, arguments of a call from a client. */
  static Object call(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    Call call = new Call();
    found.add(call.read(input, input.readerIndex(), input.writerIndex()));
    if (call.form() != Call.Form.CALL) {
      return found;
    }
    found.add(new Credential().read(call, input));
    if (Programs.find(call.program(), call.version(), call.procedure())
        instanceof Lookup.Found row) {
      arguments(row.procedure(), call, input, found);
    }
    return found;
  }

  private static void arguments(Procedure row, Call call, ByteBuf input, List<Object> found) {
    ArgumentsWalk walk = new ArgumentsWalk();
    found.add(row.label());
    found.add(walk.walk(row, input, call.argumentsAt(), call.end()));
    for (int i = 0; i < walk.handles(); i++) {
      found.add(inside(input, walk.handleAt(i), walk.handleLength(i)));
    }
    for (int i = 0; i < walk.names(); i++) {
      found.add(inside(input, walk.nameAt(i), walk.nameLength(i)));
    }
    if (row.isCompound()) {
      compound(CompoundWalk.ofCalls(), input, call.argumentsAt(), found);
    }
  }

  /** Arguments of CB_COMPOUND, in a call from an origin. */
  static Object callback(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    Call call = new Call();
    found.add(call.read(input, input.readerIndex(), input.writerIndex()));
    if (call.form() == Call.Form.CALL) {
      compound(CompoundWalk.ofCallbacks(), input, call.argumentsAt(), found);
    }
    return found;
  }

  private static <O extends CompoundOperation> void compound(
      CompoundWalk<O> walk, ByteBuf input, int at, List<Object> found) {
    found.add(walk.walk(input, at, input.writerIndex(), OPERATIONS_MAX));
    operations(walk, input, found);
    for (int i = 0; i < walk.count(); i++) {
      found.add(walk.writes(i));
      if (walk.handleLength(i) > 0) {
        found.add(inside(input, walk.handleAt(i), walk.handleLength(i)));
      }
      if (walk.nameLength(i) > 0) {
        found.add(inside(input, walk.nameAt(i), walk.nameLength(i)));
      }
    }
  }

  // Operations stand side by side: what is copied piece by piece is what was there.
  private static void operations(OperationsFound<?> walk, ByteBuf input, List<Object> found) {
    int at = walk.countAt() + 4;
    for (int i = 0; i < walk.count(); i++) {
      if (walk.at(i) != at || walk.end(i) < at + 4) {
        throw new AssertionError("operation " + i + " at " + walk.at(i) + ", not " + at);
      }
      found.add(inside(input, at, walk.end(i) - at));
      at = walk.end(i);
    }
    parts(walk.parts(), input, found);
  }

  private static void parts(Parts parts, ByteBuf input, List<Object> found) {
    AttributeWalk attributes = new AttributeWalk();
    for (int i = 0; i < parts.count(); i++) {
      found.add(parts.part(i));
      found.add(inside(input, parts.at(i), parts.length(i)));
      if (parts.part(i) == Part.FATTR4) {
        found.add(attributes.walk(input, parts.at(i), parts.at(i) + parts.length(i)));
        parts(attributes.parts(), input, found);
      }
    }
  }

  /** Results of COMPOUND. */
  static Object compoundReply(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    Reply reply = new Reply();
    found.add(reply.read(input, input.readerIndex(), input.writerIndex()));
    if (found.get(0) == Reply.Form.RESULTS) {
      CompoundReplyWalk walk = new CompoundReplyWalk();
      found.add(walk.walk(input, reply.resultsAt(), reply.end(), OPERATIONS_MAX));
      operations(walk, input, found);
    }
    return found;
  }

  /** Results of every procedure of NFSv3, whichever they are. */
  static Object reply3(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    Reply reply = new Reply();
    found.add(reply.read(input, input.readerIndex(), input.writerIndex()));
    if (found.get(0) == Reply.Form.RESULTS) {
      for (Nfs3 row : Nfs3.values()) {
        ReplyWalk walk = new ReplyWalk();
        found.add(walk.walk(row, input, reply.resultsAt(), reply.end()));
        parts(walk.parts(), input, found);
      }
    }
    return found;
  }

  private static Object inside(ByteBuf input, int at, int length) {
    if (length < 0 || at < input.readerIndex() || at + length > input.writerIndex()) {
      throw new AssertionError(length + " bytes at " + at + " are not in the record");
    }
    return (at - input.readerIndex()) + ":" + ByteBufUtil.hexDump(input, at, length);
  }

  /** Records of a stream, which must be the same however it is cut. */
  static Object records(ByteBuf input) {
    Object whole = records(input, input.readableBytes());
    for (int piece : new int[] {1, 3, 4, 7, 64}) {
      if (!records(input, Math.max(1, piece)).equals(whole)) {
        throw new AssertionError("in pieces of " + piece + ": " + records(input, piece));
      }
    }
    return whole;
  }

  private static Object records(ByteBuf input, int piece) {
    List<Object> found = new ArrayList<>();
    RecordReader reader =
        new RecordReader(
            PLAIN,
            RECORD_BYTES_MAX,
            record -> {
              found.add(ByteBufUtil.hexDump(ByteBufUtil.getBytes(record)));
              record.release();
            });
    try {
      for (int at = input.readerIndex(); at < input.writerIndex(); at += piece) {
        reader.read(input.retainedSlice(at, Math.min(piece, input.writerIndex() - at)));
      }
      found.add(reader.isMidRecord());
      found.add(reader.bytesHeld());
    } catch (RecordException tooLong) {
      found.add(tooLong.getMessage());
    } finally {
      reader.close();
    }
    return found;
  }
}
