package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;

/** Asks the origin whether what another instance says of a filesystem is so. */
// Rules of paths decide who may do what, and whoever reaches the cluster's port can say anything.
// So nothing is taken over that the origin did not say to us:
//
//   the path     leads to a directory of that fsid
//   above it     is another filesystem: a directory *inside* the filesystem may have a rule of its
//                own, and must not become the place of the whole
//   other names  the same handle, asked about in the other version, has the fsid and fileid told
//
// Two questions at once, and a third where a handle of another version was met: a round trip or
// two, where a way up takes two for each level, and where from a file there is none.
final class Confirmation {
  private static final List<Integer> VERSIONS = List.of(4, 3);

  /** The root of a filesystem, as the origin shows it. */
  record Confirmed(Found root, int nfsVersion) {
    VersionedFsid fsid() {
      return VersionedFsid.of(nfsVersion, root.identity());
    }
  }

  private final OriginLookups lookups;

  Confirmation(OriginLookups lookups) {
    this.lookups = lookups;
  }

  /** What the origin shows, in the version that sees most; fails if it shows something else. */
  Future<Confirmed> of(PeerExport told) {
    Future<Confirmed> confirmed = Future.failedFuture(new IOException("it has no place"));
    for (int nfsVersion : VERSIONS) {
      if (told.fsid(nfsVersion) != null) {
        confirmed = confirmed.recover(failure -> in(nfsVersion, told));
      }
    }
    return confirmed;
  }

  /**
   * As {@link #of(PeerExport)}; fails too if this fsid is not another name of the same filesystem.
   */
  Future<Confirmed> of(PeerExport told, VersionedFsid met) {
    return of(told)
        .compose(
            confirmed ->
                met.nfsVersion() == confirmed.nfsVersion
                    ? when(met.equals(confirmed.fsid()), confirmed)
                    : lookups
                        .identify(confirmed.root.handle(), met.nfsVersion())
                        .compose(it -> when(isNamed(confirmed, it, met), confirmed)));
  }

  private Future<Confirmed> in(int nfsVersion, PeerExport told) {
    Future<Found> root = lookups.find(told.path(), nfsVersion);
    Future<Found> above = lookups.find(told.pathAbove(), nfsVersion);
    return Future.all(root, above)
        .compose(
            both -> {
              Confirmed shown = new Confirmed(root.result(), nfsVersion);
              VersionedFsid fsid = told.fsid(nfsVersion);
              return when(
                  shown.root.identity().type() == ObjectIdentity.DIRECTORY
                      && shown.fsid().equals(fsid)
                      && !VersionedFsid.of(nfsVersion, above.result().identity()).equals(fsid),
                  shown);
            });
  }

  private static boolean isNamed(Confirmed confirmed, ObjectIdentity identity, VersionedFsid met) {
    return VersionedFsid.of(met.nfsVersion(), identity).equals(met)
        && identity.fileid() == confirmed.root.identity().fileid()
        && identity.type() == confirmed.root.identity().type();
  }

  private static <T> Future<T> when(boolean isSo, T value) {
    return isSo
        ? Future.succeededFuture(value)
        : Future.failedFuture(new IOException("the origin shows another filesystem there"));
  }
}
