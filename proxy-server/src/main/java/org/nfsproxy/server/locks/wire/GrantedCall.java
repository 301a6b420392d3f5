package org.nfsproxy.server.locks.wire;

import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The arguments of GRANTED and GRANTED_MSG, with which the origin tells that a wait is over (RFC
 * 1813 section 6.3.5).
 *
 * @param exclusive as it was asked for
 * @param lock whose, and of what
 */
public record GrantedCall(byte[] cookie, boolean exclusive, NlmLock lock) {
  /**
   * Reads it.
   *
   * @param in at the first byte
   * @throws XdrException if it is garbage
   */
  public static GrantedCall read(XdrReader in) {
    byte[] cookie = in.opaque(NlmLock.BYTES_MAX);
    boolean exclusive = in.int32() != 0;
    return new GrantedCall(cookie, exclusive, NlmLock.read(in));
  }

  /**
   * Writes it for the client.
   *
   * @param out where to
   * @param owned the lock under the client's own view of its owner
   */
  public void write(XdrWriter out, NlmLock owned) {
    out.opaque(cookie).bool(exclusive);
    owned.write(out);
  }
}
