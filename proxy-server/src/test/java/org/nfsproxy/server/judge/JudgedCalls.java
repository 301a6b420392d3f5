package org.nfsproxy.server.judge;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Calls of a user under AUTH_SYS, as records. */
final class JudgedCalls {
  static final int XID = 0x7001;

  private static final int AUTH_SYS = 1;
  private static final int RPCSEC_GSS = 6;

  private JudgedCalls() {}

  static byte[] nfs3(int procedure, Consumer<XdrWriter> arguments) {
    return of(Wire.NFS, 3, procedure, arguments);
  }

  static byte[] mount(int procedure, Consumer<XdrWriter> arguments) {
    return of(Wire.MOUNT, 3, procedure, arguments);
  }

  static byte[] of(int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    return sys(program, version, procedure, arguments, 1000, 1000);
  }

  static byte[] sys(
      int program,
      int version,
      int procedure,
      Consumer<XdrWriter> arguments,
      int uid,
      int gid,
      int... gids) {
    byte[] credential = sysBody("client", uid, gid, gids);
    return Wire.record(
        Wire.call(XID, program, version, procedure, AUTH_SYS, credential, arguments));
  }

  /** The body of AUTH_SYS, RFC 5531 appendix A. */
  static byte[] sysBody(String machine, int uid, int gid, int... gids) {
    return Wire.xdr(
        out -> {
          out.int32(0).string(machine).int32(uid).int32(gid).int32(gids.length);
          for (int each : gids) {
            out.int32(each);
          }
        });
  }

  /** Under Kerberos; to make a context (1) or to use it (0), RFC 2203 section 5.2.2. */
  static byte[] gss(int procedure, int gssProcedure, Consumer<XdrWriter> arguments) {
    byte[] credential =
        Wire.xdr(out -> out.int32(1).int32(gssProcedure).int32(1).int32(1).opaque(new byte[4]));
    return Wire.record(Wire.call(XID, Wire.NFS, 3, procedure, RPCSEC_GSS, credential, arguments));
  }

  static Consumer<XdrWriter> handle(String path) {
    return out -> out.opaque(path.getBytes(StandardCharsets.UTF_8));
  }

  static Consumer<XdrWriter> name(String name) {
    return out -> out.string(name);
  }

  static Consumer<XdrWriter> words(int... words) {
    return out -> {
      for (int word : words) {
        out.int32(word);
      }
    };
  }

  /** A sattr3 that sets nothing. */
  static Consumer<XdrWriter> nothingSet() {
    return words(0, 0, 0, 0, 0, 0);
  }
}
