package org.nfsproxy.server.fakes;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/**
 * A backend that asks its origin nothing of its own accord, so that the origin's script meets the
 * connections of the test's clients alone.
 *
 * @param backend does the rest
 * @param identities answers what a handle is
 */
public record QuietBackend(
    Backend backend, BiFunction<Filehandle, Integer, Future<ObjectIdentity>> identities)
    implements Backend {
  /**
   * One that says nothing of handles.
   *
   * @param backend does the rest
   */
  public QuietBackend(Backend backend) {
    this(backend, (handle, nfsVersion) -> Future.failedFuture("asks nothing"));
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
  public BackendSession open(ClientSide client) {
    return backend.open(client);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return identities.apply(handle, nfsVersion);
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return Future.failedFuture("asks nothing");
  }

  @Override
  public Future<List<String>> exports() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Identity identity() {
    return backend.identity();
  }

  @Override
  public List<String> equivalents() {
    return backend.equivalents();
  }

  @Override
  public Future<Void> close() {
    return backend.close();
  }
}
