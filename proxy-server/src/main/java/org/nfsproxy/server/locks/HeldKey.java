package org.nfsproxy.server.locks;

import java.nio.charset.StandardCharsets;
import org.nfsproxy.nfs.Filehandle;

/**
 * One owner's locks of one file.
 *
 * @param svid as the origin knows it
 * @param owner the client's oh, each byte as one character
 */
record HeldKey(int svid, String owner, Filehandle handle) {
  static HeldKey of(int svid, byte[] owner, Filehandle handle) {
    return new HeldKey(svid, new String(owner, StandardCharsets.ISO_8859_1), handle);
  }

  int row() {
    return OwnerRows.rowOf(svid);
  }

  byte[] ownerBytes() {
    return owner.getBytes(StandardCharsets.ISO_8859_1);
  }
}
