package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Parts;

/**
 * Lets a client of NFSv4.1 or 4.2 have no delegation but for reading: what it wants is changed
 * where it stands, in the {@link Part#WANTED} of OPEN and WANT_DELEGATION.
 *
 * <pre>
 *  RFC 8881 section 18.16.1, RFC 9754 section 3:
 *  0x000003 READ, WRITE             0x010000 signal when one can be had
 *  0x00ff00 which delegation        0x020000 hand it out then
 *           NO_PREFERENCE 0x000     0x100000 with the file's times
 *           READ_DELEG    0x100     0x200000 instead of an open stateid
 *           WRITE_DELEG   0x200
 *           ANY_DELEG     0x300
 *           NO_DELEG      0x400
 *           CANCEL        0x500
 * </pre>
 */
// An OPEN that writes asks for NO_DELEG and for nothing that goes with a delegation: no signal and
// no later one (that would be INVAL), no times. It gets OPEN_DELEGATE_NONE_EXT with
// WND4_NOT_WANTED, which every client of these versions reads. An OPEN that only reads may have one
// for reading, with the time of access; only what asks for one to write becomes READ_DELEG.
//
// It depends on the call alone, and a call that was changed stays as it is: a retry, by way of any
// instance, is the same call.
public final class ReadDelegations {
  private static final int WRITE = 2;

  private static final int KIND = 0xff00;
  private static final int READ_DELEG = 0x100;
  private static final int WRITE_DELEG = 0x200;
  private static final int ANY_DELEG = 0x300;
  private static final int NO_DELEG = 0x400;

  /** What is wanted of a delegation and when: all that RFC 8881 and RFC 9754 have. */
  private static final int ALL_OF_IT = KIND | 0x01_0000 | 0x02_0000 | 0x10_0000 | 0x20_0000;

  private ReadDelegations() {}

  /**
   * Changes what a COMPOUND wants, in place.
   *
   * @param record where it is
   * @param walk what was found in it
   */
  public static void only(ByteBuf record, CompoundWalk<Nfs4> walk) {
    if (walk.minorVersion() == 0) {
      return; // which has no such bits, and where other ones are no XDR
    }
    Parts parts = walk.parts();
    int end = parts.count();
    for (int i = parts.find(Part.WANTED); i >= 0; i = parts.find(Part.WANTED, i + 1, end)) {
      int at = parts.at(i);
      record.setInt(at, onlyReading(record.getInt(at)));
    }
  }

  static int onlyReading(int wanted) {
    if ((wanted & WRITE) != 0) {
      return wanted & ~ALL_OF_IT | NO_DELEG;
    }
    int kind = wanted & KIND;
    return kind == WRITE_DELEG || kind == ANY_DELEG ? wanted & ~KIND | READ_DELEG : wanted;
  }
}
