package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.RpcException;

/**
 * Which versions of NFS the origin serves.
 *
 * @param versions of 2, 3 and 4; empty if it serves none
 * @param minorVersions of 0, 1 and 2, of NFSv4; empty without NFSv4, or if the origin does not take
 *     our credential
 */
public record OriginVersions(NavigableSet<Integer> versions, NavigableSet<Integer> minorVersions) {
  private static final int NULL = 0;
  private static final int LOW = 2;
  private static final int HIGH = 4;
  private static final int MINOR_HIGH = 2;

  /** The versions between two, not all of which need be served: RFC 5531 section 9. */
  private record Range(int low, int high) {
    boolean has(int version) {
      return version >= low && version <= high;
    }
  }

  /** Asks, by NULL calls and empty COMPOUNDs; fails if the origin does not answer. */
  static Future<OriginVersions> ask(QuestionConnection origin) {
    OriginVersions found = new OriginVersions(new TreeSet<>(), new TreeSet<>());
    return askFrom(origin, HIGH, new Range(LOW, HIGH), found)
        .compose(
            asked -> found.versions.contains(4) ? askMinorFrom(origin, 0, found) : asked(found))
        .map(OriginVersions::unmodifiable);
  }

  private static OriginVersions unmodifiable(OriginVersions found) {
    return new OriginVersions(
        Collections.unmodifiableNavigableSet(found.versions),
        Collections.unmodifiableNavigableSet(found.minorVersions));
  }

  private static Future<OriginVersions> asked(OriginVersions found) {
    return Future.succeededFuture(found);
  }

  /** Asks a version and those below it, as far as they are in the range. */
  private static Future<OriginVersions> askFrom(
      QuestionConnection origin, int version, Range range, OriginVersions found) {
    if (version < LOW) {
      return asked(found);
    }
    if (!range.has(version)) {
      return askFrom(origin, version - 1, range, found);
    }
    return origin
        .ask(new Question<Void>(Programs.NFS, version, NULL, out -> {}, in -> null))
        .map(
            served -> {
              found.versions.add(version);
              return range;
            })
        .recover(OriginVersions::rangeOf)
        .compose(left -> askFrom(origin, version - 1, left, found));
  }

  private static Future<Range> rangeOf(Throwable failure) {
    AcceptStatus status =
        failure instanceof RpcException said ? said.acceptStatus().orElse(null) : null;
    if (status == AcceptStatus.PROG_MISMATCH) {
      RpcException mismatch = (RpcException) failure;
      return Future.succeededFuture(new Range(mismatch.low(), mismatch.high()));
    }
    if (status == AcceptStatus.PROG_UNAVAIL) {
      return Future.succeededFuture(new Range(0, 0));
    }
    return Future.failedFuture(failure);
  }

  private static Future<OriginVersions> askMinorFrom(
      QuestionConnection origin, int minorVersion, OriginVersions found) {
    if (minorVersion > MINOR_HIGH) {
      return asked(found);
    }
    return origin
        .ask(Compound.empty(minorVersion))
        .map(
            status -> {
              if (status != NfsStatus.MINOR_VERS_MISMATCH) {
                found.minorVersions.add(minorVersion);
              }
              return found;
            })
        .recover(
            failure ->
                failure instanceof RpcException ? asked(found) : Future.failedFuture(failure))
        .compose(next -> askMinorFrom(origin, minorVersion + 1, found));
  }
}
