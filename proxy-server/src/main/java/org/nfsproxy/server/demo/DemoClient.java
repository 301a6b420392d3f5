package org.nfsproxy.server.demo;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** As much of an NFSv3 client (RFC 1813) as the demo needs. Blocks: to be used on a worker. */
final class DemoClient {
  /** A user without rights of its own, whom no squashing changes. */
  private static final CallCredential USER = CallCredential.sys("demo", 1000, 1000);

  private static final int NFS = 100003;
  private static final int MOUNT = 100005;
  private static final int VERSION = 3;
  private static final int MNT = 1;
  private static final int LOOKUP = 3;
  private static final int READLINK = 5;
  private static final int READ = 6;
  private static final int WRITE = 7;
  private static final int CREATE = 8;
  private static final int REMOVE = 12;
  private static final int READDIRPLUS = 17;

  private static final int GUARDED = 1;
  private static final int FILE_SYNC = 2;
  private static final int READ_BYTES = 256 << 10;
  private static final int LISTING_BYTES = 8 << 10;
  private static final int NAME_BYTES_MAX = 255;
  private static final int PATH_BYTES_MAX = 4096;

  /** READs of one file or READDIRPLUSes of one directory; the demo's need four. */
  private static final int CALLS_MAX = 64;

  /** Above {@link RpcClient}'s own time limit, which speaks first. */
  private static final int WAIT_SECONDS = 30;

  /** An object. */
  record Found(Filehandle handle, int type, long fsid, long fileid) {
    static final int REGULAR = 1;
    static final int DIRECTORY = 2;
    static final int SYMLINK = 5;
  }

  /** An entry; without a handle where another filesystem begins. */
  record Entry(byte[] name, Optional<Filehandle> handle) {}

  private record Attributes(int type, long fsid, long fileid) {}

  private final RpcClient rpc;

  DemoClient(RpcClient rpc) {
    this.rpc = rpc;
  }

  Filehandle mount(String path) throws IOException {
    return handle(call(MOUNT, MNT, out -> out.string(path)));
  }

  Found lookup(Filehandle directory, byte[] name) throws IOException {
    XdrReader in = call(NFS, LOOKUP, out -> out.opaque(directory.bytes()).opaque(name));
    Filehandle handle = handle(in);
    Attributes attributes =
        postOp(in).orElseThrow(() -> new IOException("LOOKUP gave no attributes"));
    return new Found(handle, attributes.type(), attributes.fsid(), attributes.fileid());
  }

  /** All entries but the dots. */
  List<Entry> list(Filehandle directory) throws IOException {
    List<Entry> entries = new ArrayList<>();
    long cookie = 0;
    long verifier = 0;
    for (int calls = 0; calls < CALLS_MAX; calls++) {
      long from = cookie;
      long with = verifier;
      XdrReader in =
          call(
              NFS,
              READDIRPLUS,
              out ->
                  out.opaque(directory.bytes())
                      .int64(from)
                      .int64(with)
                      .int32(LISTING_BYTES)
                      .int32(LISTING_BYTES));
      postOp(in);
      verifier = in.int64();
      while (in.bool()) {
        in.int64();
        byte[] name = in.opaque(NAME_BYTES_MAX);
        cookie = in.int64();
        postOp(in);
        Optional<Filehandle> handle = in.bool() ? Optional.of(handle(in)) : Optional.empty();
        if (!isDots(name)) {
          entries.add(new Entry(name, handle));
        }
      }
      if (in.bool()) {
        return entries;
      }
    }
    throw new IOException("READDIRPLUS has no end");
  }

  private static boolean isDots(byte[] name) {
    return name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
  }

  byte[] readlink(Filehandle symlink) throws IOException {
    XdrReader in = call(NFS, READLINK, out -> out.opaque(symlink.bytes()));
    postOp(in);
    return in.opaque(PATH_BYTES_MAX);
  }

  byte[] read(Filehandle file) throws IOException {
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (int calls = 0; calls < CALLS_MAX; calls++) {
      long offset = contents.size();
      XdrReader in =
          call(NFS, READ, out -> out.opaque(file.bytes()).int64(offset).int32(READ_BYTES));
      postOp(in);
      in.int32();
      boolean end = in.bool();
      contents.writeBytes(in.opaque(READ_BYTES));
      if (end) {
        return contents.toByteArray();
      }
    }
    throw new IOException("READ has no end");
  }

  Filehandle create(Filehandle directory, byte[] name) throws IOException {
    XdrReader in =
        call(
            NFS,
            CREATE,
            out -> {
              out.opaque(directory.bytes()).opaque(name).int32(GUARDED);
              out.bool(true).int32(0600); // mode; uid, gid, size and times stay
              out.bool(false).bool(false).bool(false).int32(0).int32(0);
            });
    if (!in.bool()) {
      throw new IOException("CREATE gave no handle");
    }
    return handle(in);
  }

  void write(Filehandle file, byte[] contents) throws IOException {
    call(
        NFS,
        WRITE,
        out ->
            out.opaque(file.bytes())
                .int64(0)
                .int32(contents.length)
                .int32(FILE_SYNC)
                .opaque(contents));
  }

  void remove(Filehandle directory, byte[] name) throws IOException {
    call(NFS, REMOVE, out -> out.opaque(directory.bytes()).opaque(name));
  }

  /** Results behind a status that is 0. */
  private XdrReader call(int program, int procedure, Consumer<XdrWriter> arguments)
      throws IOException {
    XdrReader in = await(rpc.call(program, VERSION, procedure, USER, arguments));
    int status = in.int32();
    if (status != 0) {
      throw new IOException("procedure " + procedure + " of " + program + ": status " + status);
    }
    return in;
  }

  static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = Objects.requireNonNull(failed.getCause(), "what the future failed with");
      throw new IOException(cause.getMessage(), cause);
    } catch (TimeoutException late) {
      throw new IOException("no answer in " + WAIT_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private static Filehandle handle(XdrReader in) {
    return Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
  }

  private static Optional<Attributes> postOp(XdrReader in) {
    if (!in.bool()) {
      return Optional.empty();
    }
    int type = in.int32();
    in.skip(40); // mode, nlink, uid, gid, size, used, rdev
    Attributes attributes = new Attributes(type, in.int64(), in.int64());
    in.skip(24); // times
    return Optional.of(attributes);
  }
}
