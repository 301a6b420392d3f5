package org.nfsproxy.server.containment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/**
 * An NFSv4.1 origin that offers pNFS, names other servers as places of its filesystem, and has
 * moved another filesystem away. It reads the few operations that {@link IntroducedClient} sends.
 */
final class ReferringOrigin {
  static final int MDS = 0x2_0000;
  static final int MOVED = 10019;

  /** What clients called themselves, with the flags behind it. */
  final List<String> introduced = new CopyOnWriteArrayList<>();

  /** The numbers of all operations that came. */
  final List<Integer> operations = new CopyOnWriteArrayList<>();

  private final String major;
  private final boolean inCrumbs;

  ReferringOrigin(String major, boolean inCrumbs) {
    this.major = major;
    this.inCrumbs = inCrumbs;
  }

  void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      byte[] reply = Wire.replyMessage(Wire.word(call, 0), compound(arguments(call)));
      connection.send(inCrumbs ? Wire.crumbs(reply) : Wire.record(reply));
    }
  }

  /** Behind a header with any credential and verifier. */
  private static ByteBuffer arguments(byte[] call) {
    ByteBuffer in = ByteBuffer.wrap(call).position(24);
    for (int i = 0; i < 2; i++) {
      in.getInt();
      opaque(in);
    }
    return in;
  }

  private static byte[] opaque(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    in.position(in.position() + (-bytes.length & 3));
    return bytes;
  }

  private byte[] compound(ByteBuffer in) {
    opaque(in);
    in.getInt();
    int count = in.getInt();
    int status = 0;
    int results = 0;
    boolean isGone = false;
    Consumer<XdrWriter> all = out -> {};
    while (results < count && status == 0) {
      int operation = in.getInt();
      operations.add(operation);
      Consumer<XdrWriter> result = out -> {};
      switch (operation) {
        case 42 -> result = exchangeId(in);
        case 53 -> {
          byte[] session = new byte[16];
          in.get(session);
          int sequence = in.getInt();
          in.position(in.position() + 12);
          result = out -> out.fixed(session).int32(sequence).int32(0).int32(0).int32(0).int32(0);
        }
        case 24 -> isGone = false;
        case 15 -> isGone = new String(opaque(in), StandardCharsets.UTF_8).equals("gone");
        case 9 -> {
          int words = in.getInt();
          int asked = in.getInt();
          in.position(in.position() + 4 * (words - 1));
          boolean asksWhere = (asked & 1 << 24) != 0;
          status = isGone && !asksWhere ? MOVED : 0;
          result = status == MOVED ? result : attributes(asksWhere);
        }
        default -> throw new IllegalStateException("operation " + operation);
      }
      int ended = status;
      all = all.andThen(out -> out.int32(operation).int32(ended)).andThen(result);
      results++;
    }
    int last = status;
    int made = results;
    Consumer<XdrWriter> body = all;
    return Wire.xdr(
        out -> {
          out.int32(last).int32(0).int32(made);
          body.accept(out);
        });
  }

  private Consumer<XdrWriter> exchangeId(ByteBuffer in) {
    in.getLong();
    String owner = new String(opaque(in), StandardCharsets.UTF_8);
    introduced.add(owner + " " + Integer.toHexString(in.getInt()));
    in.getInt();
    in.getInt();
    return out -> {
      out.int64(0xc11e27).int32(1).int32(MDS | 3).int32(0);
      out.int64(1).string(major).string("scope").int32(0);
    };
  }

  private static Consumer<XdrWriter> attributes(boolean asksWhere) {
    Consumer<XdrWriter> type = out -> out.int32(2);
    Consumer<XdrWriter> where =
        out -> {
          out.int32(0).int32(2);
          out.int32(1).string("far.example.org").int32(1).string("x");
          out.int32(2).string("far.example.org").string("near.example.org").int32(1).string("x");
        };
    byte[] values = Wire.xdr(asksWhere ? type.andThen(where) : type);
    return out -> out.int32(1).int32(asksWhere ? 1 << 24 | 2 : 2).opaque(values);
  }
}
