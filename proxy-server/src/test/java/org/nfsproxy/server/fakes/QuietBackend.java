package org.nfsproxy.server.fakes;

import io.vertx.core.Future;
import java.util.List;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.Remark;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/**
 * A backend that asks its origin nothing of its own accord, so that the origin's script meets the
 * connections of the test's clients alone.
 *
 * @param backend does the rest
 */
record QuietBackend(Backend backend) implements Backend {
  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public List<ServedProgram> programs() {
    return backend.programs();
  }

  @Override
  public List<Remark> remarks() {
    return List.of();
  }

  @Override
  public BackendSession open(ClientSide client) {
    return backend.open(client);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return Future.failedFuture("asks nothing");
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
