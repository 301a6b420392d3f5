package org.nfsproxy.backend.nfs;

import java.util.function.Consumer;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Builds and reads the NFSv4.0 COMPOUNDs of questions (RFC 7530 section 16.2). They hold no state
 * and need no client id.
 *
 * <pre>
 *  call:   tag, minor version, count, { operation, arguments }
 *  reply:  status, tag, count, { operation, status, results }    up to the first that failed
 * </pre>
 */
final class Compound {
  private static final int NFS_VERSION = 4;
  private static final int COMPOUND = 1;
  private static final int MINOR_VERSION = 0;

  /** A server repeats the tag, which is empty here; some put a text of their own. */
  private static final int TAG_BYTES_MAX = 1024;

  private Compound() {}

  /** A COMPOUND of these operations, whose results are read one after the other. */
  static <T> Question<T> of(
      int operations, Consumer<XdrWriter> arguments, Question.Results<T> results) {
    return new Question<>(
        Programs.NFS,
        NFS_VERSION,
        COMPOUND,
        out -> arguments.accept(out.string("").int32(MINOR_VERSION).int32(operations)),
        in -> {
          begin(in);
          return results.read(in);
        });
  }

  /** A COMPOUND without operations; its answer is the status, whatever it is. */
  static Question<Integer> empty(int minorVersion) {
    return new Question<>(
        Programs.NFS,
        NFS_VERSION,
        COMPOUND,
        out -> out.string("").int32(minorVersion).int32(0),
        XdrReader::int32);
  }

  private static void begin(XdrReader in) throws NfsStatusException {
    int status = in.int32();
    if (status != 0) {
      throw new NfsStatusException(status);
    }
    in.skipOpaque(TAG_BYTES_MAX);
    in.int32();
  }

  /** Reads the beginning of an operation's results: its number and status. */
  static void expect(XdrReader in, Nfs4 operation) throws NfsStatusException {
    int number = in.int32();
    if (number != operation.number()) {
      throw new XdrException("results of operation " + number + " for " + operation);
    }
    int status = in.int32();
    if (status != 0) {
      throw new NfsStatusException(status);
    }
  }

  static XdrWriter putFh(XdrWriter out, Filehandle handle) {
    return out.int32(Nfs4.PUTFH.number()).opaque(handle.bytes());
  }
}
