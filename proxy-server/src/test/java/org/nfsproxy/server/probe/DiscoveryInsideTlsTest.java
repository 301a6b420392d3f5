package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.ForwardingBackend;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.TestCertificates;

// The proxy's own questions (versions, exports, filesystems), to an origin with TLS.
class DiscoveryInsideTlsTest {
  @TempDir private Path folder;

  /** Asks all that a proxy asks. */
  private record Asking(Backend backend) implements ForwardingBackend {
    @Override
    public Future<Found> find(String path, int nfsVersion) {
      return backend.find(path, nfsVersion);
    }

    @Override
    public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
      return backend.lookUp(directory, name, nfsVersion);
    }
  }

  private static boolean knows(ProxyUnderTest proxy, String path) {
    try {
      return new JsonArray(ask(proxy, "GET", "/exports").body())
          .stream().anyMatch(each -> path.equals(((JsonObject) each).getString("path")));
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void exports_areFound_andNothingWasAskedInTheClear() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    try (FakeNfs origin = new FakeNfs()) {
      origin.with("a", new byte[28], 0xa, 2).with("b", new byte[20], 0xb, 2);
      origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
      origin.wantsCertificate = true;
      origin.versions = Set.of(4);
      origin.minorVersions = Set.of(1, 2);
      try (ProxyUnderTest proxy =
          ProxyUnderTest.before(origin.port())
              .origin("tls", certificates.towardsOriginWithOwn("require"))
              .section("admin", new JsonObject().put("port", 0))
              .asking(Asking::new)
              .start()) {
        eventually("both are known", () -> knows(proxy, "/a") && knows(proxy, "/b"));
        JsonObject info = new JsonObject(ask(proxy, "GET", "/info").body());
        assertEquals("answers", info.getJsonObject("reachability").getString("state"));
        assertTrue(
            info.getJsonObject("originTls").getJsonObject("connections").getInteger("tls") > 0);
        assertEquals(0, origin.clearCalls.get());
      }
    }
  }
}
