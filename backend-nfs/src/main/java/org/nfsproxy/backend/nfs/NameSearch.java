package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Nfs3;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.xdr.XdrReader;

/** Looks for the name of a directory by reading the directory above. Used once. */
// It is found by its handle, never by its fileid alone: a directory that is covered by a mount has
// another one in the list than when it is looked at, and btrfs gives the same to every subvolume.
//
// NFSv4 lists what is mounted (only mounted_on_fileid would be of what is covered), with its
// handle.
// Should an origin have several handles for one object, the one entry with its fsid and fileid is
// it,
// if there is one and no second.
//
// NFSv3 lists what is covered: READDIRPLUS of a Linux server gives such entries neither attributes
// nor handle. Those are looked up, after the list, and compared; directories of other handles too,
// as other servers may show the handle of what is covered.
final class NameSearch {
  /** As many as PseudoRootWalk reads. */
  private static final int ENTRIES_MAX = 65536;

  /** Entries looked up in NFSv3; few directories have as many mount points. */
  private static final int LOOKUPS_MAX = 512;

  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private static final int PAGE_BYTES = 32768;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int NOENT = 2;

  private record Entry(byte[] name, Filehandle handle, ObjectIdentity identity) {
    boolean isDots() {
      return name.length == 1 && name[0] == '.'
          || name.length == 2 && name[0] == '.' && name[1] == '.';
    }
  }

  private record Page(List<Entry> entries, long cookie, byte[] verifier, boolean end) {
    static final Page BEFORE = new Page(List.of(), 0, new byte[8], false);
  }

  private final Questioner origin;
  private final PathQuestions paths;
  private final Filehandle directory;
  private final Filehandle child;
  private final int nfsVersion;
  private final ObjectIdentity identity;
  private final long beganNanos = System.nanoTime();
  private final List<byte[]> alike = new ArrayList<>();
  private final Queue<byte[]> bare = new ArrayDeque<>();
  private final Queue<byte[]> directories = new ArrayDeque<>();
  private int entriesLeft = ENTRIES_MAX;
  private int lookupsLeft = LOOKUPS_MAX;

  private NameSearch(
      Questioner origin,
      PathQuestions paths,
      Filehandle directory,
      Filehandle child,
      int nfsVersion,
      ObjectIdentity identity) {
    this.origin = origin;
    this.paths = paths;
    this.directory = directory;
    this.child = child;
    this.nfsVersion = nfsVersion;
    this.identity = identity;
  }

  /** The name; fails with NOENT if none leads to it. */
  static Future<String> begin(
      Questioner origin,
      PathQuestions paths,
      Filehandle directory,
      Filehandle child,
      int nfsVersion) {
    if (nfsVersion != 3 && nfsVersion != 4) {
      String message = "no such question in NFS version " + nfsVersion;
      return Future.failedFuture(new IllegalArgumentException(message));
    }
    return NfsQuestions.IDENTIFY
        .get(nfsVersion)
        .ask(origin, child)
        .map(it -> new NameSearch(origin, paths, directory, child, nfsVersion, it))
        .compose(search -> search.read(Page.BEFORE))
        .map(PathName::text);
  }

  private Future<byte[]> read(Page before) {
    return (nfsVersion == 4 ? origin.ask(page4(before)) : origin.ask(page3(before)))
        .compose(
            page -> {
              for (Entry entry : page.entries) {
                if (child.equals(entry.handle)) {
                  return Future.succeededFuture(entry.name);
                }
                remember(entry);
              }
              entriesLeft -= page.entries.size();
              if (page.end || page.entries.isEmpty()) {
                return notInTheList();
              }
              return isSpent() ? spent() : read(page);
            });
  }

  private void remember(Entry entry) {
    if (entry.isDots()) {
      return;
    }
    if (entry.handle == null) {
      add(bare, entry.name);
    } else if (entry.identity != null && entry.identity.type() == ObjectIdentity.DIRECTORY) {
      add(directories, entry.name);
    }
    if (identity.equals(entry.identity) && alike.size() < 2) {
      alike.add(entry.name);
    }
  }

  private static void add(Queue<byte[]> queue, byte[] name) {
    if (queue.size() < LOOKUPS_MAX) {
      queue.add(name);
    }
  }

  private boolean isSpent() {
    return entriesLeft <= 0 || System.nanoTime() - beganNanos > NANOS_MAX;
  }

  private static <T> Future<T> spent() {
    return Future.failedFuture(new IOException("the directory above is too long to read"));
  }

  private Future<byte[]> notInTheList() {
    if (nfsVersion == 3) {
      bare.addAll(directories);
      return lookUpNext();
    }
    return alike.size() == 1 ? Future.succeededFuture(alike.get(0)) : none();
  }

  private static <T> Future<T> none() {
    return Future.failedFuture(new NfsStatusException(NOENT));
  }

  private Future<byte[]> lookUpNext() {
    byte[] name = bare.poll();
    if (name == null) {
      return none();
    }
    if (lookupsLeft-- <= 0 || isSpent()) {
      return spent();
    }
    return paths
        .lookUp(directory, name, 3)
        .map(found -> found.handle().equals(child))
        .recover(
            failure ->
                failure instanceof NfsStatusException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .compose(isIt -> isIt ? Future.succeededFuture(name) : lookUpNext());
  }

  private Compound<Page> page4(Page before) {
    return new Compound<>(
        2,
        out -> {
          Compound.putFh(out, directory).int32(Nfs4.READDIR.number());
          out.int64(before.cookie).fixed(before.verifier).int32(PAGE_BYTES).int32(PAGE_BYTES);
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
          Compound.expect(in, Nfs4.READDIR);
          return entries4(in);
        });
  }

  private static Page entries4(XdrReader in) {
    byte[] verifier = in.fixed(8);
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
    return new Page(entries, cookie, verifier, in.bool());
  }

  private Question<Page> page3(Page before) {
    return new Question<>(
        Programs.NFS,
        3,
        Nfs3.READDIRPLUS.number(),
        out ->
            out.opaque(directory.bytes())
                .int64(before.cookie)
                .fixed(before.verifier)
                .int32(PAGE_BYTES)
                .int32(PAGE_BYTES),
        in -> {
          NfsQuestions.succeed(in);
          if (in.bool()) {
            NfsQuestions.identity3(in);
          }
          return entries3(in);
        });
  }

  private static Page entries3(XdrReader in) {
    byte[] verifier = in.fixed(8);
    List<Entry> entries = new ArrayList<>();
    long cookie = 0;
    while (in.bool()) {
      in.int64(); // fileid: of what is covered
      byte[] name = in.opaque(NAME_BYTES_MAX);
      cookie = in.int64();
      ObjectIdentity identity = in.bool() ? NfsQuestions.identity3(in) : null;
      Filehandle handle = in.bool() ? Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX)) : null;
      entries.add(new Entry(name, handle, identity));
    }
    return new Page(entries, cookie, verifier, in.bool());
  }
}
