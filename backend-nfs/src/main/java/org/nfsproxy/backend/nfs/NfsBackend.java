package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.Remark;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/** An NFS server as origin. */
final class NfsBackend implements Backend {
  private final NfsSettings settings;
  private final OriginConnector connector;

  NfsBackend(Vertx vertx, NfsSettings settings) {
    this.settings = settings;
    this.connector =
        new OriginConnector(
            vertx, settings, new SourcePorts(settings.reservedPorts(), settings.localAddresses()));
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public List<ServedProgram> programs() {
    return List.of(
        new ServedProgram(100003, 2, 4),
        new ServedProgram(100005, 1, 3),
        new ServedProgram(100227, 2, 3));
  }

  @Override
  public List<Remark> remarks() {
    return List.of();
  }

  @Override
  public BackendSession open(ClientSide client) {
    return new NfsSession(
        client,
        connector,
        new OriginPrograms() {
          @Override
          public boolean sharesNfsPort(int program) {
            return program != MOUNT;
          }

          @Override
          public Future<Integer> port(int program) {
            return Future.succeededFuture(
                program == MOUNT ? settings.mountPort() : settings.port());
          }
        });
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return Future.failedFuture("later");
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return Future.failedFuture("later");
  }

  @Override
  public Future<List<String>> exports() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
