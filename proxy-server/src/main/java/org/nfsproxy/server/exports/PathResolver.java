package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;

/**
 * Finds where a filesystem is, beginning at any directory of it: up to its root, and from there,
 * name by name, to a directory whose path is known. Used once.
 */
// Up to the filesystem's root the parents' fsids are asked; names do not matter. A fileid never
// does: a btrfs subvolume has the fsid of its filesystem and repeats its fileids.
//
//   /  ◄── export ◄── deep ◄── ext4 ◄── a ◄── b        begin at b
//   known     nameOf    nameOf   root of b's fsid
//
// A handle that comes twice is a cycle (a directory was moved meanwhile, or the origin is broken),
// and the number of steps is bounded: no path has more parts.
final class PathResolver {
  /** Linux's PATH_MAX allows 2048 parts; nobody mounts filesystems this deep. */
  private static final int STEPS_MAX = 256;

  /** As long as a client that waits for it stays patient. */
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  /** Levels asked about from one handle; with what is around them, within any server's bound. */
  private static final int LEVELS_MAX = 8;

  /** The root of a filesystem. */
  record Place(String path, Filehandle root) {}

  /** A directory that is so many levels above one whose handle is good. */
  private record Step(
      Filehandle from, int levels, Filehandle at, @Nullable ObjectIdentity identity) {
    static Step first(Filehandle at, @Nullable ObjectIdentity identity) {
      return new Step(at, 0, at, identity);
    }

    static Step above(Filehandle from, int levels, Found found) {
      return new Step(from, levels, found.handle(), found.identity());
    }
  }

  private record Root(Step at, @Nullable Step above) {}

  private final OriginLookups lookups;
  private final int nfsVersion;
  private final Function<Filehandle, String> knownPath;
  private final Set<Filehandle> visited = new HashSet<>();
  private final long beganNanos = System.nanoTime();

  /**
   * A way up.
   *
   * @param knownPath the path of a directory that is the root of a connected export, or null
   */
  PathResolver(OriginLookups lookups, int nfsVersion, Function<Filehandle, String> knownPath) {
    this.lookups = lookups;
    this.nfsVersion = nfsVersion;
    this.knownPath = knownPath;
  }

  /** The place of the filesystem that a directory is in. */
  Future<Place> from(Filehandle directory, ObjectIdentity identity) {
    return rootFrom(Step.first(directory, identity))
        .compose(
            root ->
                (root.above == null ? topPath(root.at) : pathBelow(root.above, root.at))
                    .map(path -> new Place(path, root.at.at)));
  }

  /** The path of a directory, whatever filesystem it is in. */
  Future<String> pathOf(Filehandle directory) {
    return pathOf(Step.first(directory, null));
  }

  private Future<String> pathOf(Step step) {
    String known = knownPath.apply(step.at);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return up(step).compose(above -> above == null ? topPath(step) : pathBelow(above, step));
  }

  private Future<String> pathBelow(Step above, Step child) {
    return pathOf(above).compose(path -> nameOf(child).map(name -> PathName.below(path, name)));
  }

  private Future<Root> rootFrom(Step step) {
    return up(step)
        .compose(
            above -> {
              if (above == null) {
                return Future.succeededFuture(new Root(step, null));
              }
              return fsid(above).equals(fsid(step))
                  ? rootFrom(above)
                  : Future.succeededFuture(new Root(step, above));
            });
  }

  private VersionedFsid fsid(Step step) {
    return VersionedFsid.of(
        nfsVersion, Objects.requireNonNull(step.identity, "known from the first on"));
  }

  /** The directory above; null at the top, where there is none or it is its own (RFC 1813). */
  private Future<Step> up(Step step) {
    if (!visited.add(step.at)) {
      return Future.failedFuture(new IOException("its directories lead in a circle"));
    }
    if (visited.size() > STEPS_MAX || System.nanoTime() - beganNanos > NANOS_MAX) {
      return Future.failedFuture(new IOException("the way to its root has no end"));
    }
    Filehandle handle = step.at;
    return lookups
        .above(handle, 1, nfsVersion)
        .map(found -> Step.above(handle, 1, found))
        .recover(
            failure ->
                goesFurther(step, failure)
                    ? lookups
                        .above(step.from, step.levels + 1, nfsVersion)
                        .map(found -> Step.above(step.from, step.levels + 1, found))
                    : Future.failedFuture(failure))
        .map(above -> above.at.equals(handle) ? null : above)
        .recover(
            failure ->
                Failure.isStatus(failure, Failure.NOENT)
                    ? Future.succeededFuture(null)
                    : Future.failedFuture(failure));
  }

  private Future<String> nameOf(Step step) {
    return lookups
        .nameOf(step.at, 1, nfsVersion)
        .recover(
            failure ->
                goesFurther(step, failure)
                    ? lookups.nameOf(step.from, step.levels + 1, nfsVersion)
                    : Future.failedFuture(failure));
  }

  /** Whether a handle was good for nothing but being passed by, see {@link Backend#above}. */
  private static boolean goesFurther(Step step, Throwable failure) {
    return step.levels > 0 && step.levels < LEVELS_MAX && Failure.isStatus(failure, Failure.STALE);
  }

  /** The path of a directory with nothing above it: the root's, unless it is another export's. */
  private Future<String> topPath(Step step) {
    Filehandle top = step.at;
    String known = knownPath.apply(top);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return lookups
        .find("/", nfsVersion)
        .compose(
            root ->
                root.handle().equals(top)
                    ? Future.succeededFuture("/")
                    : lookups.identify(top, nfsVersion).compose(it -> same(it, root.identity())))
        .recover(failure -> Future.failedFuture(new IOException("nothing is above its root")));
  }

  private static Future<String> same(ObjectIdentity top, ObjectIdentity root) {
    return top.equals(root)
        ? Future.succeededFuture("/")
        : Future.failedFuture(new IOException("nothing is above its root"));
  }
}
