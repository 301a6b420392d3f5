package org.nfsproxy.server.metrics;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/**
 * A backend whose exports are told by the test; calls go to the origin.
 *
 * @param backend carries calls
 * @param paths path of each export, in the order of their fsids, which are 1, 2 and so on
 */
public record PlacedBackend(Backend backend, List<String> paths) implements Backend {
  private static final int NOENT = 2;
  private static final int STALE = 70;
  private static final int HANDLE_BYTES = 32;

  /**
   * The root of the export with an fsid.
   *
   * @param fsid from 1
   * @return its filehandle
   */
  public static byte[] root(int fsid) {
    byte[] handle = new byte[HANDLE_BYTES];
    handle[HANDLE_BYTES - 1] = (byte) fsid;
    return handle;
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    int at = paths.indexOf(path);
    return path.equals("/")
        ? Future.succeededFuture(found("root".getBytes(StandardCharsets.US_ASCII), 99))
        : at < 0
            ? Future.failedFuture(new NfsStatusException(NOENT))
            : Future.succeededFuture(found(root(at + 1), at + 1));
  }

  private static Found found(byte[] handle, long fsid) {
    return new Found(Filehandle.of(handle), identity(fsid));
  }

  private static ObjectIdentity identity(long fsid) {
    return new ObjectIdentity(fsid, 0, 2, ObjectIdentity.DIRECTORY);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    byte[] bytes = handle.bytes();
    int fsid = bytes.length == HANDLE_BYTES ? bytes[HANDLE_BYTES - 1] : 0;
    return fsid > 0 && fsid <= paths.size()
        ? Future.succeededFuture(identity(fsid))
        : Future.failedFuture(new NfsStatusException(STALE));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return Future.failedFuture(new NfsStatusException(NOENT));
  }

  @Override
  public Future<List<String>> exports() {
    return Future.succeededFuture(paths);
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public List<ServedProgram> programs() {
    return backend.programs();
  }

  @Override
  public List<Notice> notices() {
    return List.of();
  }

  @Override
  public String origin() {
    return backend.origin();
  }

  @Override
  public Map<String, Long> counts() {
    return backend.counts();
  }

  @Override
  public List<Measure> measures() {
    return backend.measures();
  }

  @Override
  public Identity identity() {
    return backend.identity();
  }

  @Override
  public BackendSession open(ClientSide client) {
    return backend.open(client);
  }

  @Override
  public Future<Void> close() {
    return backend.close();
  }
}
