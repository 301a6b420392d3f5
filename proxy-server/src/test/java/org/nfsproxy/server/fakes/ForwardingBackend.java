package org.nfsproxy.server.fakes;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.OriginProtection;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;

/** A backend before another one, which does what this does not do itself. */
public interface ForwardingBackend extends Backend {
  /**
   * The other one.
   *
   * @return behind this
   */
  Backend backend();

  @Override
  default Future<Void> start() {
    return backend().start();
  }

  @Override
  default String origin() {
    return backend().origin();
  }

  @Override
  default List<ServedProgram> programs() {
    return backend().programs();
  }

  @Override
  default List<Notice> notices() {
    return backend().notices();
  }

  @Override
  default Optional<OriginProtection> protection() {
    return backend().protection();
  }

  @Override
  default Optional<Reachability> reachability() {
    return backend().reachability();
  }

  @Override
  default Map<String, Long> counts() {
    return backend().counts();
  }

  @Override
  default List<Measure> measures() {
    return backend().measures();
  }

  @Override
  default BackendSession open(ClientSide client) {
    return backend().open(client);
  }

  @Override
  default Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return backend().identify(handle, nfsVersion);
  }

  @Override
  default Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return backend().parent(directory, nfsVersion);
  }

  @Override
  default Future<List<String>> exports() {
    return backend().exports();
  }

  @Override
  default Identity identity() {
    return backend().identity();
  }

  @Override
  default List<String> equivalents() {
    return backend().equivalents();
  }

  @Override
  default List<SocketAddress> servers() {
    return backend().servers();
  }

  @Override
  default Future<Void> close() {
    return backend().close();
  }
}
