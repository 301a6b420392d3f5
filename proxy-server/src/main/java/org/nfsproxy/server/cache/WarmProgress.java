package org.nfsproxy.server.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far warming has come.
 *
 * @param isRunning whether it goes on
 * @param beganMillis when it began, since 1970
 * @param endedMillis when it ended; 0 while it runs
 * @param end why it ended before all was read; null if it did not
 * @param nfsVersions by which versions of NFS
 * @param filesDone files of which all is here
 * @param filesFailed what could not be read
 * @param filesOpen those that are being read, or will be when their version has settled
 * @param filesPending those that nobody has looked at yet
 * @param skipped what is neither a file nor a directory, or is in another filesystem
 * @param bytesRead what the origin has sent
 * @param bytesDone what of it, and of what was here before, is in files that are done
 * @param bytesHere what of these is still here; -1 while it runs
 * @param errors the first of those that failed
 */
public record WarmProgress(
    boolean isRunning,
    long beganMillis,
    long endedMillis,
    @Nullable String end,
    List<Integer> nfsVersions,
    int filesDone,
    int filesFailed,
    int filesOpen,
    int filesPending,
    long skipped,
    long bytesRead,
    long bytesDone,
    long bytesHere,
    List<Failed> errors) {
  /**
   * Something that could not be read.
   *
   * @param path where it is
   * @param nfsVersion by which version of NFS
   * @param cause why
   */
  public record Failed(String path, int nfsVersion, String cause) {}
}
