package org.nfsproxy.backend.nfs.questions;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * One call of our own and how its results are read. Asking twice does no harm.
 *
 * @param program as on the wire
 * @param version as on the wire
 * @param procedure as on the wire
 * @param arguments writes the arguments
 * @param results reads the results
 * @param as who asks; null for whoever asks on the proxy's account
 * @param <T> the answer
 */
record Question<T>(
    int program,
    int version,
    int procedure,
    Consumer<XdrWriter> arguments,
    Results<T> results,
    @Nullable CallCredential as) {
  Question(
      int program, int version, int procedure, Consumer<XdrWriter> arguments, Results<T> results) {
    this(program, version, procedure, arguments, results, null);
  }

  /** The same, asked by somebody. */
  Question<T> as(@Nullable CallCredential who) {
    return new Question<>(program, version, procedure, arguments, results, who);
  }

  /** Reads what a server answered. */
  @FunctionalInterface
  interface Results<T> {
    /**
     * Reads.
     *
     * @throws XdrException if the results are garbage
     * @throws NfsStatusException if the server said no
     */
    @Nullable T read(XdrReader in) throws NfsStatusException;
  }
}
