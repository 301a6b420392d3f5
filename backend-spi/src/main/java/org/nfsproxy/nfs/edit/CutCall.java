package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.walk.CompoundWalk;

/**
 * A COMPOUND of which an origin is given the first operations only, because the next one is
 * refused. {@link CompletedReply} makes the reply whole again.
 *
 * <pre>
 *  | marker | header | tag | minor | count | op 0 | op 1 | op 2 refused | op 3 |
 *  | marker'| header | tag | minor |   2   | op 0 | op 1 |
 * </pre>
 */
// Why a call is cut and not simply refused: from 4.1 on a slot must be consumed, and before an
// operation is refused those in front of it are to be executed (an OPEN before a WRITE, say), in
// every minor version. A retry is cut in the same place by any instance with the same rules, so the
// origin's slot cache knows it again.
public final class CutCall {
  private CutCall() {}

  /**
   * Cuts a call.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param walk what was found in it
   * @param operations how many to leave, at most {@code walk.count()}
   * @return the record, marker included; the caller's
   */
  public static ByteBuf cut(ByteBuf record, CompoundWalk<?> walk, int operations) {
    int countAt = walk.countAt();
    int end = operations == 0 ? countAt + 4 : walk.end(operations - 1);
    return new Splice(record).word(countAt, operations).cut(end, record.writerIndex() - end).end();
  }
}
