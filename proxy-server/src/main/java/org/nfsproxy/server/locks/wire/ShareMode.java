package org.nfsproxy.server.locks.wire;

import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What an owner does with a file that it shares, and what nobody else may do meanwhile: fsh4_access
 * and fsh4_mode (X/Open XNFS, NLM_SHARE).
 *
 * <pre>
 *  0 nothing    1 reading    2 writing    3 both
 * </pre>
 *
 * @param access what the owner does
 * @param deny what others may not do
 */
public record ShareMode(int access, int deny) {
  private static final int WRITING = 2;
  private static final int BOTH = 3;

  /** Does nothing and denies nothing. */
  public static final ShareMode NOTHING = new ShareMode(0, 0);

  /**
   * Reads it: mode, then access.
   *
   * @throws XdrException if one of them is no value of its enumeration
   */
  static ShareMode read(XdrReader in) {
    int deny = in.count(BOTH);
    return new ShareMode(in.count(BOTH), deny);
  }

  void write(XdrWriter out) {
    out.int32(deny).int32(access);
  }

  /** Whether the owner writes. */
  public boolean writes() {
    return (access & WRITING) != 0;
  }

  /** Whether whoever has this has the other one too. */
  public boolean covers(ShareMode other) {
    return with(other).equals(this);
  }

  /** Both together. */
  public ShareMode with(ShareMode other) {
    return new ShareMode(access | other.access, deny | other.deny);
  }
}
