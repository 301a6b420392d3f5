package org.nfsproxy.server.probe;

import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.TlsClients;
import org.nfsproxy.server.fakes.TlsOrigin;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * An NFS server with a few filesystems, as a test sets it up: NFS and MOUNT at one port. Fields are
 * set before the first call.
 *
 * <pre>
 *  /             the root of NFSv4's namespace, of fsid 0
 *  /NAME         a filesystem, mode 01777, with a file "secret" of root's, mode 0600
 * </pre>
 */
final class FakeNfs implements Closeable {
  private static final byte[] PSEUDO_ROOT = {9};
  private static final int SYS = 1;
  private static final int AUTH_TLS = 7;
  private static final int MODE = 01777;
  private static final int SECRET_MODE = 0600;
  private static final int ALL_ACCESS = 0x3f;
  private static final int MINOR_VERS_MISMATCH = 10021;

  /** A filesystem. */
  record Volume(byte[] handle, long fsid, long fileid) {
    byte[] secret() {
      return Arrays.copyOf(handle, handle.length + 8);
    }
  }

  /** Versions of NFS. */
  Set<Integer> versions = Set.of(3, 4);

  Set<Integer> minorVersions = Set.of(0, 1, 2);

  /** By their names, which are their paths without the slash. */
  final Map<String, Volume> volumes = new LinkedHashMap<>();

  /** What MNT and LOOKUP of a filesystem, and all else about one, is answered with. */
  int status;

  /** Flavors of MNT and SECINFO. */
  int[] flavors = {SYS};

  boolean squashesRoot;

  /** Says STARTTLS, and ends the connection then. */
  boolean offersTls;

  /** Who asks for TLS has it, with this; null: see {@link #offersTls}. */
  SSLContext tlsOnAsking;

  /** Denies calls of NFS outside TLS, but for NULL. */
  boolean requiresTls;

  /** Whether there is TLS on no connection without a certificate of the other side. */
  boolean wantsCertificate;

  /** From this call on there is silence. */
  int callsAnswered = Integer.MAX_VALUE;

  /** From this call on results are garbage. */
  int callsUnderstood = Integer.MAX_VALUE;

  long changeKind = 1;
  String owner = "fake";

  /** A server and path that every filesystem is moved to; null for none. */
  String movedTo;

  final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  final AtomicInteger sessions = new AtomicInteger();

  /** Calls outside TLS, the question for it left out. */
  final AtomicInteger clearCalls = new AtomicInteger();

  private final AtomicInteger calls = new AtomicInteger();
  private final FakeOrigin listening;

  FakeNfs() throws IOException {
    listening = FakeOrigin.start(this::serve);
  }

  FakeNfs with(String name, byte[] handle, long fsid, long fileid) {
    volumes.put(name, new Volume(handle, fsid, fileid));
    return this;
  }

  int port() {
    return listening.port();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void serve(FakeOriginConnection plain) throws IOException {
    FakeOriginConnection connection = plain;
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      if (offersTls && new Received(call).flavor == AUTH_TLS) {
        plain.send(Wire.record(TlsClients.granted(Wire.word(call, 0))));
        return;
      }
      if (tlsOnAsking != null && new Received(call).flavor == AUTH_TLS) {
        plain.send(Wire.record(TlsClients.granted(Wire.word(call, 0))));
        connection =
            TlsOrigin.shake(
                plain, tlsOnAsking, socket -> socket.setNeedClientAuth(wantsCertificate));
        continue;
      }
      if (connection == plain) {
        clearCalls.incrementAndGet();
        Received clear = new Received(call);
        if (requiresTls && clear.program == Programs.NFS && clear.procedure != 0) {
          connection.send(Wire.record(Wire.words(clear.xid, 1, 1, 1, 5)));
          continue;
        }
      }
      int number = calls.incrementAndGet();
      if (number > callsAnswered) {
        connection.beSilent();
        return;
      }
      byte[] message = answer(new Received(call));
      connection.send(
          number > callsUnderstood
              ? Wire.reply(Wire.word(call, 0), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1})
              : Wire.record(message));
    }
  }

  /** A call, read down to its arguments. */
  private static final class Received {
    final int xid;
    final int program;
    final int version;
    final int procedure;
    final int flavor;
    final int uid;
    final XdrReader in;

    Received(byte[] call) {
      in = new XdrReader().reset(Unpooled.wrappedBuffer(call));
      xid = in.int32();
      in.skip(8);
      program = in.int32();
      version = in.int32();
      procedure = in.int32();
      flavor = in.int32();
      byte[] body = in.opaque(400);
      in.int32();
      in.skipOpaque(400);
      uid = flavor == SYS ? uid(body) : 65534;
    }

    private static int uid(byte[] body) {
      XdrReader credential = new XdrReader().reset(Unpooled.wrappedBuffer(body));
      credential.int32();
      credential.skipOpaque(255);
      return credential.int32();
    }
  }

  private byte[] answer(Received call) {
    if (call.flavor == AUTH_TLS) {
      return Wire.words(call.xid, 1, 1, 1, 1);
    }
    if (call.program == Programs.MOUNT && versions.contains(3)) {
      return call.version == 3 ? results(call, mount(call)) : mismatch(call, 3, 3);
    }
    if (call.program != Programs.NFS) {
      return Wire.words(call.xid, 1, 0, 0, 0, 1);
    }
    if (!versions.contains(call.version)) {
      int low = versions.stream().min(Integer::compare).orElse(0);
      int high = versions.stream().max(Integer::compare).orElse(0);
      return mismatch(call, low, high);
    }
    return results(
        call,
        call.procedure == 0 ? out -> {} : call.version == 4 ? compound(call) : procedure3(call));
  }

  private static byte[] mismatch(Received call, int low, int high) {
    return Wire.words(call.xid, 1, 0, 0, 0, 2, low, high);
  }

  private static byte[] results(Received call, Consumer<XdrWriter> results) {
    return Wire.replyMessage(call.xid, Wire.xdr(results));
  }

  private Consumer<XdrWriter> mount(Received call) {
    Mount3 procedure = Mount3.values()[call.procedure];
    asked.add("MOUNT " + procedure);
    return switch (procedure) {
      case MNT -> {
        Volume volume = volumes.get(call.in.string(1024).substring(1));
        yield volume == null || status != 0
            ? out -> out.int32(volume == null ? 2 : status)
            : out -> {
              out.int32(0).opaque(volume.handle).int32(flavors.length);
              Arrays.stream(flavors).forEach(out::int32);
            };
      }
      case EXPORT ->
          out -> {
            volumes.keySet().forEach(name -> out.bool(true).string("/" + name).bool(false));
            out.bool(false);
          };
      default -> out -> {};
    };
  }

  private Volume volumeOf(byte[] handle) {
    return volumes.values().stream()
        .filter(each -> Arrays.equals(each.handle, handle) || Arrays.equals(each.secret(), handle))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isSecret(Volume volume, byte[] handle) {
    return handle.length > volume.handle.length;
  }

  private Consumer<XdrWriter> procedure3(Received call) {
    Nfs3 procedure = Nfs3.values()[call.procedure];
    asked.add("v3 " + procedure);
    byte[] handle = call.in.opaque(64);
    Volume volume = volumeOf(handle);
    if (status != 0) {
      return out -> out.int32(status).int32(0);
    }
    return switch (procedure) {
      case GETATTR -> out -> fattr3(out.int32(0), volume, isSecret(volume, handle));
      case FSINFO ->
          out -> {
            out.int32(0).bool(false).int32(1 << 20).int32(0).int32(0);
            out.int32(1 << 20).int32(0).int32(0).int32(0).int64(0).int64(0).int32(0);
          };
      case ACCESS ->
          out -> out.int32(0).bool(false).int32(access(isSecret(volume, handle), call.uid));
      case READDIRPLUS ->
          out -> {
            out.int32(0).bool(false).int64(0);
            fattr3(out.bool(true).int64(7).string("secret").int64(1).bool(true), volume, true);
            out.bool(true).opaque(volume.secret()).bool(false).bool(true);
          };
      default -> throw new IllegalStateException("asked for " + procedure);
    };
  }

  private int access(boolean isSecret, int uid) {
    boolean isRoot = uid == 0 && !squashesRoot;
    return isRoot ? ALL_ACCESS : isSecret ? 0 : ALL_ACCESS;
  }

  private static void fattr3(XdrWriter out, Volume volume, boolean isSecret) {
    out.int32(isSecret ? 1 : 2).int32(isSecret ? SECRET_MODE : MODE).int32(1).int32(0).int32(0);
    out.int64(0).int64(0).int64(0).int64(volume.fsid).int64(isSecret ? 7 : volume.fileid);
    out.int64(0).int64(0).int64(0);
  }

  private Consumer<XdrWriter> compound(Received call) {
    XdrReader in = call.in;
    in.skipOpaque(100);
    int minor = in.int32();
    int operations = in.int32();
    if (!minorVersions.contains(minor)) {
      return out -> out.int32(MINOR_VERS_MISMATCH).int32(0).int32(0);
    }
    List<byte[]> done = new ArrayList<>();
    byte[] current = PSEUDO_ROOT;
    int last = 0;
    for (int i = 0; i < operations && last == 0; i++) {
      Nfs4 operation = Nfs4.OPERATIONS.find(in.int32(), minor);
      asked.add("v4 " + operation);
      Step step = step(operation, in, current, call.uid);
      current = step.current;
      last = step.status;
      done.add(
          Wire.xdr(
              out -> {
                out.int32(operation.number()).int32(step.status);
                if (step.status == 0) {
                  step.results.accept(out);
                }
              }));
    }
    int status = last;
    return out -> {
      out.int32(status).int32(0).int32(done.size());
      done.forEach(out::fixed);
    };
  }

  private record Step(int status, byte[] current, Consumer<XdrWriter> results) {}

  private Step step(Nfs4 operation, XdrReader in, byte[] current, int uid) {
    return switch (operation) {
      case SEQUENCE -> {
        byte[] id = in.fixed(16);
        int sequence = in.int32();
        in.skip(3 * 4);
        yield ok(current, out -> out.fixed(id).int32(sequence).int32(0).int32(0).int32(0).int32(0));
      }
      case EXCHANGE_ID -> {
        in.int64();
        in.skipOpaque(1024);
        in.skip(3 * 4);
        yield ok(
            current,
            out -> {
              out.int64(5).int32(1).int32(0x0001_0000).int32(0);
              out.int64(0).string(owner).string("scope").int32(0);
            });
      }
      case CREATE_SESSION -> {
        sessions.incrementAndGet();
        yield ok(
            current,
            out -> {
              out.fixed(new byte[16]).int32(1).int32(2);
              for (int channel = 0; channel < 2; channel++) {
                out.int32(0).int32(1 << 20).int32(1 << 20).int32(4096).int32(50).int32(30).int32(0);
              }
            });
      }
      case DESTROY_SESSION -> {
        sessions.decrementAndGet();
        yield ok(current, out -> {});
      }
      case DESTROY_CLIENTID -> ok(current, out -> {});
      case PUTROOTFH, LOOKUPP -> ok(PSEUDO_ROOT, out -> {});
      case PUTFH -> ok(in.opaque(128), out -> {});
      case LOOKUP -> lookUp(in.string(1024), current);
      case GETFH -> ok(current, out -> out.opaque(current));
      case SECINFO -> {
        in.string(1024);
        yield ok(current, this::writeFlavors);
      }
      case SECINFO_NO_NAME -> {
        in.int32();
        yield ok(current, this::writeFlavors);
      }
      case GETATTR -> getAttr(bitmap(in), current);
      case READDIR -> {
        in.skip(8 + 8 + 4 + 4);
        int[] wanted = bitmap(in);
        yield ok(current, out -> entries(out, wanted, current));
      }
      case ACCESS -> {
        in.int32();
        Volume volume = volumeOf(current);
        int granted = access(isSecret(volume, current), uid);
        yield ok(current, out -> out.int32(ALL_ACCESS).int32(granted));
      }
      default -> throw new IllegalStateException("asked for " + operation);
    };
  }

  private static Step ok(byte[] current, Consumer<XdrWriter> results) {
    return new Step(0, current, results);
  }

  private Step lookUp(String name, byte[] current) {
    Volume volume = Arrays.equals(current, PSEUDO_ROOT) ? volumes.get(name) : null;
    int said = volume == null ? 2 : status;
    return new Step(said, volume == null ? current : volume.handle, out -> {});
  }

  private void writeFlavors(XdrWriter out) {
    out.int32(flavors.length);
    for (int flavor : flavors) {
      if (flavor >= 390003) {
        out.int32(6).opaque(new byte[9]).int32(0).int32(flavor - 390002);
      } else {
        out.int32(flavor);
      }
    }
  }

  private static int[] bitmap(XdrReader in) {
    int[] words = new int[in.count(8)];
    for (int i = 0; i < words.length; i++) {
      words[i] = in.int32();
    }
    return words;
  }

  private static boolean has(int[] wanted, Attribute4 attribute) {
    int word = attribute.number() / 32;
    return word < wanted.length && (wanted[word] & 1 << attribute.number() % 32) != 0;
  }

  private Step getAttr(int[] wanted, byte[] current) {
    boolean isPseudo = Arrays.equals(current, PSEUDO_ROOT);
    boolean isMoved = !isPseudo && movedTo != null && !has(wanted, Attribute4.FS_LOCATIONS);
    return new Step(
        isMoved ? 10019 : 0,
        current,
        out ->
            fattr4(
                out,
                wanted,
                isPseudo ? null : volumeOf(current),
                !isPseudo && isSecret(volumeOf(current), current),
                current));
  }

  private void entries(XdrWriter out, int[] wanted, byte[] current) {
    out.int64(0);
    if (Arrays.equals(current, PSEUDO_ROOT)) {
      volumes.forEach(
          (name, volume) -> {
            out.bool(true).int64(1).string(name);
            fattr4(out, wanted, volume, false, volume.handle);
          });
    } else {
      Volume volume = volumeOf(current);
      out.bool(true).int64(1).string("secret");
      fattr4(out, wanted, volume, true, volume.secret());
    }
    out.bool(false).bool(true);
  }

  private void fattr4(XdrWriter out, int[] wanted, Volume volume, boolean isSecret, byte[] handle) {
    Map<Attribute4, Consumer<XdrWriter>> given = new LinkedHashMap<>();
    int[] supported = {0xffff_ffff, 0xffff_ffff, 0xffff};
    given.put(
        Attribute4.SUPPORTED_ATTRS,
        to -> to.int32(3).int32(supported[0]).int32(supported[1]).int32(supported[2]));
    given.put(Attribute4.TYPE, to -> to.int32(isSecret ? 1 : 2));
    given.put(Attribute4.FH_EXPIRE_TYPE, to -> to.int32(0));
    given.put(Attribute4.FSID, to -> to.int64(volume == null ? 0 : volume.fsid).int64(0));
    given.put(Attribute4.LEASE_TIME, to -> to.int32(90));
    given.put(Attribute4.FILEHANDLE, to -> to.opaque(handle));
    given.put(Attribute4.FILEID, to -> to.int64(isSecret ? 7 : volume == null ? 1 : volume.fileid));
    given.put(
        Attribute4.FS_LOCATIONS,
        to -> {
          to.int32(0).int32(movedTo == null ? 0 : 1);
          if (movedTo != null) {
            to.int32(1).string(movedTo).int32(1).string("there");
          }
        });
    given.put(Attribute4.MAXREAD, to -> to.int64(1 << 20));
    given.put(Attribute4.MAXWRITE, to -> to.int64(1 << 20));
    given.put(Attribute4.MODE, to -> to.int32(isSecret ? SECRET_MODE : MODE));
    given.put(Attribute4.OWNER, to -> to.string("0"));
    given.put(Attribute4.CHANGE_ATTR_TYPE, to -> to.int32((int) changeKind));
    int[] words = new int[3];
    byte[] values =
        Wire.xdr(
            to ->
                given.forEach(
                    (attribute, value) -> {
                      if (has(wanted, attribute)) {
                        words[attribute.number() / 32] |= 1 << attribute.number() % 32;
                        value.accept(to);
                      }
                    }));
    out.int32(3).int32(words[0]).int32(words[1]).int32(words[2]).opaque(values);
  }
}
