package org.nfsproxy.backend.coordinated.engine;

import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** One procedure of a program. */
@FunctionalInterface
public interface ExecutableProcedure {
  /** Without arguments, results or effect: every program's procedure 0. */
  ExecutableProcedure NULL = (caller, arguments) -> results -> {};

  /**
   * Reads the arguments and does nothing yet. What it cannot read ends in {@link
   * org.nfsproxy.xdr.XdrException}, and the caller is told GARBAGE_ARGS.
   *
   * @param caller as whom
   * @param arguments at the first argument; their bytes stay as they are until the results are
   *     written
   * @return what is left to do
   */
  Execution read(UserIds caller, XdrReader arguments);

  /** A call whose arguments are known. */
  @FunctionalInterface
  interface Execution {
    /** Attributes before and after, twice, and a handle: what most results are within. */
    int RESULTS_BYTES = 256;

    /**
     * Does what the call asks for. May block.
     *
     * @param results written behind what is there
     */
    void run(XdrWriter results);

    /**
     * How long the results may become. Longer ones are no mistake, but are copied as they grow.
     *
     * @return bytes
     */
    default int resultsBytes() {
      return RESULTS_BYTES;
    }

    /**
     * The same execution, with room made for its results.
     *
     * @param bytes how long they may become
     * @return the execution
     */
    default Execution withRoom(int bytes) {
      return new Execution() {
        @Override
        public void run(XdrWriter results) {
          Execution.this.run(results);
        }

        @Override
        public int resultsBytes() {
          return bytes;
        }
      };
    }
  }
}
