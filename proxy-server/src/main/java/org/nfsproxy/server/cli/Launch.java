package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;

/** What the command line can start. */
public interface Launch {
  /**
   * Serves until the process is told to stop.
   *
   * @param source where that was read, to be looked at again
   * @return the process's exit code
   */
  int proxy(Vertx vertx, Configured configured, ConfigurationSource source);

  /**
   * Serves an embedded origin and a proxy before it until the process is told to stop.
   *
   * @param once to end when both have been compared
   * @return the process's exit code
   */
  int demo(Vertx vertx, boolean once);
}
