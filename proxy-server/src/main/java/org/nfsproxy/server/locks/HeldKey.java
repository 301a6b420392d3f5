package org.nfsproxy.server.locks;

import java.nio.charset.StandardCharsets;
import org.nfsproxy.nfs.Filehandle;

/**
 * One owner's locks of one file, or its share of it.
 *
 * @param isShare whether it is what a SHARE made; then nothing but the row is in svid
 * @param svid as the origin knows it
 * @param owner the client's oh, each byte as one character
 */
record HeldKey(boolean isShare, int svid, String owner, Filehandle handle) {
  static HeldKey of(int svid, byte[] owner, Filehandle handle) {
    return new HeldKey(false, svid, new String(owner, StandardCharsets.ISO_8859_1), handle);
  }

  static HeldKey ofShare(int row, byte[] owner, Filehandle handle) {
    String text = new String(owner, StandardCharsets.ISO_8859_1);
    return new HeldKey(true, OwnerRows.svid(row, 0), text, handle);
  }

  int row() {
    return OwnerRows.rowOf(svid);
  }

  byte[] ownerBytes() {
    return owner.getBytes(StandardCharsets.ISO_8859_1);
  }
}
