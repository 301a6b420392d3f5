package org.nfsproxy.server.containment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is put behind the names by which clients and servers know each other, so that those seen
 * through the proxy are others than those seen without it: a name that is the same on every
 * instance of one proxy.
 *
 * <pre>
 *  Linux NFSv4.2 host      becomes  Linux NFSv4.2 host/via:nfs-proxy
 *  a name of 1,020 bytes   becomes  its first bytes#its digest/via:nfs-proxy, 1,024 in all
 * </pre>
 */
// A name always gets its mark: one that has no room for it is shortened and told from others by its
// digest. So there is no exchange that could only be marked by half, the client's name but not the
// server's, and what happens to a call decides nothing about its reply that has to be looked up.
// The same bytes always become the same bytes, on every instance, which a retry relies on.
public final class IdentitySuffix {
  /** NFS4_OPAQUE_LIMIT, RFC 7530 section 2.2 and RFC 8881 section 3.2. */
  static final int NAME_BYTES_MAX = 1024;

  private final byte[] suffix;

  /** The suffix of a proxy. */
  public IdentitySuffix(String name) {
    suffix = ("/via:" + name).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Marks a name.
   *
   * @param name any bytes, of any length
   * @return the marked name, at most {@link #NAME_BYTES_MAX} bytes
   */
  byte[] on(byte[] name) {
    if (name.length + suffix.length <= NAME_BYTES_MAX) {
      return joined(name, name.length, new byte[0]);
    }
    byte[] digest = ("#" + digest(name)).getBytes(StandardCharsets.US_ASCII);
    return joined(name, NAME_BYTES_MAX - digest.length - suffix.length, digest);
  }

  private byte[] joined(byte[] name, int kept, byte[] digest) {
    byte[] marked = new byte[kept + digest.length + suffix.length];
    System.arraycopy(name, 0, marked, 0, kept);
    System.arraycopy(digest, 0, marked, kept, digest.length);
    System.arraycopy(suffix, 0, marked, kept + digest.length, suffix.length);
    return marked;
  }

  private static String digest(byte[] name) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
