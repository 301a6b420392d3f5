package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.NfsStatus;

/** Looks for the name of a directory by reading the directory above in NFSv3. Used once. */
// READDIRPLUS lists what is covered by a mount, not what is mounted; a Linux server gives such
// entries neither attributes nor handle. So an entry with the child's handle is it, and else those
// without a handle are looked up, after the list, and compared; and then directories with another
// handle, as other servers may show the handle of what is covered.
final class NameSearch3 {
  /** As many as PseudoRootWalk reads. */
  private static final int ENTRIES_MAX = 65536;

  /** Few directories have as many mount points. */
  private static final int LOOKUPS_MAX = 512;

  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private final Questioner origin;
  private final PathQuestions paths;
  private final Filehandle child;
  private final Filehandle above;
  private final long beganNanos = System.nanoTime();
  private final Queue<byte[]> bare = new ArrayDeque<>();
  private final Queue<byte[]> directories = new ArrayDeque<>();
  private int entriesLeft = ENTRIES_MAX;

  private NameSearch3(Questioner origin, PathQuestions paths, Filehandle child, Filehandle above) {
    this.origin = origin;
    this.paths = paths;
    this.child = child;
    this.above = above;
  }

  /** The name; fails with NOENT if none leads to it. */
  static Future<String> begin(
      Questioner origin, PathQuestions paths, Filehandle directory, int levels) {
    return (levels == 1
            ? Future.succeededFuture(directory)
            : paths.above(directory, levels - 1, 3).map(Found::handle))
        .compose(
            child ->
                paths
                    .above(child, 1, 3)
                    .map(up -> new NameSearch3(origin, paths, child, up.handle())))
        .compose(search -> search.read(DirectoryPage.BEFORE))
        .map(PathName::text);
  }

  private Future<byte[]> read(DirectoryPage before) {
    return origin.ask(DirectoryQuestions.page3(above, before)).compose(this::lookThrough);
  }

  private Future<byte[]> lookThrough(DirectoryPage page) {
    for (DirectoryPage.Entry entry : page.entries()) {
      if (entry.isDots()) {
        continue;
      }
      if (child.equals(entry.handle())) {
        return Future.succeededFuture(entry.name());
      }
      if (entry.handle() == null) {
        add(bare, entry.name());
      } else if (isDirectory(entry.identity())) {
        add(directories, entry.name());
      }
    }
    entriesLeft -= page.entries().size();
    if (page.isLast() || page.entries().isEmpty()) {
      directories.forEach(name -> add(bare, name));
      return lookUpNext();
    }
    return entriesLeft <= 0 || isLate() ? tooLong() : read(page);
  }

  private static boolean isDirectory(@Nullable ObjectIdentity identity) {
    return identity != null && identity.type() == ObjectIdentity.DIRECTORY;
  }

  private static void add(Queue<byte[]> queue, byte[] name) {
    if (queue.size() < LOOKUPS_MAX) {
      queue.add(name);
    }
  }

  private boolean isLate() {
    return System.nanoTime() - beganNanos > NANOS_MAX;
  }

  private static <T> Future<T> tooLong() {
    return Future.failedFuture(new IOException("the directory above is too long to read"));
  }

  private Future<byte[]> lookUpNext() {
    byte[] name = bare.poll();
    if (name == null) {
      return Future.failedFuture(new NfsStatusException(NfsStatus.NOENT));
    }
    if (isLate()) {
      return tooLong();
    }
    return paths
        .lookUp(above, name, 3)
        .map(found -> found.handle().equals(child))
        .recover(
            failure ->
                failure instanceof NfsStatusException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .compose(isIt -> isIt ? Future.succeededFuture(name) : lookUpNext());
  }
}
