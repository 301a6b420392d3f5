package org.nfsproxy.backend.coordinated.nfs3;

import java.util.function.Consumer;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The two shapes of every result but NULL's: a status, and behind it what the procedure has for
 * success or for failure.
 */
final class ResultShapes {
  static final int STATUS_BYTES = 4;

  /** Does the work, and writes the results of success. */
  @FunctionalInterface
  interface Work {
    void run(XdrWriter out) throws FilesException;
  }

  private ResultShapes() {}

  /** Whatever the work had written when it failed is taken back. */
  static Execution of(Work work, Consumer<XdrWriter> failure) {
    return out -> {
      int begin = out.buffer().writerIndex();
      try {
        work.run(out.int32(Nfs3Status.NFS3_OK.number()));
      } catch (FilesException refused) {
        out.buffer().writerIndex(begin);
        failure.accept(out.int32(refused.status().number()));
      }
    };
  }

  /** Where success and failure are told alike. */
  static Execution alike(Step step, Consumer<XdrWriter> both) {
    return of(
        out -> {
          step.run();
          both.accept(out);
        },
        both);
  }

  /** Does the work. */
  @FunctionalInterface
  interface Step {
    void run() throws FilesException;
  }
}
