package org.nfsproxy.backend.coordinated.engine;

import org.nfsproxy.backend.coordinated.files.Caller;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** One procedure of a program. */
@FunctionalInterface
public interface Procedure {
  /** Without arguments, results or effect: every program's procedure 0. */
  Procedure NULL = (caller, arguments) -> results -> {};

  /**
   * Reads the arguments and does nothing yet. What it cannot read ends in {@link
   * org.nfsproxy.xdr.XdrException}, and the caller is told GARBAGE_ARGS.
   *
   * @param caller as whom
   * @param arguments at the first argument; their bytes stay as they are until the results are
   *     written
   * @return what is left to do
   */
  Execution read(Caller caller, XdrReader arguments);

  /** A call whose arguments are known. */
  @FunctionalInterface
  interface Execution {
    /**
     * Does what the call asks for. May block.
     *
     * @param results written behind what is there
     */
    void run(XdrWriter results);
  }
}
