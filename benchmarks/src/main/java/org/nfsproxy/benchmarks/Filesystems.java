package org.nfsproxy.benchmarks;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/** An origin of many filesystems, /export/0 and so on, that answers at once. */
final class Filesystems implements Backend {
  private static final int NOENT = 2;
  private static final int HANDLE_BYTES = 32;
  private static final String ABOVE = "/export/";
  private static final int FSID_OF_ROOT = 1;
  private static final int FSID_OF_FIRST = 2;

  private static final List<ServedProgram> PROGRAMS =
      List.of(new ServedProgram(100003, 3, 4), new ServedProgram(100005, 3, 3));

  private final int count;

  Filesystems(int count) {
    this.count = count;
  }

  static String path(int filesystem) {
    return ABOVE + filesystem;
  }

  static long fsid(int filesystem) {
    return FSID_OF_FIRST + filesystem;
  }

  /** A handle as a Linux origin's: of 32 bytes, in which few differ from the next one's. */
  static byte[] handle(int filesystem, int file) {
    return ByteBuffer.allocate(HANDLE_BYTES)
        .putInt(0x0100_0681)
        .putInt(filesystem)
        .putInt(16, file)
        .array();
  }

  private static Future<Found> found(String path) {
    if (path.equals("/")) {
      return answer(Filehandle.of("/".getBytes(StandardCharsets.UTF_8)), FSID_OF_ROOT);
    }
    if (!path.startsWith(ABOVE)) {
      return Future.failedFuture(new NfsStatusException(NOENT));
    }
    int filesystem = Integer.parseInt(path.substring(ABOVE.length()));
    return answer(Filehandle.of(handle(filesystem, 0)), fsid(filesystem));
  }

  private static Future<Found> answer(Filehandle handle, long fsid) {
    return Future.succeededFuture(
        new Found(handle, new ObjectIdentity(fsid, 0, 2, ObjectIdentity.DIRECTORY)));
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return found(path);
  }

  @Override
  public Future<List<String>> exports() {
    return Future.succeededFuture(IntStream.range(0, count).mapToObj(Filesystems::path).toList());
  }

  @Override
  public List<ServedProgram> programs() {
    return PROGRAMS;
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return Future.failedFuture(new NfsStatusException(NOENT));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return Future.failedFuture(new NfsStatusException(NOENT));
  }

  @Override
  public List<Notice> notices() {
    return List.of();
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public BackendSession open(ClientSide client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
