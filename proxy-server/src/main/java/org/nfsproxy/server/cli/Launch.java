package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import org.nfsproxy.server.configuration.Configured;

/** What the command line can start. */
public interface Launch {
  /**
   * Serves until the process is told to stop.
   *
   * @param vertx the process's one runtime
   * @param configured what to serve
   * @return the process's exit code
   */
  int proxy(Vertx vertx, Configured configured);

  /**
   * Serves an embedded origin and a proxy before it until the process is told to stop.
   *
   * @param vertx the process's one runtime
   * @return the process's exit code
   */
  int demo(Vertx vertx);
}
