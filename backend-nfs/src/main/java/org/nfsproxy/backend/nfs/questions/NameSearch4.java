package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.xdr.XdrReader;
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
  private static final int PAGE_BYTES = 32768;
  private static final int NAME_BYTES_MAX = 1024;

  private record Entry(
      byte[] name, @Nullable Filehandle handle, @Nullable ObjectIdentity identity) {}

  private record Page(
      @Nullable Found child, List<Entry> entries, long cookie, long verifier, boolean end) {
    static final Page BEFORE = new Page(null, List.of(), 0, 0, false);
  }

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
    return new NameSearch4(origin, directory, levels).read(Page.BEFORE).map(PathName::text);
  }

  private Future<byte[]> read(Page before) {
    return origin.ask(page(before)).compose(this::lookThrough);
  }

  private Future<byte[]> lookThrough(Page page) {
    Found child = Objects.requireNonNull(page.child, "only what is before the first page has none");
    for (Entry entry : page.entries) {
      if (child.handle().equals(entry.handle)) {
        return Future.succeededFuture(entry.name);
      }
      if (child.identity().equals(entry.identity) && alike.size() < 2) {
        alike.add(entry.name);
      }
    }
    entriesLeft -= page.entries.size();
    if (page.end || page.entries.isEmpty()) {
      return alike.size() == 1
          ? Future.succeededFuture(alike.get(0))
          : Future.failedFuture(new NfsStatusException(NfsStatus.NOENT));
    }
    if (entriesLeft <= 0 || System.nanoTime() - beganNanos > NANOS_MAX) {
      return Future.failedFuture(new IOException("the directory above is too long to read"));
    }
    return read(page);
  }

  private Compound<Page> page(Page before) {
    return new Compound<>(
        levels + 4,
        out -> {
          climb(Compound.putFh(out, directory), levels - 1);
          out.int32(Nfs4.GETFH.number()).int32(Nfs4.GETATTR.number());
          Attributes4.ask(out, Attributes4.TYPE, Attributes4.FSID, Attributes4.FILEID);
          climb(out, 1).int32(Nfs4.READDIR.number());
          out.int64(before.cookie).int64(before.verifier).int32(PAGE_BYTES).int32(PAGE_BYTES);
          Attributes4.ask(
              out,
              Attributes4.TYPE,
              Attributes4.FSID,
              Attributes4.RDATTR_ERROR,
              Attributes4.FILEHANDLE,
              Attributes4.FILEID);
        },
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          for (int i = 1; i < levels; i++) {
            Compound.expect(in, Nfs4.LOOKUPP);
          }
          Found child = PathQuestions.found4(in);
          Compound.expect(in, Nfs4.LOOKUPP);
          Compound.expect(in, Nfs4.READDIR);
          return page(child, in);
        });
  }

  private static XdrWriter climb(XdrWriter out, int levels) {
    for (int i = 0; i < levels; i++) {
      out.int32(Nfs4.LOOKUPP.number());
    }
    return out;
  }

  private static Page page(Found child, XdrReader in) {
    long verifier = in.int64();
    List<Entry> entries = new ArrayList<>();
    long cookie = 0;
    while (in.bool()) {
      cookie = in.int64();
      byte[] name = in.opaque(NAME_BYTES_MAX);
      Attributes4 got = Attributes4.read(in);
      Filehandle handle = got.handle().length == 0 ? null : Filehandle.of(got.handle());
      ObjectIdentity identity =
          got.fsidGiven()
              ? new ObjectIdentity(got.fsidMajor(), got.fsidMinor(), got.fileid(), got.type())
              : null;
      entries.add(new Entry(name, handle, identity));
    }
    return new Page(child, entries, cookie, verifier, in.bool());
  }
}
