package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.xdr.XdrReader;

/**
 * Looks for exports from the root of the NFSv4 namespace (RFC 7530 section 7): a directory whose
 * fsid is not that of the directory it is in is one. Used once.
 */
// Breadth first, one question at a time. A list of exports does not go into those found; a search
// for what is mounted in them does. A server's root may be an export full of files, so everything
// is bounded; a walk that ends at a bound gives what it has found.
final class PseudoRootWalk {
  /** Deeper than administrators nest the names of their exports. */
  private static final int DEPTH_MAX = 6;

  /** How far a walk goes. */
  private enum Reach {
    /**
     * To the exports. A pseudo-root has a directory for each part of an export's name, and few have
     * a hundred. Nobody waits longer for a list at the start.
     */
    TO_EXPORTS(256, 30),
    /**
     * Through the exports. What is mounted is mostly mounted near their roots. A client's call may
     * wait for it, 15 seconds at most.
     */
    THROUGH_EXPORTS(2048, 10);

    private final int questionsMax;
    private final long nanosMax;

    Reach(int questionsMax, long secondsMax) {
      this.questionsMax = questionsMax;
      this.nanosMax = TimeUnit.SECONDS.toNanos(secondsMax);
    }
  }

  /** As many as any server is known to export, and what a directory of users' files is cut to. */
  private static final int ENTRIES_MAX = 65536;

  private static final int READDIR_BYTES_MAX = 32768;
  private static final int NAME_BYTES_MAX = 1024;

  /** A directory still to be read, from a cookie on. */
  private record Directory(
      String path, int depth, Filehandle handle, Filesystem filesystem, Place from) {
    Directory after(Place place) {
      return new Directory(path, depth, handle, filesystem, place);
    }
  }

  private record Filesystem(long major, long minor) {
    static Filesystem of(Attributes4 attributes) {
      return new Filesystem(attributes.fsidMajor(), attributes.fsidMinor());
    }
  }

  /** Where READDIR goes on: cookie and verifier, both 0 at the beginning. */
  private record Place(long cookie, long verifier) {
    static final Place BEGINNING = new Place(0, 0);
  }

  private record Entry(String name, Attributes4 attributes) {}

  private record Page(List<Entry> entries, Place next, boolean end) {}

  private final Questioner origin;
  private final Reach reach;
  private final Queue<Directory> pending = new ArrayDeque<>();
  private final List<String> exports = new ArrayList<>();
  private final Promise<List<String>> result = Promise.promise();
  private final long beganNanos = System.nanoTime();
  private int questionsLeft;
  private int entriesLeft = ENTRIES_MAX;

  private PseudoRootWalk(Questioner origin, Reach reach) {
    this.origin = origin;
    this.reach = reach;
    this.questionsLeft = reach.questionsMax;
  }

  static PseudoRootWalk toExports(Questioner origin) {
    return new PseudoRootWalk(origin, Reach.TO_EXPORTS);
  }

  static PseudoRootWalk throughExports(Questioner origin) {
    return new PseudoRootWalk(origin, Reach.THROUGH_EXPORTS);
  }

  /** The paths found, {@code /} alone if there are none below it; fails if there is no root. */
  Future<List<String>> walk() {
    origin
        .ask(root())
        .onFailure(result::fail)
        .onSuccess(
            root -> {
              pending.add(root);
              step();
            });
    return result.future();
  }

  // Each step begins with a reply, so the stack does not grow with the walk.
  private void step() {
    Directory directory = pending.poll();
    if (directory == null || isSpent()) {
      result.complete(exports.isEmpty() ? List.of("/") : List.copyOf(exports));
      return;
    }
    origin
        .ask(page(directory))
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                take(directory, answer.result());
              } else if (!(answer.cause() instanceof NfsStatusException)) {
                pending.clear();
              }
              step();
            });
  }

  private boolean isSpent() {
    boolean late = System.nanoTime() - beganNanos > reach.nanosMax;
    return late || questionsLeft-- <= 0 || entriesLeft <= 0;
  }

  private void take(Directory directory, Page page) {
    entriesLeft -= page.entries().size();
    for (Entry entry : page.entries()) {
      String path = directory.path() + "/" + entry.name();
      Attributes4 attributes = entry.attributes();
      boolean isExport = isExport(directory, attributes);
      if (isExport) {
        exports.add(path);
      }
      boolean mayEnter = !isExport || reach == Reach.THROUGH_EXPORTS;
      if (attributes.isDirectory() && mayEnter && directory.depth() < DEPTH_MAX) {
        Filehandle handle = Filehandle.of(attributes.handle());
        int depth = directory.depth() + 1;
        pending.add(new Directory(path, depth, handle, Filesystem.of(attributes), Place.BEGINNING));
      }
    }
    if (!page.end() && !page.entries().isEmpty()) {
      pending.add(directory.after(page.next()));
    }
  }

  /** A server that does not tell the attributes of a directory guards an export there. */
  private static boolean isExport(Directory parent, Attributes4 attributes) {
    return attributes.error() != 0
        || attributes.isDirectory() && !Filesystem.of(attributes).equals(parent.filesystem());
  }

  private static Compound<Directory> root() {
    return new Compound<>(
        3,
        out ->
            Attributes4.ask(
                out.int32(Nfs4.PUTROOTFH.number())
                    .int32(Nfs4.GETFH.number())
                    .int32(Nfs4.GETATTR.number()),
                Attributes4.FSID),
        in -> {
          Compound.expect(in, Nfs4.PUTROOTFH);
          Compound.expect(in, Nfs4.GETFH);
          Filehandle handle = Filehandle.of(in.opaque(Filehandle.NFS4_BYTES_MAX));
          Compound.expect(in, Nfs4.GETATTR);
          Filesystem filesystem = Filesystem.of(Attributes4.read(in));
          return new Directory("", 0, handle, filesystem, Place.BEGINNING);
        });
  }

  private static Compound<Page> page(Directory directory) {
    Place from = directory.from();
    return new Compound<>(
        2,
        out -> {
          Compound.putFh(out, directory.handle()).int32(Nfs4.READDIR.number());
          out.int64(from.cookie()).int64(from.verifier());
          out.int32(READDIR_BYTES_MAX).int32(READDIR_BYTES_MAX);
          Attributes4.ask(
              out,
              Attributes4.TYPE,
              Attributes4.FSID,
              Attributes4.RDATTR_ERROR,
              Attributes4.FILEHANDLE);
        },
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          Compound.expect(in, Nfs4.READDIR);
          return entries(in);
        });
  }

  private static Page entries(XdrReader in) {
    long verifier = in.int64();
    List<Entry> entries = new ArrayList<>();
    long cookie = 0;
    while (in.bool()) {
      cookie = in.int64();
      String name = PathName.text(in.opaque(NAME_BYTES_MAX));
      entries.add(new Entry(name, Attributes4.read(in)));
    }
    return new Page(entries, new Place(cookie, verifier), in.bool());
  }
}
