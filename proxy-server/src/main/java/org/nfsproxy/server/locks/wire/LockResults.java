package org.nfsproxy.server.locks.wire;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What a {@link LockProcedure} came to: nlm4_res, or nlm4_testres where a holder may follow (RFC
 * 1813 section 6.1.3).
 *
 * @param status one of {@link NlmStatus}
 * @param holder of a TEST that was denied; else null
 */
public record LockResults(int status, @Nullable Holder holder) {
  /**
   * The structure nlm4_holder.
   *
   * @param exclusive as on the wire
   * @param offset as on the wire
   * @param length as on the wire
   */
  public record Holder(int exclusive, int svid, byte[] owner, long offset, long length) {
    private static Holder read(XdrReader in) {
      return new Holder(
          in.int32(), in.int32(), in.opaque(NlmLock.BYTES_MAX), in.int64(), in.int64());
    }

    private void write(XdrWriter out) {
      out.int32(exclusive).int32(svid).opaque(owner).int64(offset).int64(length);
    }
  }

  /**
   * Results without a holder.
   *
   * @param status one of {@link NlmStatus}
   */
  public static LockResults of(int status) {
    return new LockResults(status, null);
  }

  /**
   * Reads an origin's results.
   *
   * @throws XdrException if they are garbage
   */
  public static LockResults read(LockProcedure procedure, XdrReader in) {
    in.skipOpaque(NlmLock.BYTES_MAX);
    int status = in.int32();
    boolean hasHolder = isTest(procedure) && status == NlmStatus.DENIED;
    return new LockResults(status, hasHolder ? Holder.read(in) : null);
  }

  /**
   * Writes them for the client. A TEST that is denied must tell of a holder.
   *
   * @param out where to
   */
  public void write(XdrWriter out, byte[] cookie) {
    out.opaque(cookie).int32(status);
    if (holder != null) {
      holder.write(out);
    }
  }

  private static boolean isTest(LockProcedure procedure) {
    return procedure == LockProcedure.TEST || procedure == LockProcedure.TEST_MSG;
  }
}
