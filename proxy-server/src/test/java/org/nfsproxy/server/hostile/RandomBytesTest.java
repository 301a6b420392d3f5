package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

// Thousands of short connections with bytes of a seeded generator: noise, noise in whole records,
// noise behind the header of a call, calls with spoilt bytes, calls that break off. ProxyUnderTest
// fails the test if any of it makes an exception that is logged.
class RandomBytesTest {
  private static final int CONNECTIONS = 3000;
  private static final int CONNECTIONS_OF_TLS = 400;
  private static final int CLIENTS_AT_ONCE = 4;
  private static final int SECONDS_MAX = 20;
  private static final long SEED = 20_261_121;

  @Test
  void randomBytes_leaveNothingBehind_andOthersAreServed() throws Exception {
    assertLeaveNothingBehind(Reached.PLAINLY, CONNECTIONS);
  }

  @Test
  void randomBytes_insideTls_leaveNothingBehind_andOthersAreServed(@TempDir Path folder)
      throws Exception {
    assertLeaveNothingBehind(Reached.insideTls(folder), CONNECTIONS_OF_TLS);
  }

  private static void assertLeaveNothingBehind(Reached reached, int most) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            reached
                .settings(
                    ProxyUnderTest.before(origin)
                        .limit("recordBytesMax", 64 * 1024)
                        .limit("firstCallMillis", 1000)
                        .limit("recordMillis", 1000))
                .start();
        RawClient other = proxy.connect()) {
      assertEquals(-1, word(other.ask(nfsNull(-1)), 0));
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS_AT_ONCE);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
      List<Future<Integer>> runs = new ArrayList<>();
      for (int i = 0; i < CLIENTS_AT_ONCE; i++) {
        Random random = new Random(SEED + i);
        runs.add(clients.submit(() -> attack(reached, proxy, most, random, deadline)));
      }
      int connections = 0;
      for (Future<Integer> run : runs) {
        connections += run.get();
        assertEquals(connections, word(other.ask(nfsNull(connections)), 0));
      }
      clients.shutdown();
      System.out.println(connections + " connections with random bytes, seed " + SEED);
      eventually("all but one connection are closed", () -> proxy.connections() == 1);
      assertEquals(0, proxy.recordBytesHeld());
    }
  }

  private static int attack(
      Reached reached, ProxyUnderTest proxy, int most, Random random, long deadline)
      throws Exception {
    int connections = 0;
    while (connections < most / CLIENTS_AT_ONCE && System.nanoTime() - deadline < 0) {
      connections++;
      try (RawClient client = reached.connect(proxy)) {
        try {
          for (int i = random.nextInt(4); i >= 0; i--) {
            client.send(bytes(random));
          }
          if (random.nextInt(4) == 0) {
            client.reset();
          } else if (random.nextInt(4) == 0) {
            client.isQuiet(1 + random.nextInt(20));
          }
        } catch (IOException closedByTheProxy) {
          continue;
        }
      }
    }
    return connections;
  }

  private static byte[] bytes(Random random) {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    return switch (random.nextInt(6)) {
      case 0 -> noise;
      case 1 -> record(noise);
      case 2 -> record(Wire.call(random.nextInt(), Wire.NFS, 3, random.nextInt(22), raw(noise)));
      case 3 -> record(Wire.call(random.nextInt(), Wire.NFS, 4, 1, compound(random, noise)));
      case 4 -> spoil(random, record(Wire.write(random.nextInt(), 200)));
      default -> Wire.crumbs(Wire.call(random.nextInt(), Wire.MOUNT, 3, 1, raw(noise)));
    };
  }

  private static Consumer<XdrWriter> raw(byte[] noise) {
    return out -> out.fixed(noise);
  }

  private static Consumer<XdrWriter> compound(Random random, byte[] noise) {
    return out -> {
      out.string("").int32(random.nextInt(4)).int32(random.nextInt(8));
      out.int32(random.nextInt(80)).fixed(noise);
    };
  }

  private static byte[] spoil(Random random, byte[] record) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      record[random.nextInt(record.length)] = (byte) random.nextInt();
    }
    return record;
  }
}
