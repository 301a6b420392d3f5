package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.nfsproxy.server.configuration.ConfigurationException;
import org.nfsproxy.server.configuration.ConfigurationReader;

/** The demo's proxy: as if started with a file, on loopback. */
final class DemoProxy {
  private static final String LOOPBACK = "127.0.0.1";

  private DemoProxy() {}

  static Future<Proxy> start(Vertx vertx, int originPort, int listenPort) {
    try {
      return Proxy.start(
          vertx, ConfigurationReader.ofClassPath(vertx).read(file(originPort, listenPort)));
    } catch (ConfigurationException cannotBe) {
      return Future.failedFuture(cannotBe);
    }
  }

  private static JsonObject file(int originPort, int listenPort) {
    JsonObject origin =
        new JsonObject()
            .put("host", LOOPBACK)
            .put("port", originPort)
            .put("ports", new JsonObject().put("mount", originPort).put("acl", originPort))
            .put("reservedPorts", "never");
    return new JsonObject()
        .put("listen", new JsonObject().put("host", LOOPBACK).put("port", listenPort))
        .put("admin", new JsonObject().put("enabled", false))
        .put("backend", new JsonObject().put("type", "nfs").put("origin", origin));
  }
}
