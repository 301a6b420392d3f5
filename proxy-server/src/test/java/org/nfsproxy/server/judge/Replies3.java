package org.nfsproxy.server.judge;

import static org.nfsproxy.server.judge.JudgedCalls.words;

import java.util.function.Consumer;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Replies of an origin in NFSv3, as records. */
final class Replies3 {
  static final int FILE = 1;
  static final int DIRECTORY = 2;
  static final Consumer<XdrWriter> ABSENT = words(0);

  private Replies3() {}

  /** A fattr3 of RFC 1813. */
  static Consumer<XdrWriter> fattr3(int type, long fsid) {
    return words(type, 0755, 1, 0, 0)
        .andThen(out -> out.int64(1).int64(1).int64(0).int64(fsid).int64(42))
        .andThen(out -> out.int64(0).int64(0).int64(0));
  }

  static Consumer<XdrWriter> present(Consumer<XdrWriter> optional) {
    return words(1).andThen(optional);
  }

  /** An entry of READDIRPLUS. */
  static Consumer<XdrWriter> entry(
      String name, Consumer<XdrWriter> attributes, Consumer<XdrWriter> handle) {
    return words(1)
        .andThen(out -> out.int64(7).string(name).int64(8))
        .andThen(attributes)
        .andThen(handle);
  }

  @SafeVarargs
  static byte[] reply(int status, Consumer<XdrWriter>... results) {
    Consumer<XdrWriter> all = words(status);
    for (Consumer<XdrWriter> each : results) {
      all = all.andThen(each);
    }
    return Wire.reply(JudgedCalls.XID, Wire.xdr(all));
  }
}
