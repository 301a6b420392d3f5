package org.nfsproxy.server.fakes;

import io.vertx.core.Future;
import java.util.List;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ServedProgram;

/** A backend that answers questions, and carries no calls. */
public interface QuestionedBackend extends Backend {
  @Override
  default Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  default List<ServedProgram> programs() {
    return List.of();
  }

  @Override
  default List<Notice> notices() {
    return List.of();
  }

  @Override
  default BackendSession open(ClientSide client) {
    throw new UnsupportedOperationException();
  }

  @Override
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
