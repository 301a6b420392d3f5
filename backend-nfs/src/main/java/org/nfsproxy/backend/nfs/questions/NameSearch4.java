package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.xdr.XdrWriter;

/** Looks for the name of a directory by reading the directory above in NFSv4. Used once. */
// All in one COMPOUND a page, from a handle that is known to be good: a Linux server's LOOKUPP out
// of a filesystem that is mounted in a plain directory gives a handle for that directory which is
// stale as soon as it is sent back.
//
//   PUTFH  LOOKUPP x (levels - 1)  GETFH GETATTR    LOOKUPP  READDIR
//                                  of the child              of the one above
//
// READDIR lists the roots of what is mounted, not what they cover, and the child is found by its
// handle: a fileid alone says nothing, btrfs gives the same to every subvolume. Where the origin
// has several handles for one object, it is the one entry with its fsid and fileid, if there is no
// second.
final class NameSearch4 {
  /** As many as PseudoRootWalk reads. */
  private static final int ENTRIES_MAX = 65536;

  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private record Page(Found child, DirectoryPage listed) {}

  private final Questioner origin;
  private final Filehandle directory;
  private final int levels;
  private final long beganNanos = System.nanoTime();
  private final List<byte[]> alike = new ArrayList<>();
  private int entriesLeft = ENTRIES_MAX;

  private NameSearch4(Questioner origin, Filehandle directory, int levels) {
    this.origin = origin;
    this.directory = directory;
    this.levels = levels;
  }

  /** The name; fails with NOENT if none leads to it. */
  static Future<String> begin(Questioner origin, Filehandle directory, int levels) {
    return new NameSearch4(origin, directory, levels)
        .read(DirectoryPage.BEFORE)
        .map(PathName::text);
  }

  private Future<byte[]> read(DirectoryPage before) {
    return origin.ask(page(before)).compose(this::lookThrough);
  }

  private Future<byte[]> lookThrough(Page page) {
    Found child = page.child;
    DirectoryPage listed = page.listed;
    for (DirectoryPage.Entry entry : listed.entries()) {
      if (child.handle().equals(entry.handle())) {
        return Future.succeededFuture(entry.name());
      }
      if (child.identity().equals(entry.identity()) && alike.size() < 2) {
        alike.add(entry.name());
      }
    }
    entriesLeft -= listed.entries().size();
    if (listed.isLast() || listed.entries().isEmpty()) {
      return alike.size() == 1
          ? Future.succeededFuture(alike.get(0))
          : Future.failedFuture(new NfsStatusException(NfsStatus.NOENT));
    }
    if (entriesLeft <= 0 || System.nanoTime() - beganNanos > NANOS_MAX) {
      return Future.failedFuture(new IOException("the directory above is too long to read"));
    }
    return read(listed);
  }

  private Compound<Page> page(DirectoryPage before) {
    return new Compound<>(
        levels + 4,
        out -> {
          climb(Compound.putFh(out, directory), levels - 1);
          out.int32(Nfs4.GETFH.number()).int32(Nfs4.GETATTR.number());
          Attributes4.ask(out, Attributes4.TYPE, Attributes4.FSID, Attributes4.FILEID);
          DirectoryQuestions.readDir(climb(out, 1), before);
        },
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          for (int i = 1; i < levels; i++) {
            Compound.expect(in, Nfs4.LOOKUPP);
          }
          Found child = PathQuestions.found4(in);
          Compound.expect(in, Nfs4.LOOKUPP);
          Compound.expect(in, Nfs4.READDIR);
          return new Page(child, DirectoryQuestions.entries4(in));
        });
  }

  private static XdrWriter climb(XdrWriter out, int levels) {
    for (int i = 0; i < levels; i++) {
      out.int32(Nfs4.LOOKUPP.number());
    }
    return out;
  }
}
