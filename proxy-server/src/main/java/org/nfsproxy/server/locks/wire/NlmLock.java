package org.nfsproxy.server.locks.wire;

import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The structure nlm4_lock, RFC 1813 section 6.1.4, or nlm4_holder where only an owner and a range
 * stand.
 *
 * <pre>
 *  +----+-------------+----+--------+----+----+------+--------+--------+
 *  |len | caller_name |len | handle |len | oh | svid | offset | length |
 *  +----+-------------+----+--------+----+----+------+--------+--------+
 * </pre>
 *
 * @param caller caller_name, at most 1024 bytes
 * @param owner oh, at most 1024 bytes
 * @param svid the process, as the client numbers them
 * @param offset the range's first byte, unsigned
 * @param length unsigned; 0 is to the end
 */
public record NlmLock(
    byte[] caller, Filehandle handle, byte[] owner, int svid, long offset, long length) {
  /** LM_MAXSTRLEN and MAXNETOBJ_SZ. */
  public static final int BYTES_MAX = 1024;

  /**
   * Reads it.
   *
   * @param in at its first byte
   * @throws XdrException if it is garbage
   */
  public static NlmLock read(XdrReader in) {
    NlmLock of = readOwner(in);
    return new NlmLock(of.caller, of.handle, of.owner, in.int32(), in.int64(), in.int64());
  }

  /**
   * Reads the head of it, which is all that a share has: no process, and the whole file.
   *
   * @param in at its first byte
   * @throws XdrException if it is garbage
   */
  static NlmLock readOwner(XdrReader in) {
    byte[] caller = in.opaque(BYTES_MAX);
    Filehandle handle = Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
    return new NlmLock(caller, handle, in.opaque(BYTES_MAX), 0, 0, 0);
  }

  /**
   * Writes it.
   *
   * @param out where to
   */
  public void write(XdrWriter out) {
    writeOwner(out);
    out.int32(svid).int64(offset).int64(length);
  }

  void writeOwner(XdrWriter out) {
    out.opaque(caller).opaque(handle.bytes()).opaque(owner);
  }

  /** The same of another owner. */
  public NlmLock of(byte[] newCaller, byte[] newOwner, int newSvid) {
    return new NlmLock(newCaller, handle, newOwner, newSvid, offset, length);
  }

  /** The same of another range. */
  public NlmLock at(LockedRange range) {
    return new NlmLock(caller, handle, owner, svid, range.offset(), range.length());
  }

  /**
   * Its range.
   *
   * @param isExclusive what is said beside it
   */
  public LockedRange range(boolean isExclusive) {
    return new LockedRange(isExclusive, offset, length);
  }
}
