package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Looks at a filesystem by MOUNT and NFSv3. */
// MNT makes a server note a client in a list that it shows (rmtab); UMNT takes us out again.
final class Filesystem3Look {
  private static final int FLAVORS_MAX = 64;
  private static final int READDIR_BYTES = 16384;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int NAME_CHARS_MAX = 100;

  private final ProbeConnection nfs;
  private final ProbeConnection unreserved;
  private final ProbeConnection mount;
  private final boolean isReserved;
  private final FilesystemView view = new FilesystemView(3);

  /**
   * One look.
   *
   * @param nfs asked as the proxy asks
   * @param unreserved asked from a port above 1023
   * @param isReserved whether the first leaves from a port below 1024
   */
  Filesystem3Look(
      ProbeConnection nfs, ProbeConnection unreserved, ProbeConnection mount, boolean isReserved) {
    this.nfs = nfs;
    this.unreserved = unreserved;
    this.mount = mount;
    this.isReserved = isReserved;
  }

  /** Looks; what cannot be seen is left out. */
  FilesystemView look(String path) {
    byte[] bytes = PathBytes.bytes(path);
    try {
      Filehandle root = mnt(bytes);
      try {
        lookAt(root);
      } finally {
        unmount(bytes);
      }
    } catch (NoAnswerException none) {
      view.fail(none);
      if (!view.hasIdentity) {
        view.port = PortQuestion4.ofRefusal(isReserved, none);
      }
    }
    return view;
  }

  private void lookAt(Filehandle handle) throws NoAnswerException {
    SeenEntry root = nfs3(nfs, Nfs3.GETATTR, handle, out -> {}, in -> readRoot(handle, in));
    nfs3(nfs, Nfs3.FSINFO, handle, out -> {}, this::readSizes);
    view.port = askPort(handle);
    List<SeenEntry> entries = askEntries(handle);
    view.rootAccess = new RootQuestion(this::access).ask(root, entries);
  }

  private Filehandle mnt(byte[] path) throws NoAnswerException {
    return mount.ask(
        Programs.MOUNT,
        3,
        Mount3.MNT.number(),
        ProbeCredentials.ROOT,
        out -> out.opaque(path),
        in -> {
          succeed(in);
          Filehandle root = Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
          view.root = root;
          int flavors = in.count(FLAVORS_MAX);
          for (int i = 0; i < flavors; i++) {
            view.flavors.add(FlavorName.of(in.int32()));
          }
          return root;
        });
  }

  private void unmount(byte[] path) {
    try {
      mount.ask(
          Programs.MOUNT,
          3,
          Mount3.UMNT.number(),
          ProbeCredentials.ROOT,
          out -> out.opaque(path),
          in -> in);
    } catch (NoAnswerException noteStays) {
      return; // a line in a list, and nothing else
    }
  }

  private static void succeed(XdrReader in) throws NoAnswerException {
    int status = in.int32();
    if (status != 0) {
      throw NoAnswerException.status(status);
    }
  }

  private static <T> T nfs3(
      ProbeConnection to,
      Nfs3 procedure,
      Filehandle handle,
      Consumer<XdrWriter> further,
      Reading<T> reading)
      throws NoAnswerException {
    return nfs3(to, procedure, ProbeCredentials.ROOT, handle, further, reading);
  }

  private static <T> T nfs3(
      ProbeConnection to,
      Nfs3 procedure,
      CallCredential as,
      Filehandle handle,
      Consumer<XdrWriter> further,
      Reading<T> reading)
      throws NoAnswerException {
    return to.ask(
        Programs.NFS,
        3,
        procedure.number(),
        as,
        out -> further.accept(out.opaque(handle.bytes())),
        in -> {
          succeed(in);
          return reading.read(in);
        });
  }

  private SeenEntry readRoot(Filehandle handle, XdrReader in) {
    Fattr3 given = Fattr3.read(in);
    view.fsidMajor = given.fsid();
    view.fileid = given.fileid();
    view.hasIdentity = true;
    return given.entry("", handle);
  }

  private long readSizes(XdrReader in) {
    Fattr3.readOptional(in);
    view.readMax = in.uint32();
    in.skip(2 * 4); // preferred, multiple
    view.writeMax = in.uint32();
    return view.writeMax;
  }

  private PortNeed askPort(Filehandle handle) {
    if (!isReserved) {
      return PortNeed.ANY;
    }
    try {
      return nfs3(unreserved, Nfs3.GETATTR, handle, out -> {}, in -> PortNeed.ANY);
    } catch (NoAnswerException none) {
      return none.isRefusal() ? PortNeed.RESERVED : PortNeed.UNKNOWN;
    }
  }

  private List<SeenEntry> askEntries(Filehandle handle) {
    try {
      List<SeenEntry> entries =
          nfs3(
              nfs,
              Nfs3.READDIRPLUS,
              handle,
              out -> out.int64(0).int64(0).int32(READDIR_BYTES).int32(READDIR_BYTES),
              this::readEntries);
      view.entriesSeen = entries.size();
      view.entryHandleBytes =
          entries.stream().mapToInt(seen -> seen.handle().length()).max().orElse(0);
      return entries;
    } catch (NoAnswerException none) {
      return List.of();
    }
  }

  private List<SeenEntry> readEntries(XdrReader in) {
    Fattr3.readOptional(in);
    in.int64();
    List<SeenEntry> entries = new ArrayList<>();
    while (in.bool()) {
      in.int64();
      byte[] name = in.opaque(NAME_BYTES_MAX);
      in.int64();
      Fattr3 given = Fattr3.readOptional(in);
      byte[] handle = in.bool() ? in.opaque(Filehandle.NFS3_BYTES_MAX) : null;
      if (given != null && handle != null && given.fsid() == view.fsidMajor && !isDots(name)) {
        entries.add(given.entry(Printable.text(name, NAME_CHARS_MAX), Filehandle.of(handle)));
      }
    }
    return entries;
  }

  private static boolean isDots(byte[] name) {
    return name.length > 0
        && name[0] == '.'
        && (name.length == 1 || name.length == 2 && name[1] == '.');
  }

  private int access(Filehandle object, int uid) throws NoAnswerException {
    return nfs3(
        nfs,
        Nfs3.ACCESS,
        ProbeCredentials.of(uid),
        object,
        out -> out.int32(RootQuestion.ALL),
        in -> {
          Fattr3.readOptional(in);
          return in.int32();
        });
  }
}
