package org.nfsproxy.server.probe;

import org.nfsproxy.xdr.XdrReader;

/** Reads results. */
@FunctionalInterface
interface Reading<T> {
  /**
   * Reads.
   *
   * @param in at the first byte of the results
   * @throws NoAnswerException if the server said no
   * @throws org.nfsproxy.xdr.XdrException if the results are garbage
   */
  T read(XdrReader in) throws NoAnswerException;
}
