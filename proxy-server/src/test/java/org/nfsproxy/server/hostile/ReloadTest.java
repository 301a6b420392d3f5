package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.word;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.Proxy;
import org.nfsproxy.server.configuration.ConfigurationWatch;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// A file changed under a running proxy, seen from a connection that stays open all the while. The
// origin echoes: what is behind an accepted reply's header is the call itself, or a refusal.
class ReloadTest {
  private static final int REMOVE = 12;
  private static final int RESULTS = 6;
  private static final int READ_ONLY = 30;

  private final LogLines log = LogLines.of(ConfigurationWatch.class);
  @TempDir private Path folder;
  private Path file;
  private FakeOrigin origin;
  private ProxyUnderTest proxy;
  private RawClient client;
  private int xid = 100;

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("proxy.json");
    origin = FakeOrigin.start(FakeOriginConnection::echo);
    proxy = ProxyUnderTest.before(origin).limit("connectionsMax", 2).watched(file).start();
    client = proxy.connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    proxy.close();
    origin.close();
    log.close();
  }

  private void change(String from, String to) throws IOException {
    String json = Files.readString(file);
    Path changed = Files.writeString(folder.resolve("changed"), json.replace(from, to));
    Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitLines(int count) {
    eventually(count + " lines in the log", () -> log.lines().size() >= count);
  }

  /** What REMOVE comes to: the origin's echo of the xid, or the status of a refusal. */
  private int remove() throws IOException {
    xid++;
    byte[] call =
        Wire.call(xid, Wire.NFS, 3, REMOVE, out -> out.opaque(new byte[32]).string("name"));
    byte[] reply = client.ask(Wire.record(call));
    return word(reply, RESULTS) == xid ? 0 : word(reply, RESULTS);
  }

  @Test
  void rules_areAppliedToTheNextCallOfAnOpenConnection_andAWrongFileIsNot() throws Exception {
    assertEquals(0, remove());
    change("\"squash\":\"none\"", "\"squash\":\"none\",\"access\":\"ro\"");
    awaitLines(1);
    assertEquals(READ_ONLY, remove());
    change("\"access\":\"ro\"", "\"access\":\"rx\"");
    awaitLines(3);
    assertEquals(READ_ONLY, remove());
    change("\"access\":\"rx\"", "\"access\":\"ro\",\"anonUid\":7");
    awaitLines(4);
    assertEquals(READ_ONLY, remove());
    change("\"access\":\"ro\"", "\"access\":\"rw\"");
    awaitLines(5);
    assertEquals(0, remove());
    assertEquals(1, origin.accepted());
    assertEquals(
        List.of(
            "INFO in force now: exports.parameters.access",
            "WARN refused, what was in force stays in force",
            "WARN exports.parameters.access: found \"rx\", expected one of rw, ro, none",
            "INFO in force now: exports.parameters.anonUid",
            "INFO in force now: exports.parameters.access"),
        log.lines().stream().map(line -> line.replace(file + ": ", "")).toList());
  }

  @Test
  void rulesThatMakeTheName_changed_areWarnedAbout_andAreInForce() throws Exception {
    try (LogLines told = LogLines.of(Proxy.class)) {
      change("\"squash\":\"none\"", "\"squash\":\"none\",\"access\":\"ro\"");
      awaitLines(1);
      assertEquals(READ_ONLY, remove());
      assertEquals(1, told.lines().size(), told.lines()::toString);
      String line = told.take().get(0);
      assertTrue(
          line.matches(
              "WARN clients and origin know this proxy as (nfs-proxy-[0-9a-f]{8}) until a restart, and"
                  + " as nfs-proxy-[0-9a-f]{8} from then on, .* set cluster.name to \\1"),
          line);
      change("\"access\":\"ro\"", "\"access\":\"rw\"");
      awaitLines(2);
      assertEquals(List.of(), told.lines());
    }
  }

  @Test
  void boundOfConnections_isApplied_andNobodyIsClosed() throws Exception {
    try (RawClient second = proxy.connect()) {
      assertEquals(1, word(second.ask(Wire.nfsNull(1)), 0));
      assertRefused();
      change("\"connectionsMax\":2", "\"connectionsMax\":3");
      awaitLines(1);
      try (RawClient third = proxy.connect()) {
        assertEquals(2, word(third.ask(Wire.nfsNull(2)), 0));
        change("\"connectionsMax\":3", "\"connectionsMax\":1");
        awaitLines(2);
        assertEquals(3, word(third.ask(Wire.nfsNull(3)), 0));
        assertRefused();
      }
    }
  }

  private void assertRefused() throws IOException {
    try (RawClient refused = proxy.connect()) {
      assertNull(refused.ask(Wire.nfsNull(9)));
    } catch (SocketException reset) {
      assertEquals("Connection reset", reset.getMessage());
    }
  }
}
