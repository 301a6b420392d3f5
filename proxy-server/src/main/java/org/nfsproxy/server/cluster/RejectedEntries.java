package org.nfsproxy.server.cluster;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was said and could not be taken; the log has the first. */
final class RejectedEntries {
  private static final Logger log = LoggerFactory.getLogger(RejectedEntries.class);

  private final LongAdder refused = new LongAdder();
  private final AtomicBoolean told = new AtomicBoolean();

  /** Something of another form, from a member of another version, or from somebody else. */
  void refuse(String map, String why) {
    refused.increment();
    if (told.compareAndSet(false, true)) {
      log.warn(
          "cluster: an entry of {} is not used: {}. Another version of the proxy, or somebody else, is"
              + " on the cluster's port; further ones are counted only",
          map,
          why);
    }
  }

  long refused() {
    return refused.sum();
  }
}
