package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.nfsproxy.xdr.XdrWriter;

/** A credential for calls of our own, RFC 5531 section 8.2. */
public final class CallCredential {
  /** No authentication. */
  public static final CallCredential NONE = new CallCredential(AuthFlavor.AUTH_NONE, new byte[0]);

  /** Most supplementary groups of AUTH_SYS, RFC 5531 appendix A. */
  public static final int SYS_GIDS_MAX = 16;

  private final int flavor;
  private final byte[] body;

  private CallCredential(int flavor, byte[] body) {
    if (body.length > AuthFlavor.BODY_BYTES_MAX) {
      throw new IllegalArgumentException("credential of " + body.length + " bytes");
    }
    this.flavor = flavor;
    this.body = body;
  }

  /**
   * AUTH_SYS, RFC 5531 appendix A.
   *
   * @param machine the caller's host name
   * @param uid the caller
   * @param gid its group
   * @param gids its further groups, at most {@link #SYS_GIDS_MAX}
   * @return the credential
   */
  public static CallCredential sys(String machine, int uid, int gid, int... gids) {
    if (gids.length > SYS_GIDS_MAX) {
      throw new IllegalArgumentException(gids.length + " groups, above " + SYS_GIDS_MAX);
    }
    ByteBuf body = Unpooled.buffer();
    XdrWriter out = new XdrWriter(body).int32(0).string(machine).int32(uid).int32(gid);
    out.int32(gids.length);
    for (int further : gids) {
      out.int32(further);
    }
    return new CallCredential(AuthFlavor.AUTH_SYS, ByteBufUtil.getBytes(body));
  }

  /**
   * A credential of any flavor.
   *
   * @param flavor see {@link AuthFlavor}
   * @param body at most {@link AuthFlavor#BODY_BYTES_MAX} bytes
   * @return the credential
   */
  public static CallCredential of(int flavor, byte[] body) {
    return new CallCredential(flavor, body.clone());
  }

  /**
   * Writes flavor and body.
   *
   * @param out where to
   */
  public void write(XdrWriter out) {
    out.int32(flavor).opaque(body);
  }
}
