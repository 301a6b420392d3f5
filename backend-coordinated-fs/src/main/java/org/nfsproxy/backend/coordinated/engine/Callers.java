package org.nfsproxy.backend.coordinated.engine;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Who calls, by the credential: AUTH_SYS and AUTH_NONE, RFC 5531 section 8.2 and appendix A. */
final class Callers {
  private static final int MACHINE_BYTES_MAX = 255;
  private static final int GIDS_MAX = 16;

  private Callers() {}

  /** Empty if nobody here knows the flavor, or the credential is not what its flavor says. */
  static Optional<UserIds> read(Call call, ByteBuf record) {
    return switch (call.flavor()) {
      case AuthFlavor.AUTH_NONE -> Optional.of(UserIds.ANONYMOUS);
      case AuthFlavor.AUTH_SYS -> sys(call, record);
      default -> Optional.empty();
    };
  }

  private static Optional<UserIds> sys(Call call, ByteBuf record) {
    int end = call.credentialAt() + call.credentialLength();
    try {
      XdrReader in = new XdrReader().reset(record, call.credentialAt(), end);
      in.int32();
      in.skipOpaque(MACHINE_BYTES_MAX);
      int uid = in.int32();
      int gid = in.int32();
      int[] gids = new int[in.count(GIDS_MAX)];
      for (int at = 0; at < gids.length; at++) {
        gids[at] = in.int32();
      }
      return in.remaining() == 0 ? Optional.of(new UserIds(uid, gid, gids)) : Optional.empty();
    } catch (XdrException garbage) {
      return Optional.empty();
    }
  }
}
