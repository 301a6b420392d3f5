package org.nfsproxy.backend;

import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;

/**
 * Makes a backend. Found by {@link java.util.ServiceLoader}: a module that offers one names its
 * provider in {@code META-INF/services/org.nfsproxy.backend.BackendProvider}.
 */
public interface BackendProvider {
  /**
   * The word that chooses this backend in the configuration ({@code backend.type}).
   *
   * @return for example {@code nfs}
   */
  String type();

  /**
   * The keys it reads, for the reference page.
   *
   * @return every key below {@code backend}, but its type
   */
  List<Key<?>> keys();

  /**
   * Reads the configuration and makes a backend that has opened nothing yet.
   *
   * @param vertx the runtime
   * @param configuration the section {@code backend}; what is wrong in it is reported to it. The
   *     key {@code type} has been read already
   * @return the backend; null, or not to be used, if there are problems
   */
  @Nullable Backend create(Vertx vertx, Section configuration);
}
