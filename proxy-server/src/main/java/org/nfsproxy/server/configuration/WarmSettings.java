package org.nfsproxy.server.configuration;

import java.util.List;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.rpc.CallCredential;

/**
 * Files that are read before a client asks.
 *
 * @param uid as whom they are read; -1 for nobody
 * @param gid its group
 * @param gids its further groups
 * @param filesMax files and directories that are looked at once
 * @param bytesInFlightMax bytes that are asked for and have not come
 */
public record WarmSettings(
    long uid, long gid, List<Integer> gids, int filesMax, long bytesInFlightMax) {
  static WarmSettings read(Section section) {
    long uid = WarmKeys.UID.in(section);
    long gid = WarmKeys.GID.in(section);
    List<String> gids = WarmKeys.GIDS.in(section);
    if (gids.size() > CallCredential.SYS_GIDS_MAX) {
      section.report(
          WarmKeys.GIDS.name(), gids.size() + " groups", "16 at most, as AUTH_SYS has no more");
      gids = List.of();
    }
    return new WarmSettings(
        uid,
        gid < 0 ? uid : gid,
        gids.stream().map(Integer::parseUnsignedInt).toList(),
        WarmKeys.FILES_MAX.in(section),
        WarmKeys.BYTES_IN_FLIGHT_MAX.in(section));
  }

  /** Whether somebody is named who reads. */
  public boolean hasReader() {
    return uid >= 0;
  }

  /** That one, as calls have it. Not if nobody is named. */
  public CallCredential reader() {
    int[] further = gids.stream().mapToInt(Integer::intValue).toArray();
    return CallCredential.sys("nfs-proxy", (int) uid, (int) gid, further);
  }
}
