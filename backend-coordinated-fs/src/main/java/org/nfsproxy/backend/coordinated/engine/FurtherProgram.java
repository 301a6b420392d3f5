package org.nfsproxy.backend.coordinated.engine;

import java.util.List;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.files.Files;

/**
 * A version of a program that another module serves over the same files, such as NFSv4. It may keep
 * state between calls, which ends with {@link #close}.
 */
public interface FurtherProgram extends AutoCloseable {
  /**
   * What is served. Any number of threads may use it.
   *
   * @return a version that this module does not serve itself
   */
  Program program();

  /** Forgets all state. No call is executed after it. */
  @Override
  void close();

  /**
   * Makes one. Found by {@link java.util.ServiceLoader}: a module on the class path names its
   * provider in {@code META-INF/services}. Without any, calls of further versions are answered
   * PROG_MISMATCH.
   */
  interface Provider {
    /**
     * The version of NFS that is served.
     *
     * @return 4
     */
    int nfsVersion();

    /**
     * What an administrator should know of it.
     *
     * @return one line each
     */
    List<Notice> notices();

    /**
     * Begins serving files.
     *
     * @param files what is served
     * @param afresh whether nobody can have been served these files before, by an instance that has
     *     ended or another one: then no client has state to reclaim
     * @return the program
     */
    FurtherProgram over(Files files, boolean afresh);
  }
}
