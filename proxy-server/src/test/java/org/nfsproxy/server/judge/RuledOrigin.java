package org.nfsproxy.server.judge;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.QuestionedBackend;

/**
 * An origin of four filesystems, mounted at /, /export, /export/ro and /export/none, whose
 * filehandles are the paths of what they name. Counts what it is asked.
 */
final class RuledOrigin implements QuestionedBackend {
  private static final int NOENT = 2;
  private static final int STALE = 70;

  private static final List<String> MOUNTED = List.of("/export/none", "/export/ro", "/export");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/export",
          "/export/directory",
          "/export/ro",
          "/export/ro/directory",
          "/export/none",
          "/export/none/directory");

  /** The fsids of the filesystems, their first halves. */
  static final long ROOT_FSID = 1;

  static final long EXPORT_FSID = "/export".length();
  static final long READ_ONLY_FSID = "/export/ro".length();
  static final long NO_ACCESS_FSID = "/export/none".length();

  final AtomicInteger asked = new AtomicInteger();

  /** The longest name it was asked about, in bytes. */
  final AtomicInteger longestName = new AtomicInteger();

  /** Whether NFSv2 and NFS_ACL are there, and MOUNT is not. */
  volatile boolean servesAcl;

  /** Other names of paths, for MNT. */
  final Map<String, String> secondNames = new ConcurrentHashMap<>();

  /** What every question fails with; null if they are answered. */
  volatile Throwable failure;

  /** What every answer waits for; null if they are there at once. */
  volatile Future<Void> held;

  volatile Identity identity = Identity.ORIGIN;
  volatile List<String> equivalents = List.of();

  private <T> Future<T> answer(Filehandle handle, Function<String, Future<T>> answer) {
    asked.incrementAndGet();
    Future<Void> until = held;
    return until == null ? now(handle, answer) : until.compose(go -> now(handle, answer));
  }

  private <T> Future<T> now(Filehandle handle, Function<String, Future<T>> answer) {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    String path = new String(handle.bytes(), StandardCharsets.UTF_8);
    return PATHS.contains(path) ? answer.apply(path) : refuse(STALE);
  }

  private static <T> Future<T> refuse(int status) {
    return Future.failedFuture(new NfsStatusException(status));
  }

  private static Filehandle handle(String path) {
    return Filehandle.of(path.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectIdentity identity(String path) {
    String mounted = MOUNTED.stream().filter(path::startsWith).findFirst().orElse("/");
    return new ObjectIdentity(
        mounted.length(), 0, PATHS.indexOf(path) + 1, ObjectIdentity.DIRECTORY);
  }

  private static Future<Found> found(String path) {
    return PATHS.contains(path)
        ? Future.succeededFuture(new Found(handle(path), identity(path)))
        : refuse(NOENT);
  }

  private static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return answer(handle, path -> Future.succeededFuture(identity(path)));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return answer(
        directory,
        path -> path.equals("/") ? refuse(NOENT) : Future.succeededFuture(handle(above(path))));
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return answer(
        directory,
        path -> {
          String at = path;
          for (int i = 1; i < levels; i++) {
            at = above(at);
          }
          return Future.succeededFuture(at.substring(at.lastIndexOf('/') + 1));
        });
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return answer(handle("/"), root -> found(secondNames.getOrDefault(path, path)));
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    longestName.accumulateAndGet(name.length, Math::max);
    String text = new String(name, StandardCharsets.UTF_8);
    return answer(directory, path -> found(path.equals("/") ? path + text : path + "/" + text));
  }

  @Override
  public Future<List<String>> exports() {
    asked.incrementAndGet();
    return Future.succeededFuture(List.of("/export"));
  }

  @Override
  public List<ServedProgram> programs() {
    return servesAcl
        ? List.of(new ServedProgram(100003, 2, 4), new ServedProgram(100227, 2, 3))
        : List.of(new ServedProgram(100003, 3, 4), new ServedProgram(100005, 1, 3));
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public List<String> equivalents() {
    return equivalents;
  }
}
