package org.nfsproxy.server.locks.wire;

import java.nio.charset.StandardCharsets;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * That a host has restarted: the arguments of NSM's NOTIFY, and of NLM's FREE_ALL.
 *
 * @param name what the host calls itself
 * @param state its state, odd while it is up
 */
public record StateNotice(String name, int state) {
  /** LM_MAXNAMELEN, the longer one of both. */
  private static final int NAME_BYTES_MAX = 1025;

  /**
   * Reads it. Names are bytes: each becomes one character.
   *
   * @param in at the first byte
   * @throws XdrException if it is garbage
   */
  public static StateNotice read(XdrReader in) {
    byte[] name = in.opaque(NAME_BYTES_MAX);
    return new StateNotice(new String(name, StandardCharsets.ISO_8859_1), in.int32());
  }

  /**
   * Writes it.
   *
   * @param out where to
   */
  public void write(XdrWriter out) {
    out.opaque(name.getBytes(StandardCharsets.ISO_8859_1)).int32(state);
  }
}
