package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Makes calls to an engine as bytes, and reads all of each reply: not a byte may be left over. */
public final class Nfs3Calls {
  static final int XID = 0x0badcafe;

  private final Engine engine;
  private final CallCredential credential;

  Nfs3Calls(Engine engine, CallCredential credential) {
    this.engine = engine;
    this.credential = credential;
  }

  public Nfs3Calls as(int uid, int gid, int... gids) {
    return new Nfs3Calls(engine, CallCredential.sys("test", uid, gid, gids));
  }

  public Nfs3Calls with(CallCredential other) {
    return new Nfs3Calls(engine, other);
  }

  /** The reply's message, without marker. */
  public XdrReader reply(int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    ByteBuf call = Unpooled.buffer();
    XdrWriter out = new XdrWriter(call).int32(XID).int32(0).int32(2);
    out.int32(program).int32(version).int32(procedure);
    credential.write(out);
    CallCredential.NONE.write(out);
    arguments.accept(out);
    return answer(call);
  }

  public XdrReader answer(ByteBuf call) {
    ByteBuf record = engine.answer(call, 0).orElseThrow();
    byte[] bytes = ByteBufUtil.getBytes(record);
    record.release();
    XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(bytes));
    assertEquals(0x8000_0000 | bytes.length - 4, in.int32(), "record marker");
    assertEquals(0, bytes.length % 4, "length of the record");
    return in;
  }

  /** The results of a call that was executed. */
  public XdrReader results(int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    XdrReader in = reply(program, version, procedure, arguments);
    assertEquals(XID, in.int32());
    assertEquals(1, in.int32(), "REPLY");
    assertEquals(0, in.int32(), "MSG_ACCEPTED");
    assertEquals(0L, in.int64(), "verifier");
    assertEquals(0, in.int32(), "SUCCESS");
    return in;
  }

  public XdrReader nfs(int procedure, Consumer<XdrWriter> arguments) {
    return results(100003, 3, procedure, arguments);
  }

  public static byte[] name(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static void done(XdrReader in) {
    assertEquals(0, in.remaining(), "bytes left over");
  }

  public static Attributes attributes(XdrReader in) {
    return new Attributes(
        FileType.of(in.int32()),
        in.int32(),
        in.int32(),
        in.int32(),
        in.int32(),
        in.int64(),
        in.int64(),
        new Attributes.Device(in.int32(), in.int32()),
        in.int64(),
        in.int64(),
        time(in),
        time(in),
        time(in));
  }

  public static FileTime time(XdrReader in) {
    return new FileTime(in.int32(), in.int32());
  }

  public static Optional<Attributes> postOp(XdrReader in) {
    return in.bool() ? Optional.of(attributes(in)) : Optional.empty();
  }

  /** {@code wcc_attr}. */
  public record Before(long size, FileTime mtime, FileTime ctime) {}

  /** {@code wcc_data}. */
  public record Wcc(Optional<Before> before, Optional<Attributes> after) {
    /** Whether both are there and differ, as after a change. */
    boolean changed() {
      return !before.orElseThrow().ctime().equals(after.orElseThrow().ctime());
    }
  }

  public static Wcc wcc(XdrReader in) {
    Optional<Before> before =
        in.bool() ? Optional.of(new Before(in.int64(), time(in), time(in))) : Optional.empty();
    return new Wcc(before, postOp(in));
  }

  public static void write(XdrWriter out, AttributeChange change) {
    for (OptionalInt number : List.of(change.mode(), change.uid(), change.gid())) {
      out.bool(number.isPresent());
      number.ifPresent(out::int32);
    }
    out.bool(change.size().isPresent());
    change.size().ifPresent(out::int64);
    for (TimeChange time : List.of(change.atime(), change.mtime())) {
      out.int32(time.how().ordinal());
      time.time().ifPresent(set -> out.int32(set.seconds()).int32(set.nanos()));
    }
  }

  /** A status and the object's attributes. */
  public record Got(int status, Optional<Attributes> attributes) {
    public Attributes ok() {
      assertEquals(0, status);
      return attributes.orElseThrow();
    }
  }

  public Got getattr(byte[] handle) {
    XdrReader in = nfs(1, out -> out.opaque(handle));
    int status = in.int32();
    Got got = new Got(status, status == 0 ? Optional.of(attributes(in)) : Optional.empty());
    done(in);
    return got;
  }

  /** A status and wcc data. */
  public record Changed(int status, Wcc wcc) {}

  public Changed setattr(byte[] handle, AttributeChange change, Optional<FileTime> guard) {
    return changed(
        nfs(
            2,
            out -> {
              write(out.opaque(handle), change);
              out.bool(guard.isPresent());
              guard.ifPresent(time -> out.int32(time.seconds()).int32(time.nanos()));
            }));
  }

  private static Changed changed(XdrReader in) {
    Changed changed = new Changed(in.int32(), wcc(in));
    done(in);
    return changed;
  }

  /** LOOKUP's results. */
  public record Looked(
      int status, byte[] handle, Optional<Attributes> object, Optional<Attributes> directory) {}

  public Looked lookup(byte[] directory, byte[] name) {
    XdrReader in = nfs(3, out -> out.opaque(directory).opaque(name));
    int status = in.int32();
    byte[] handle = status == 0 ? in.opaque(64) : new byte[0];
    Optional<Attributes> object = status == 0 ? postOp(in) : Optional.empty();
    Looked looked = new Looked(status, handle, object, postOp(in));
    done(in);
    return looked;
  }

  public Looked lookup(byte[] directory, String name) {
    return lookup(directory, name(name));
  }

  /** ACCESS's results, or -1 and the status negated. */
  public int access(byte[] handle, int asked) {
    XdrReader in = nfs(4, out -> out.opaque(handle).int32(asked));
    int status = in.int32();
    postOp(in);
    int granted = status == 0 ? in.int32() : -status;
    done(in);
    return granted;
  }

  /** READLINK's results. */
  public record Target(int status, byte[] target) {}

  public Target readlink(byte[] handle) {
    XdrReader in = nfs(5, out -> out.opaque(handle));
    int status = in.int32();
    postOp(in);
    Target target = new Target(status, status == 0 ? in.opaque(4096) : new byte[0]);
    done(in);
    return target;
  }

  /** READ's results. */
  public record Read(int status, Optional<Attributes> attributes, boolean eof, byte[] bytes) {}

  public Read read(byte[] handle, long offset, int count) {
    XdrReader in = nfs(6, out -> out.opaque(handle).int64(offset).int32(count));
    int status = in.int32();
    Optional<Attributes> attributes = postOp(in);
    if (status != 0) {
      done(in);
      return new Read(status, attributes, false, new byte[0]);
    }
    int length = in.int32();
    boolean eof = in.bool();
    byte[] bytes = in.opaque(1 << 20);
    assertEquals(length, bytes.length);
    done(in);
    return new Read(status, attributes, eof, bytes);
  }

  /** WRITE's results. */
  public record Written(int status, Wcc wcc, int count, int committed, long verifier) {}

  public Written write(byte[] handle, long offset, int stable, byte[] bytes) {
    XdrReader in =
        nfs(
            7,
            out ->
                out.opaque(handle).int64(offset).int32(bytes.length).int32(stable).opaque(bytes));
    int status = in.int32();
    Wcc wcc = wcc(in);
    Written written =
        status == 0
            ? new Written(status, wcc, in.int32(), in.int32(), in.int64())
            : new Written(status, wcc, 0, 0, 0);
    done(in);
    return written;
  }

  /** What CREATE, MKDIR, SYMLINK and MKNOD result in. */
  public record Made(int status, byte[] handle, Optional<Attributes> object, Wcc wcc) {
    public byte[] ok() {
      assertEquals(0, status);
      return handle;
    }
  }

  private static Made made(XdrReader in) {
    int status = in.int32();
    byte[] handle = status == 0 && in.bool() ? in.opaque(64) : new byte[0];
    Optional<Attributes> object = status == 0 ? postOp(in) : Optional.empty();
    Made made = new Made(status, handle, object, wcc(in));
    done(in);
    return made;
  }

  /** Mode 0 is UNCHECKED, 1 is GUARDED. */
  public Made create(byte[] directory, byte[] name, int mode, AttributeChange attributes) {
    return made(nfs(8, out -> write(out.opaque(directory).opaque(name).int32(mode), attributes)));
  }

  public Made create(byte[] directory, String name) {
    return create(directory, name(name), 1, AttributeChange.mode(0644));
  }

  public Made createExclusive(byte[] directory, String name, long verifier) {
    return made(nfs(8, out -> out.opaque(directory).opaque(name(name)).int32(2).int64(verifier)));
  }

  public Made mkdir(byte[] directory, String name, AttributeChange attributes) {
    return made(nfs(9, out -> write(out.opaque(directory).opaque(name(name)), attributes)));
  }

  public Made mkdir(byte[] directory, String name) {
    return mkdir(directory, name, AttributeChange.mode(0755));
  }

  public Made symlink(byte[] directory, String name, byte[] target) {
    return made(
        nfs(
            10,
            out -> {
              write(out.opaque(directory).opaque(name(name)), AttributeChange.NONE);
              out.opaque(target);
            }));
  }

  public Made mknod(byte[] directory, String name, FileType type, int... device) {
    return made(
        nfs(
            11,
            out -> {
              out.opaque(directory).opaque(name(name)).int32(type.number());
              write(out, AttributeChange.mode(0640));
              for (int number : device) {
                out.int32(number);
              }
            }));
  }

  public Changed remove(byte[] directory, String name) {
    return changed(nfs(12, out -> out.opaque(directory).opaque(name(name))));
  }

  public Changed rmdir(byte[] directory, String name) {
    return changed(nfs(13, out -> out.opaque(directory).opaque(name(name))));
  }

  /** RENAME's results. */
  public record Renamed(int status, Wcc from, Wcc to) {}

  public Renamed rename(byte[] from, String fromName, byte[] to, String toName) {
    XdrReader in =
        nfs(14, out -> out.opaque(from).opaque(name(fromName)).opaque(to).opaque(name(toName)));
    Renamed renamed = new Renamed(in.int32(), wcc(in), wcc(in));
    done(in);
    return renamed;
  }

  /** LINK's results. */
  public record Linked(int status, Optional<Attributes> object, Wcc directory) {}

  public Linked link(byte[] object, byte[] directory, String name) {
    XdrReader in = nfs(15, out -> out.opaque(object).opaque(directory).opaque(name(name)));
    Linked linked = new Linked(in.int32(), postOp(in), wcc(in));
    done(in);
    return linked;
  }

  /** An entry of READDIR or READDIRPLUS. */
  public record Entry(
      long fileid,
      byte[] bytes,
      long cookie,
      Optional<Attributes> attributes,
      Optional<byte[]> handle) {
    String name() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** READDIR's and READDIRPLUS's results; length is that of what the counts bound. */
  public record Listed(int status, long verifier, List<Entry> entries, boolean eof, int length) {
    List<String> names() {
      return entries.stream().map(Entry::name).toList();
    }

    long lastCookie() {
      return entries.get(entries.size() - 1).cookie();
    }
  }

  public Listed readdir(byte[] directory, long cookie, long verifier, int count) {
    return listed(
        nfs(16, out -> out.opaque(directory).int64(cookie).int64(verifier).int32(count)), false);
  }

  public Listed readdirplus(
      byte[] directory, long cookie, long verifier, int dircount, int maxcount) {
    return listed(
        nfs(
            17,
            out ->
                out.opaque(directory)
                    .int64(cookie)
                    .int64(verifier)
                    .int32(dircount)
                    .int32(maxcount)),
        true);
  }

  private static Listed listed(XdrReader in, boolean plus) {
    int status = in.int32();
    int length = in.remaining();
    postOp(in);
    if (status != 0) {
      done(in);
      return new Listed(status, 0, List.of(), false, length);
    }
    long verifier = in.int64();
    List<Entry> entries = new ArrayList<>();
    while (in.bool()) {
      entries.add(
          new Entry(
              in.int64(),
              in.opaque(255),
              in.int64(),
              plus ? postOp(in) : Optional.empty(),
              plus && in.bool() ? Optional.of(in.opaque(64)) : Optional.empty()));
    }
    Listed listed = new Listed(status, verifier, entries, in.bool(), length);
    done(in);
    return listed;
  }

  /** COMMIT's results. */
  public record Committed(int status, Wcc wcc, long verifier) {}

  public Committed commit(byte[] handle, long offset, int count) {
    XdrReader in = nfs(21, out -> out.opaque(handle).int64(offset).int32(count));
    int status = in.int32();
    Committed committed = new Committed(status, wcc(in), status == 0 ? in.int64() : 0);
    done(in);
    return committed;
  }

  /** MNT's results. */
  public record Mounted(int status, byte[] handle, List<Integer> flavors) {}

  public Mounted mnt(byte[] path) {
    XdrReader in = results(100005, 3, 1, out -> out.opaque(path));
    int status = in.int32();
    List<Integer> flavors = new ArrayList<>();
    byte[] handle = new byte[0];
    if (status == 0) {
      handle = in.opaque(64);
      int count = in.count(8);
      while (flavors.size() < count) {
        flavors.add(in.int32());
      }
    }
    done(in);
    return new Mounted(status, handle, flavors);
  }

  public byte[] root(String path) {
    Mounted mounted = mnt(name(path));
    assertEquals(0, mounted.status());
    return mounted.handle();
  }
}
