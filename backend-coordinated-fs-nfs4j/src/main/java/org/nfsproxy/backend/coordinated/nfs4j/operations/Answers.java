package org.nfsproxy.backend.coordinated.nfs4j.operations;

import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.ServerFaultException;
import org.nfsproxy.backend.coordinated.files.FilesException;

/** Asks files, and says in nfs4j's way why not. */
// NFSv4 has NFSv3's numbers for all that files can answer.
final class Answers {
  private Answers() {}

  /** A question to files. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws FilesException;
  }

  /** An order to files. */
  @FunctionalInterface
  interface Order {
    void carryOut() throws FilesException;
  }

  static <T> T of(Question<T> question) throws ChimeraNFSException {
    try {
      return question.ask();
    } catch (FilesException refused) {
      nfsstat.throwIfNeeded(refused.status().number());
      throw new ServerFaultException(refused.status().name());
    }
  }

  static void of(Order order) throws ChimeraNFSException {
    of(
        () -> {
          order.carryOut();
          return null;
        });
  }
}
