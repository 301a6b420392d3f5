package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The operations of an NFSv4 question (RFC 7530 section 16.2). They hold no state: in minor version
 * 0 they go as they are, and where the origin has none, behind a SEQUENCE of {@link OwnSession}.
 *
 * <pre>
 *  call:   tag, minor version, count, { operation, arguments }
 *  reply:  status, tag, count, { operation, status, results }    up to the first that failed
 * </pre>
 *
 * @param operations how many
 * @param arguments writes them
 * @param results reads their results one after the other, all having succeeded
 * @param as who asks; null for whoever asks on the proxy's account
 * @param <T> the answer
 */
record Compound<T>(
    int operations,
    Consumer<XdrWriter> arguments,
    Question.Results<T> results,
    @Nullable CallCredential as) {
  private static final int NFS_VERSION = 4;
  private static final int COMPOUND = 1;

  /** Session id; sequence id, slot, highest and target slot, flags: RFC 8881 section 18.46. */
  private static final int SEQUENCE_BYTES = 16 + 5 * 4;

  /** A server repeats the tag, which is empty here; some put a text of their own. */
  private static final int TAG_BYTES_MAX = 1024;

  Compound(int operations, Consumer<XdrWriter> arguments, Question.Results<T> results) {
    this(operations, arguments, results, null);
  }

  /** The same, asked by somebody. */
  Compound<T> as(@Nullable CallCredential who) {
    return new Compound<>(operations, arguments, results, who);
  }

  /** A question of these operations and no others. */
  Question<T> alone(int minorVersion) {
    return question(
        out -> arguments.accept(out.string("").int32(minorVersion).int32(operations)),
        in -> {
          succeed(begin(in));
          return results.read(in);
        });
  }

  /**
   * A question of these operations behind a SEQUENCE.
   *
   * @param minorVersion 1 or more
   * @param sequence writes the arguments of SEQUENCE
   */
  Question<Sequenced<T>> behind(int minorVersion, Consumer<XdrWriter> sequence) {
    return question(
        out -> {
          out.string("").int32(minorVersion).int32(operations + 1);
          sequence.accept(out.int32(Nfs4.SEQUENCE.number()));
          arguments.accept(out);
        },
        in -> sequenced(begin(in), in));
  }

  /**
   * What came of a question behind a SEQUENCE.
   *
   * @param refused the status of SEQUENCE; 0 if the slot was used
   * @param answer the results, or a failure with the status of an operation
   */
  record Sequenced<T>(int refused, Future<T> answer) {}

  private Sequenced<T> sequenced(int status, XdrReader in) {
    int number = in.int32();
    if (number != Nfs4.SEQUENCE.number()) {
      throw new XdrException("results of operation " + number + " for SEQUENCE");
    }
    int refused = in.int32();
    if (refused != 0) {
      return new Sequenced<>(refused, Future.failedFuture(new NfsStatusException(refused)));
    }
    in.skip(SEQUENCE_BYTES);
    try {
      succeed(status);
      return new Sequenced<>(0, Future.succeededFuture(results.read(in)));
    } catch (NfsStatusException | XdrException failed) {
      return new Sequenced<>(0, Future.failedFuture(failed));
    }
  }

  private <R> Question<R> question(Consumer<XdrWriter> arguments, Question.Results<R> results) {
    return new Question<>(Programs.NFS, NFS_VERSION, COMPOUND, arguments, results, as);
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

  private static int begin(XdrReader in) {
    int status = in.int32();
    in.skipOpaque(TAG_BYTES_MAX);
    in.int32();
    return status;
  }

  private static void succeed(int status) throws NfsStatusException {
    if (status != 0) {
      throw new NfsStatusException(status);
    }
  }

  /** Reads the beginning of an operation's results: its number and status. */
  static void expect(XdrReader in, Nfs4 operation) throws NfsStatusException {
    int number = in.int32();
    if (number != operation.number()) {
      throw new XdrException("results of operation " + number + " for " + operation);
    }
    succeed(in.int32());
  }

  static XdrWriter putFh(XdrWriter out, Filehandle handle) {
    return out.int32(Nfs4.PUTFH.number()).opaque(handle.bytes());
  }
}
