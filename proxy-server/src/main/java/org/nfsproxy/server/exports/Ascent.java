package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nfsproxy.backend.ObjectIdentity;
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
final class Ascent {
  /** Linux's PATH_MAX allows 2048 parts; nobody mounts filesystems this deep. */
  private static final int STEPS_MAX = 256;

  /** As long as a client that waits for it stays patient. */
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  /** The root of a filesystem. */
  record Place(String path, Filehandle root) {}

  private record Root(Filehandle handle, Filehandle above) {}

  private final Questions questions;
  private final int nfsVersion;
  private final Function<Filehandle, String> knownPath;
  private final Set<Filehandle> visited = new HashSet<>();
  private final long beganNanos = System.nanoTime();

  /**
   * An ascent.
   *
   * @param knownPath the path of a directory that is the root of a connected export, or null
   */
  Ascent(Questions questions, int nfsVersion, Function<Filehandle, String> knownPath) {
    this.questions = questions;
    this.nfsVersion = nfsVersion;
    this.knownPath = knownPath;
  }

  /** The place of the filesystem that a directory is in. */
  Future<Place> from(Filehandle directory, ObjectIdentity identity) {
    return rootFrom(directory, identity)
        .compose(
            root ->
                (root.above == null ? topPath(root.handle) : pathOf(root.above, root.handle))
                    .map(path -> new Place(path, root.handle)));
  }

  /** The path of a directory, whatever filesystem it is in. */
  Future<String> pathOf(Filehandle directory) {
    String known = knownPath.apply(directory);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return step(directory)
        .compose(above -> above == null ? topPath(directory) : pathOf(above, directory));
  }

  private Future<String> pathOf(Filehandle directory, Filehandle child) {
    return pathOf(directory)
        .compose(
            path -> questions.nameOf(directory, child, nfsVersion).map(name -> below(path, name)));
  }

  static String below(String path, String name) {
    return path.equals("/") ? "/" + name : path + "/" + name;
  }

  private Future<Root> rootFrom(Filehandle directory, ObjectIdentity identity) {
    return step(directory)
        .compose(
            above -> {
              if (above == null) {
                return Future.succeededFuture(new Root(directory, null));
              }
              return questions
                  .identify(above, nfsVersion)
                  .compose(
                      up ->
                          Fsid.of(nfsVersion, up).equals(Fsid.of(nfsVersion, identity))
                              ? rootFrom(above, identity)
                              : Future.succeededFuture(new Root(directory, above)));
            });
  }

  /** The directory above; null at the top, where there is none or it is its own (RFC 1813). */
  private Future<Filehandle> step(Filehandle directory) {
    if (!visited.add(directory)) {
      return Future.failedFuture(new IOException("its directories lead in a circle"));
    }
    if (visited.size() > STEPS_MAX || System.nanoTime() - beganNanos > NANOS_MAX) {
      return Future.failedFuture(new IOException("the way to its root has no end"));
    }
    return questions
        .parent(directory, nfsVersion)
        .map(above -> above.equals(directory) ? null : above)
        .recover(
            failure ->
                Failure.isStatus(failure, Failure.NOENT)
                    ? Future.succeededFuture(null)
                    : Future.failedFuture(failure));
  }

  /** The path of a directory with nothing above it: the root's, unless it is another export's. */
  private Future<String> topPath(Filehandle top) {
    String known = knownPath.apply(top);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return questions
        .find("/", nfsVersion)
        .compose(
            root ->
                root.handle().equals(top)
                    ? Future.succeededFuture("/")
                    : questions.identify(top, nfsVersion).compose(it -> same(it, root.identity())));
  }

  private static Future<String> same(ObjectIdentity top, ObjectIdentity root) {
    return top.equals(root)
        ? Future.succeededFuture("/")
        : Future.failedFuture(new IOException("nothing is above its root"));
  }
}
