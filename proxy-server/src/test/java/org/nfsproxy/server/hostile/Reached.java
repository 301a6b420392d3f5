package org.nfsproxy.server.hostile;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TlsClients;

/** The way by which clients of a test reach the proxy. */
abstract class Reached {
  /** As it comes from the socket. */
  static final Reached PLAINLY =
      new Reached() {
        @Override
        ProxyUnderTest.Settings settings(ProxyUnderTest.Settings settings) {
          return settings;
        }

        @Override
        RawClient connect(ProxyUnderTest proxy) throws Exception {
          return proxy.connect();
        }
      };

  /** Inside TLS, of a CA made for it, in a folder that stays. */
  static Reached insideTls(Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    JsonObject tls = certificates.tls("offer", "none");
    return new Reached() {
      @Override
      ProxyUnderTest.Settings settings(ProxyUnderTest.Settings settings) {
        return settings.tls(tls);
      }

      @Override
      RawClient connect(ProxyUnderTest proxy) throws Exception {
        return TlsClients.secure(proxy.connect(), certificates.client(null));
      }
    };
  }

  /** What the proxy needs for it. */
  abstract ProxyUnderTest.Settings settings(ProxyUnderTest.Settings settings);

  /** A client that comes this way. */
  abstract RawClient connect(ProxyUnderTest proxy) throws Exception;
}
