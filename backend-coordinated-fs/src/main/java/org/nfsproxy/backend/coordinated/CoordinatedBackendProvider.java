package org.nfsproxy.backend.coordinated;

import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;

/** Makes the backend of type {@code coordinated-fs}: filesystems by the kernel's handles. */
public final class CoordinatedBackendProvider implements BackendProvider {
  /** For the ServiceLoader. */
  public CoordinatedBackendProvider() {}

  @Override
  public String type() {
    return "coordinated-fs";
  }

  @Override
  public List<Key<?>> keys() {
    return CoordinatedKeys.ALL;
  }

  @Override
  public @Nullable Backend create(Vertx vertx, Section configuration) {
    CoordinatedSettings settings = CoordinatedSettings.read(configuration);
    return configuration.problems().isEmpty()
        ? new CoordinatedBackend(
            vertx,
            new KernelSource(settings.kernel()),
            Engines.replyMemory(settings.keptReplyBytesMax()),
            settings.workers(),
            settings.joinMillis(),
            settings.replies())
        : null;
  }
}
