package org.nfsproxy.backend.nfs;

import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.backend.nfs.connect.NfsKeys;
import org.nfsproxy.backend.nfs.connect.NfsSettings;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;

/** Makes the backend of type {@code nfs}: an NFS server as origin. */
public final class NfsBackendProvider implements BackendProvider {
  /** For the ServiceLoader. */
  public NfsBackendProvider() {}

  @Override
  public String type() {
    return "nfs";
  }

  @Override
  public List<Key<?>> keys() {
    return NfsKeys.ALL;
  }

  @Override
  public @Nullable Backend create(Vertx vertx, Section configuration) {
    NfsSettings settings = NfsSettings.read(configuration);
    return configuration.problems().isEmpty() ? new NfsBackend(vertx, settings) : null;
  }
}
