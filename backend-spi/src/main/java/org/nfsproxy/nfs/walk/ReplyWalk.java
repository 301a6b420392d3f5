package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.ServerAttributes;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Finds the filehandles and attributes in the results of a procedure of NFSv2, NFSv3, MOUNT or
 * NFS_ACL. One walk serves many replies and allocates nothing once it has met one of the usual
 * size; not for several threads at once.
 *
 * <pre>
 *  LOOKUP of NFSv3, RFC 1813 section 3.3.3:
 *  +--------+----+--------+---+-------------------+---+-------------------------+
 *  | status |len | handle | 1 | object attributes | 1 | directory attributes    |
 *  +--------+----+--------+---+-------------------+---+-------------------------+
 *                ^ HANDLE     ^ ATTRIBUTES            ^ FIRST_ATTRIBUTES
 * </pre>
 *
 * <p>Attributes are read by {@link ServerAttributes}. The results must be in the clear: those of a
 * call under RPCSEC_GSS are not.
 */
// Bytes behind the results are let pass, as clients do.
public final class ReplyWalk {
  private final XdrReader reader = new XdrReader();
  private final Parts parts = new Parts();
  private int status;

  /**
   * Walks over a procedure's results.
   *
   * @param procedure the row of the call they answer
   * @param buffer the record
   * @param resultsAt index of the results' first byte
   * @param end index behind the record's last byte
   * @return {@link Outcome#WHOLE} or {@link Outcome#GARBAGE}; with the latter nothing else holds
   */
  public Outcome walk(Procedure procedure, ByteBuf buffer, int resultsAt, int end) {
    parts.clear();
    status = NfsStatus.OK;
    try {
      reader.reset(buffer, resultsAt, end);
      if (procedure.onFailure().hasStatus() && !procedure.onFailure().repeatsCookie()) {
        status = reader.int32();
        reader.position(resultsAt);
      }
      procedure.results().pass(reader, parts.found());
      return Outcome.WHOLE;
    } catch (XdrException garbage) {
      parts.truncate(0);
      return Outcome.GARBAGE;
    }
  }

  /**
   * What the call came to.
   *
   * @return the status, as on the wire; 0 for procedures without one
   */
  public int status() {
    return status;
  }

  /**
   * What was found, in the order of the bytes.
   *
   * @return the parts
   */
  public Parts parts() {
    return parts;
  }

  /**
   * Where the results end.
   *
   * @return index behind their last byte; more may follow in the record
   */
  public int end() {
    return reader.position();
  }
}
