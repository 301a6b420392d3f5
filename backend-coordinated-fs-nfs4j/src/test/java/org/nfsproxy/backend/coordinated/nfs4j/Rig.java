package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.memory.MemoryFiles;
import org.nfsproxy.backend.coordinated.memory.Volume;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** NFSv4 over two filesystems, /export and /export/inner in it; COMPOUNDs as bytes. */
final class Rig implements AutoCloseable {
  static final long OUTER_FSID = 0x1111_2222_3333_4444L;
  static final long INNER_FSID = 0x5555_6666_7777_8888L;
  static final UserIds ALICE = new UserIds(1000, 100);
  static final UserIds BOB = new UserIds(1001, 100);
  static final byte[] ANONYMOUS_STATEID = new byte[16];

  final MemoryFiles files;
  final Nfs4Program nfs4;
  final ObjectHandle outer;
  final ObjectHandle inner;

  Rig() throws FilesException {
    this(true);
  }

  Rig(boolean afresh) throws FilesException {
    files = new MemoryFiles("/export", new Volume(1, OUTER_FSID, 1 << 26, 24));
    inner = files.mount("/export/inner", new Volume(7, INNER_FSID, 1 << 26, 56));
    outer = files.exports().get(0).root();
    for (ObjectHandle root : new ObjectHandle[] {outer, inner}) {
      AttributeChange open = AttributeChange.mode(0777);
      files.change(UserIds.ROOT, root, open, Optional.empty(), new WccData());
    }
    nfs4 = new Nfs4Program(files, afresh);
  }

  @Override
  public void close() {
    nfs4.close();
  }

  /** The bytes of COMPOUND's results. */
  byte[] bytes(UserIds caller, Ops ops) {
    ByteBuf arguments = ops.arguments();
    ByteBuf out = Unpooled.buffer();
    nfs4.program()
        .procedures()
        .get(1)
        .read(caller, new XdrReader().reset(arguments))
        .run(new XdrWriter(out));
    return ByteBufUtil.getBytes(out);
  }

  /** The results, behind the tag. */
  Got run(UserIds caller, Ops ops) {
    return new Got(bytes(caller, ops), ops);
  }

  /** COMPOUND's results; single ones are read in order. */
  static final class Got {
    final int status;
    final int count;
    final XdrReader in;

    Got(byte[] bytes, Ops ops) {
      in = new XdrReader().reset(Unpooled.wrappedBuffer(bytes));
      status = in.int32();
      assertEquals(ops.tag, in.string(1024));
      count = in.int32();
    }

    /** Goes to the next result, whose status should be this. */
    XdrReader next(int operation, int expected) {
      assertEquals(operation, in.int32(), "operation");
      assertEquals(expected, in.int32(), "status of operation " + operation);
      return in;
    }

    void end() {
      assertEquals(0, in.remaining(), "bytes left over");
    }
  }

  /** Arguments of a COMPOUND. */
  static final class Ops {
    final String tag = "t";
    private final int minorVersion;
    private final ByteBuf body = Unpooled.buffer();
    private final XdrWriter out = new XdrWriter(body);
    private int count;

    Ops(int minorVersion) {
      this.minorVersion = minorVersion;
    }

    Ops op(int number) {
      return op(number, none -> {});
    }

    Ops op(int number, Consumer<XdrWriter> arguments) {
      out.int32(number);
      arguments.accept(out);
      count++;
      return this;
    }

    Ops putfh(ObjectHandle handle) {
      return op(22, args -> args.opaque(handle.wire()));
    }

    Ops getattr(int... bitmap) {
      return op(9, args -> words(args, bitmap));
    }

    Ops lookup(String name) {
      return op(15, args -> args.string(name));
    }

    Ops sequence(byte[] session, int slot, int sequence, boolean keep) {
      return op(53, args -> args.fixed(session).int32(sequence).int32(slot).int32(0).bool(keep));
    }

    /** OPEN of CLAIM_NULL; how: the openflag4. */
    Ops open(int seqid, long client, int access, Consumer<XdrWriter> how, String name) {
      return open(seqid, client, access, how, claim -> claim.int32(0).string(name));
    }

    /** OPEN of any claim. */
    Ops open(
        int seqid, long client, int access, Consumer<XdrWriter> how, Consumer<XdrWriter> claim) {
      return op(
          18,
          args -> {
            args.int32(seqid).int32(access).int32(0).int64(client).string("owner");
            how.accept(args);
            claim.accept(args);
          });
    }

    /** LOCK of ten bytes for writing, by an owner that has none in this file. */
    Ops lock(int seqid, byte[] open, int lockSeqid, long client, boolean reclaim) {
      return op(
          12,
          args -> {
            args.int32(2).bool(reclaim).int64(0).int64(10).bool(true);
            args.int32(seqid).fixed(open).int32(lockSeqid).int64(client).string("lock owner");
          });
    }

    ByteBuf arguments() {
      ByteBuf all = Unpooled.buffer();
      new XdrWriter(all).string(tag).int32(minorVersion).int32(count);
      return all.writeBytes(body.duplicate());
    }
  }

  static Ops v40() {
    return new Ops(0);
  }

  static Ops v41() {
    return new Ops(1);
  }

  static void words(XdrWriter out, int... words) {
    out.int32(words.length);
    for (int word : words) {
      out.int32(word);
    }
  }

  /** A fattr4 with the mode alone. */
  static void mode(XdrWriter out, int mode) {
    words(out, 0, 1 << 1);
    out.int32(4).int32(mode);
  }

  static final Consumer<XdrWriter> NOCREATE = out -> out.int32(0);

  static Consumer<XdrWriter> create(int how, int mode) {
    return out -> mode(out.int32(1).int32(how), mode);
  }

  static Consumer<XdrWriter> exclusive(long verifier) {
    return out -> {
      out.int32(1).int32(3).int64(verifier);
      mode(out, 0600);
    };
  }

  /** A client of minor version 0, confirmed; its id. */
  long client40(UserIds caller, String owner, long verifier) {
    Got got =
        run(
            caller,
            v40()
                .op(
                    35,
                    args ->
                        args.int64(verifier)
                            .string(owner)
                            .int32(0x4000_0000)
                            .string("tcp")
                            .string("127.0.0.1.8.1")
                            .int32(1)));
    XdrReader in = got.next(35, 0);
    long id = in.int64();
    byte[] confirm = in.fixed(8);
    run(caller, v40().op(36, args -> args.int64(id).fixed(confirm))).next(36, 0);
    return id;
  }

  /** A client of minor version 1 with a session. */
  Session session(UserIds caller, String owner) {
    Got exchanged =
        run(
            caller,
            v41().op(42, args -> args.int64(0x77).string(owner).int32(0).int32(0).int32(0)));
    XdrReader in = exchanged.next(42, 0);
    long client = in.int64();
    int sequence = in.int32();
    Got created =
        run(
            caller,
            v41()
                .op(
                    43,
                    args -> {
                      args.int64(client).int32(sequence).int32(3); // PERSIST, CONN_BACK_CHAN
                      channel(args);
                      channel(args);
                      args.int32(0x4000_0000).int32(1).int32(0);
                    }));
    in = created.next(43, 0);
    byte[] id = in.fixed(16);
    in.int32();
    int flags = in.int32();
    in.int32();
    int requestBytes = in.int32();
    int responseBytes = in.int32();
    int keptBytes = in.int32();
    return new Session(caller, id, client, flags, requestBytes, responseBytes, keptBytes);
  }

  private static void channel(XdrWriter out) {
    out.int32(0).int32(-1).int32(-1).int32(-1).int32(16).int32(16).int32(0);
  }

  /** A session, with one slot in use. */
  final class Session {
    final UserIds caller;
    final byte[] id;
    final long client;
    final int flags;
    final int requestBytes;
    final int responseBytes;
    final int keptBytes;
    private int sequence;

    Session(
        UserIds caller,
        byte[] id,
        long client,
        int flags,
        int requestBytes,
        int responseBytes,
        int keptBytes) {
      this.caller = caller;
      this.id = id;
      this.client = client;
      this.flags = flags;
      this.requestBytes = requestBytes;
      this.responseBytes = responseBytes;
      this.keptBytes = keptBytes;
    }

    Ops ops(boolean keep) {
      return v41().sequence(id, 0, ++sequence, keep);
    }

    Ops ops() {
      return ops(false);
    }

    /** Runs what SEQUENCE begins; the reader is behind SEQUENCE's result. */
    Got run(Ops ops) {
      Got got = Rig.this.run(caller, ops);
      got.next(53, 0).skip(36);
      return got;
    }

    Got done() {
      return run(ops().op(58, args -> args.bool(false)));
    }
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
