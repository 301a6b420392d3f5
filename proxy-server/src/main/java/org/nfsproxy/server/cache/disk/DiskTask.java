package org.nfsproxy.server.cache.disk;

/** Something to do on a thread of the disk. */
interface DiskTask {
  /** Does it. */
  void run();

  /** Is called in place of {@link #run}, if nothing is done any more. */
  void drop();
}
