package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.RpcException;

/** Which versions of MOUNT the origin serves: mountd's may be switched off one by one. */
// By NULL calls, each version for itself: the range of a PROG_MISMATCH may have a gap, 1 and 3.
public final class MountVersions {
  private static final int NULL = 0;
  private static final int LOW = 1;
  private static final int HIGH = 3;

  /** All that could be. */
  public static final List<ServedProgram> UNKNOWN =
      List.of(new ServedProgram(Programs.MOUNT, LOW, HIGH));

  private MountVersions() {}

  /**
   * Asks.
   *
   * @param mount the connection
   * @return a row for each run of versions; {@link #UNKNOWN} if they cannot be told, or are none
   */
  static Future<List<ServedProgram>> ask(MountConnection mount) {
    return askFrom(mount, LOW, new ArrayList<>()).map(MountVersions::rows).otherwise(UNKNOWN);
  }

  private static Future<List<Integer>> askFrom(
      MountConnection mount, int version, List<Integer> found) {
    if (version > HIGH) {
      return Future.succeededFuture(found);
    }
    return mount
        .ask(new Question<>(Programs.MOUNT, version, NULL, out -> {}, in -> true))
        .recover(
            failure ->
                isNotServed(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure))
        .compose(
            served -> {
              if (served) {
                found.add(version);
              }
              return askFrom(mount, version + 1, found);
            });
  }

  private static boolean isNotServed(Throwable failure) {
    Optional<AcceptStatus> status =
        failure instanceof RpcException said ? said.acceptStatus() : Optional.empty();
    return status.filter(AcceptStatus.PROG_MISMATCH::equals).isPresent();
  }

  public static List<ServedProgram> rows(List<Integer> versions) {
    List<ServedProgram> rows = new ArrayList<>();
    for (int version : versions) {
      ServedProgram last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
      if (last != null && last.high() == version - 1) {
        rows.set(rows.size() - 1, new ServedProgram(Programs.MOUNT, last.low(), version));
      } else {
        rows.add(new ServedProgram(Programs.MOUNT, version, version));
      }
    }
    return rows.isEmpty() ? UNKNOWN : List.copyOf(rows);
  }
}
