package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.xdr.XdrReader;

/** Looks at a filesystem by its path in the NFSv4 namespace. */
final class Filesystem4Look {
  /** With what is around them, within the fewest operations servers take. */
  private static final int NAMES_AT_ONCE = 8;

  private static final int CURRENT_FH = 0;
  private static final int OID_BYTES_MAX = 64;
  private static final int FLAVORS_MAX = 64;
  private static final int READDIR_BYTES = 16384;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int LIST_MAX = 64;
  private static final int BITMAP_WORDS_MAX = 32;
  private static final int NAME_CHARS_MAX = 100;

  private static final Attribute4[] OF_ROOT = {
    Attribute4.SUPPORTED_ATTRS,
    Attribute4.TYPE,
    Attribute4.FH_EXPIRE_TYPE,
    Attribute4.FSID,
    Attribute4.LEASE_TIME,
    Attribute4.FILEID,
    Attribute4.MAXREAD,
    Attribute4.MAXWRITE,
    Attribute4.MODE,
    Attribute4.OWNER
  };

  private static final Attribute4[] OF_ENTRIES = {
    Attribute4.TYPE,
    Attribute4.FSID,
    Attribute4.RDATTR_ERROR,
    Attribute4.FILEHANDLE,
    Attribute4.MODE,
    Attribute4.OWNER
  };

  /** Where a path goes on from: a handle that was found, or the root of the namespace. */
  private record Start(@Nullable Filehandle at, List<byte[]> names) {
    OperationList operations() {
      OperationList begun = new OperationList();
      return at == null ? begun.add(Nfs4.PUTROOTFH) : begun.putFh(at);
    }

    void expect(XdrReader in) throws NoAnswerException {
      ProbeCompounds.expect(in, at == null ? Nfs4.PUTROOTFH : Nfs4.PUTFH);
    }
  }

  private final ProbeCompounds origin;
  private final PortQuestion4 ports;
  private final FilesystemView view = new FilesystemView(4);
  private int[] supported = new int[0];
  private long leaseSeconds;

  /**
   * One look.
   *
   * @param origin asked as the proxy asks
   * @param ports asked from another source port
   */
  Filesystem4Look(ProbeCompounds origin, PortQuestion4 ports) {
    this.origin = origin;
    this.ports = ports;
  }

  /** Looks; what cannot be seen is left out. */
  FilesystemView look(String path) {
    try {
      Start start = start(PathBytes.names(path));
      askFlavors(start);
      SeenEntry root = askRoot(start);
      askFurther(root.handle());
      view.port = ports.ask(root.handle());
      List<SeenEntry> entries = askEntries(root.handle());
      view.rootAccess = new RootQuestion(this::access).ask(root, entries);
    } catch (NoAnswerException none) {
      view.fail(none);
      view.port = view.isReached() ? view.port : ports.ofRefusal(none);
    }
    return view;
  }

  /** lease_time, 0 if it was not told. */
  long leaseSeconds() {
    return leaseSeconds;
  }

  private Start start(List<byte[]> names) throws NoAnswerException {
    Start start = new Start(null, names);
    while (start.names.size() > NAMES_AT_ONCE) {
      Start from = start;
      List<byte[]> now = from.names.subList(0, NAMES_AT_ONCE);
      Filehandle at =
          origin.ask(
              ProbeCredentials.ROOT,
              from.operations().lookUp(now).add(Nfs4.GETFH),
              in -> {
                from.expect(in);
                ProbeCompounds.expectLookUps(in, now.size());
                return handle(in);
              });
      start = new Start(at, from.names.subList(NAMES_AT_ONCE, from.names.size()));
    }
    return start;
  }

  private static Filehandle handle(XdrReader in) throws NoAnswerException {
    ProbeCompounds.expect(in, Nfs4.GETFH);
    return Filehandle.of(in.opaque(Filehandle.NFS4_BYTES_MAX));
  }

  // A refusal here says nothing of the filesystem itself.
  private void askFlavors(Start start) {
    try {
      if (!start.names.isEmpty()) {
        secInfo(start);
      } else if (origin.minorVersion() > 0) {
        secInfoNoName(start);
      }
    } catch (NoAnswerException none) {
      view.flavors.clear();
    }
  }

  private void secInfo(Start start) throws NoAnswerException {
    int parents = start.names.size() - 1;
    byte[] name = start.names.get(parents);
    origin.ask(
        ProbeCredentials.ROOT,
        start
            .operations()
            .lookUp(start.names.subList(0, parents))
            .add(Nfs4.SECINFO, out -> out.opaque(name)),
        in -> {
          start.expect(in);
          ProbeCompounds.expectLookUps(in, parents);
          ProbeCompounds.expect(in, Nfs4.SECINFO);
          return readFlavors(in);
        });
  }

  private void secInfoNoName(Start start) throws NoAnswerException {
    origin.ask(
        ProbeCredentials.ROOT,
        start.operations().add(Nfs4.SECINFO_NO_NAME, out -> out.int32(CURRENT_FH)),
        in -> {
          start.expect(in);
          ProbeCompounds.expect(in, Nfs4.SECINFO_NO_NAME);
          return readFlavors(in);
        });
  }

  private int readFlavors(XdrReader in) {
    int count = in.count(FLAVORS_MAX);
    for (int i = 0; i < count; i++) {
      int flavor = in.int32();
      if (flavor == AuthFlavor.RPCSEC_GSS) {
        in.skipOpaque(OID_BYTES_MAX);
        in.int32(); // quality
        view.flavors.add(FlavorName.ofService(in.int32()));
      } else {
        view.flavors.add(FlavorName.of(flavor));
      }
    }
    return count;
  }

  private SeenEntry askRoot(Start start) throws NoAnswerException {
    try {
      return origin.ask(
          ProbeCredentials.ROOT,
          start.operations().lookUp(start.names).add(Nfs4.GETFH).getAttr(OF_ROOT),
          in -> {
            start.expect(in);
            ProbeCompounds.expectLookUps(in, start.names.size());
            Filehandle at = handle(in);
            ProbeCompounds.expect(in, Nfs4.GETATTR);
            return readRoot(at, Fattr4.read(in));
          });
    } catch (NoAnswerException none) {
      if (none.status() == StatusName.MOVED) {
        askWhereTo(start);
      }
      throw none;
    }
  }

  private SeenEntry readRoot(Filehandle at, Fattr4 given) {
    view.hasIdentity = given.has(Attribute4.FSID);
    if (view.hasIdentity) {
      XdrReader fsid = given.at(Attribute4.FSID);
      view.fsidMajor = fsid.int64();
      view.fsidMinor = fsid.int64();
    }
    view.fileid = given.hyper(Attribute4.FILEID, 0);
    view.readMax = given.hyper(Attribute4.MAXREAD, -1);
    view.writeMax = given.hyper(Attribute4.MAXWRITE, -1);
    view.expireType = given.word(Attribute4.FH_EXPIRE_TYPE, -1);
    view.changeKind = given.word(Attribute4.CHANGE_ATTR_TYPE, -1);
    supported = given.has(Attribute4.SUPPORTED_ATTRS) ? bitmap(given) : supported;
    leaseSeconds = given.word(Attribute4.LEASE_TIME, 0);
    view.root = at;
    return entry("", at, given);
  }

  private static int[] bitmap(Fattr4 given) {
    XdrReader in = given.at(Attribute4.SUPPORTED_ATTRS);
    int[] words = new int[in.count(BITMAP_WORDS_MAX)];
    for (int i = 0; i < words.length; i++) {
      words[i] = in.int32();
    }
    return words;
  }

  private boolean isSupported(Attribute4 attribute) {
    int word = attribute.number() / 32;
    return word < supported.length && (supported[word] & 1 << attribute.number() % 32) != 0;
  }

  private static SeenEntry entry(String name, Filehandle at, Fattr4 given) {
    return new SeenEntry(
        name,
        at,
        (int) given.word(Attribute4.MODE, -1),
        owner(given),
        (int) given.word(Attribute4.TYPE, 0));
  }

  /** A number, or root by its name; RFC 7530 section 5.9. */
  private static long owner(Fattr4 given) {
    if (!given.has(Attribute4.OWNER)) {
      return -1;
    }
    String owner = given.at(Attribute4.OWNER).string(NAME_BYTES_MAX);
    if (owner.matches("[0-9]{1,9}")) {
      return Long.parseLong(owner);
    }
    return owner.equals("root") || owner.startsWith("root@") ? 0 : -1;
  }

  private void askWhereTo(Start start) {
    try {
      origin.ask(
          ProbeCredentials.ROOT,
          start.operations().lookUp(start.names).getAttr(Attribute4.FS_LOCATIONS),
          in -> {
            start.expect(in);
            ProbeCompounds.expectLookUps(in, start.names.size());
            ProbeCompounds.expect(in, Nfs4.GETATTR);
            return readLocations(Fattr4.read(in));
          });
    } catch (NoAnswerException notTold) {
      view.locations.clear();
    }
  }

  // Each by itself, and only where the server says that it has it: there are servers that fail the
  // whole GETATTR for one of these (Ganesha says INVAL).
  private void askFurther(Filehandle root) {
    ask(root, Attribute4.FS_LOCATIONS, this::readLocations);
    ask(
        root,
        Attribute4.FS_LAYOUT_TYPES,
        given -> {
          view.layoutTypes = given.at(Attribute4.FS_LAYOUT_TYPES).count(LIST_MAX);
          return view.layoutTypes;
        });
    ask(
        root,
        Attribute4.CHANGE_ATTR_TYPE,
        given -> {
          view.changeKind = given.word(Attribute4.CHANGE_ATTR_TYPE, -1);
          return 1;
        });
  }

  private void ask(Filehandle root, Attribute4 attribute, ToIntFunction<Fattr4> reading) {
    if (!isSupported(attribute)) {
      return;
    }
    try {
      origin.ask(
          ProbeCredentials.ROOT,
          new OperationList().putFh(root).getAttr(attribute),
          in -> {
            ProbeCompounds.expect(in, Nfs4.PUTFH);
            ProbeCompounds.expect(in, Nfs4.GETATTR);
            Fattr4 given = Fattr4.read(in);
            return given.has(attribute) ? reading.applyAsInt(given) : 0;
          });
    } catch (NoAnswerException notTold) {
      return;
    }
  }

  /** fs_locations4, RFC 7530 section 8.6: the root's path; of each location its servers, a path. */
  private int readLocations(Fattr4 given) {
    if (!given.has(Attribute4.FS_LOCATIONS)) {
      return 0;
    }
    XdrReader in = given.at(Attribute4.FS_LOCATIONS);
    path(in);
    int count = in.count(LIST_MAX);
    for (int i = 0; i < count; i++) {
      List<String> servers = new ArrayList<>();
      int names = in.count(LIST_MAX);
      for (int server = 0; server < names; server++) {
        servers.add(Printable.text(in.opaque(NAME_BYTES_MAX), NAME_CHARS_MAX));
      }
      view.locations.add(String.join(",", servers) + ":" + path(in));
    }
    return count;
  }

  private static String path(XdrReader in) {
    StringBuilder path = new StringBuilder();
    int names = in.count(NAME_BYTES_MAX);
    for (int i = 0; i < names; i++) {
      path.append('/').append(Printable.text(in.opaque(NAME_BYTES_MAX), NAME_CHARS_MAX));
    }
    return Printable.text(path.toString(), NAME_CHARS_MAX);
  }

  private List<SeenEntry> askEntries(Filehandle root) {
    try {
      List<SeenEntry> entries =
          origin.ask(
              ProbeCredentials.ROOT,
              new OperationList()
                  .putFh(root)
                  .add(
                      Nfs4.READDIR,
                      out -> {
                        out.int64(0).int64(0).int32(READDIR_BYTES).int32(READDIR_BYTES);
                        OperationList.bitmap(out, OF_ENTRIES);
                      }),
              this::readEntries);
      view.entriesSeen = entries.size();
      view.entryHandleBytes =
          entries.stream().mapToInt(seen -> seen.handle().length()).max().orElse(0);
      return entries;
    } catch (NoAnswerException none) {
      return List.of();
    }
  }

  private List<SeenEntry> readEntries(XdrReader in) throws NoAnswerException {
    ProbeCompounds.expect(in, Nfs4.PUTFH);
    ProbeCompounds.expect(in, Nfs4.READDIR);
    in.int64();
    List<SeenEntry> entries = new ArrayList<>();
    while (in.bool()) {
      in.int64();
      String name = Printable.text(in.opaque(NAME_BYTES_MAX), NAME_CHARS_MAX);
      Fattr4 given = Fattr4.read(in);
      if (given.has(Attribute4.FILEHANDLE) && isOfThisFilesystem(given)) {
        byte[] handle = given.at(Attribute4.FILEHANDLE).opaque(Filehandle.NFS4_BYTES_MAX);
        entries.add(entry(name, Filehandle.of(handle), given));
      }
    }
    return entries;
  }

  private boolean isOfThisFilesystem(Fattr4 given) {
    if (!given.has(Attribute4.FSID)) {
      return false;
    }
    XdrReader fsid = given.at(Attribute4.FSID);
    return fsid.int64() == view.fsidMajor && fsid.int64() == view.fsidMinor;
  }

  private int access(Filehandle object, int uid) throws NoAnswerException {
    return origin.ask(
        ProbeCredentials.of(uid),
        new OperationList().putFh(object).add(Nfs4.ACCESS, out -> out.int32(RootQuestion.ALL)),
        in -> {
          ProbeCompounds.expect(in, Nfs4.PUTFH);
          ProbeCompounds.expect(in, Nfs4.ACCESS);
          in.int32(); // which bits it looked at
          return in.int32();
        });
  }
}
