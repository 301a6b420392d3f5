package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run has come to, for whoever looks at it meanwhile. */
final class WarmTally {
  private static final int ERRORS_MAX = 20;

  private final long beganMillis;
  private final List<Integer> nfsVersions;
  private final List<WarmProgress.Failed> errors = new ArrayList<>();
  private @Nullable String end;
  private long endedMillis;
  private int filesDone;
  private int filesFailed;
  private int filesOpen;
  private int filesPending;
  private long skipped;
  private long bytesRead;
  private long bytesDone;
  private long bytesHere = -1;

  WarmTally(long beganMillis, List<Integer> nfsVersions) {
    this.beganMillis = beganMillis;
    this.nfsVersions = List.copyOf(nfsVersions);
  }

  synchronized void stands(int open, int pending) {
    filesOpen = open;
    filesPending = pending;
  }

  synchronized void read(int bytes) {
    bytesRead += bytes;
  }

  synchronized void done(long bytes) {
    filesDone++;
    bytesDone += bytes;
  }

  synchronized void skipped() {
    skipped++;
  }

  synchronized void failed(WarmItem item, String cause) {
    filesFailed++;
    if (errors.size() < ERRORS_MAX) {
      errors.add(new WarmProgress.Failed(item.path(), item.nfsVersion(), cause));
    }
  }

  synchronized void ended(long nowMillis, @Nullable String why, long here) {
    endedMillis = nowMillis;
    end = why;
    bytesHere = here;
  }

  synchronized WarmProgress now() {
    return new WarmProgress(
        endedMillis == 0,
        beganMillis,
        endedMillis,
        end,
        nfsVersions,
        filesDone,
        filesFailed,
        filesOpen,
        filesPending,
        skipped,
        bytesRead,
        bytesDone,
        bytesHere,
        List.copyOf(errors));
  }
}
