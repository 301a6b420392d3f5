package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Eventually.pause;
import static org.nfsproxy.server.fakes.Wire.word;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.AdminPages;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.testing.Repository;

// A whole proxy with a cache, over sockets.
class CachedReadsTest {
  private static final String GUIDE = "docs/guide/observing.md";
  private static final int MIB = 1 << 20;
  private static final int WINDOW_BYTES = 64 * 1024;
  private static final byte[] FILE = new byte[MIB];

  static {
    new Random(3).nextBytes(FILE);
  }

  private final AtomicLong sentBytes = new AtomicLong();
  private volatile int changed = 1;

  /** How many calls of a connection the origin has before it answers them. */
  private volatile int together = 1;

  /** One file of NFSv3, whatever the handle. */
  private FakeOrigin origin() throws IOException {
    return FakeOrigin.start(
        connection -> {
          List<byte[]> replies = new ArrayList<>();
          for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
            replies.add(
                word(call, 5) == Wire.READ ? read(call) : Wire.reply(word(call, 0), new byte[0]));
            if (replies.size() >= together) {
              for (byte[] reply : replies) {
                sentBytes.addAndGet(reply.length); // before anybody can have it
                connection.send(reply);
              }
              replies.clear();
            }
          }
        });
  }

  private byte[] read(byte[] call) {
    int count = ByteBuffer.wrap(call).getInt(call.length - 4);
    int offset = (int) ByteBuffer.wrap(call).getLong(call.length - 12);
    byte[] data = Arrays.copyOfRange(FILE, offset, Math.min(MIB, offset + count));
    return Wire.reply(
        word(call, 0),
        Wire.xdr(
            out -> {
              out.int32(0).int32(1).int32(1).fixed(new byte[16]).int64(MIB).fixed(new byte[16]);
              out.int64(1).int64(2).fixed(new byte[16]).int32(changed).int32(0);
              out.int32(data.length).int32(offset + count >= MIB ? 1 : 0).opaque(data);
            }));
  }

  @TempDir Path folder;

  private ProxyUnderTest proxy(FakeOrigin origin) throws Exception {
    return proxy(origin, 3000);
  }

  private ProxyUnderTest proxy(FakeOrigin origin, int waitMillis) throws Exception {
    JsonObject cache =
        new JsonObject()
            .put("enabled", true)
            .put("memoryBytesMax", 16 * MIB)
            .put("settledMillis", 50)
            .put("waitMillis", waitMillis)
            .put("settledAgeMillis", 0)
            .put("directory", folder.resolve("cache").toString())
            .put("diskBytesMax", 1L << 30);
    return ProxyUnderTest.before(origin)
        .section("cache", cache)
        .section("admin", new JsonObject().put("port", 0))
        .start();
  }

  private static void fill(RawClient client) throws IOException {
    client.ask(Wire.read(1));
    pause(60);
    client.ask(Wire.read(2));
  }

  private static byte[] data(byte[] reply) {
    return Arrays.copyOfRange(reply, reply.length - MIB, reply.length);
  }

  @Test
  void secondClient_getsWhatTheFirstHasRead_fromHere() throws Exception {
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin);
        RawClient first = proxy.connect();
        RawClient second = proxy.connect()) {
      fill(first);
      long before = sentBytes.get();
      for (int xid = 10; xid < 20; xid++) {
        byte[] reply = second.ask(Wire.read(xid));
        assertEquals(xid, word(reply, 0));
        assertArrayEquals(FILE, data(reply));
      }
      assertTrue(sentBytes.get() - before < 10 * 300, "the origin sent " + sentBytes);
      changed++;
      assertEquals(1, word(second.ask(Wire.read(20)), 29), "of another version: the byte alone");
      assertEquals(MIB, word(second.ask(Wire.read(21)), 29));
      String page = AdminPages.ask(proxy, "GET", "/cache").body();
      assertTrue(page.contains("\"cache_hits_total\":10"), page);
      assertTrue(page.contains("\"cache_changed_total\":1"), page);
      JsonObject export = new JsonObject(page).getJsonArray("exports").getJsonObject(0);
      assertEquals(10, export.getInteger("hits"), page);
      assertEquals(10L * (MIB - 1), export.getLong("hitBytes"), page);
      assertEquals(3, export.getInteger("misses"), page);
      assertEquals(3L * MIB, export.getLong("missBytes"), page);
      String metrics = AdminPages.ask(proxy, "GET", "/metrics").body();
      Set<String> told = names(Files.readString(Repository.ROOT.resolve(GUIDE)));
      told.removeIf(
          name -> name.startsWith("nfs_proxy_cache_neighbour")); // NeighboursTest has them
      assertEquals(told, names(metrics));
      assertTrue(metrics.contains("nfs_proxy_cache_hits_total 10"), metrics);
    }
  }

  @Test
  void purge_dropsAllThatIsHere_andReadsGoOn() throws Exception {
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin);
        RawClient client = proxy.connect()) {
      fill(client);
      AdminPages.Answer purged = AdminPages.ask(proxy, "POST", "/cache/purge");
      assertEquals(202, purged.status());
      assertEquals(new JsonObject().put("droppedBytes", MIB), new JsonObject(purged.body()));
      eventually("what was to be written is dropped", () -> told(proxy, "held_bytes") == 0);
      long before = sentBytes.get();
      assertArrayEquals(FILE, data(client.ask(Wire.read(3))));
      assertTrue(sentBytes.get() - before >= MIB);
      assertEquals(405, AdminPages.ask(proxy, "GET", "/cache/purge").status());
      assertEquals(202, AdminPages.ask(proxy, "POST", "/cache/purge?instances=this").status());
      assertEquals(400, AdminPages.ask(proxy, "POST", "/cache/purge?instances=that").status());
    }
  }

  @Test
  void restarted_itIsOnTheDisk_untilAPurge() throws Exception {
    try (FakeOrigin origin = origin()) {
      try (ProxyUnderTest proxy = proxy(origin);
          RawClient client = proxy.connect()) {
        fill(client);
        eventually("it is written", () -> onDisk(proxy, "written_bytes_total") == MIB);
      }
      try (ProxyUnderTest proxy = proxy(origin);
          RawClient client = proxy.connect()) {
        eventually("it is found", () -> onDisk(proxy, "state") == 1);
        long before = sentBytes.get();
        assertArrayEquals(FILE, data(client.ask(Wire.read(3))));
        assertTrue(sentBytes.get() - before < 300, "the origin sent " + sentBytes);
        assertEquals(MIB, onDisk(proxy, "read_bytes_total"));
        AdminPages.ask(proxy, "POST", "/cache/purge");
        long purged = sentBytes.get();
        assertArrayEquals(FILE, data(client.ask(Wire.read(4))));
        // It is counted once it has been sent.
        eventually("the origin sends it again", () -> sentBytes.get() - purged >= MIB);
        eventually("it is empty", () -> onDisk(proxy, "blocks") == 0);
      }
      try (ProxyUnderTest proxy = proxy(origin)) {
        eventually("it is read", () -> onDisk(proxy, "state") == 1);
        assertEquals(0, onDisk(proxy, "blocks"));
      }
    }
  }

  private static long onDisk(ProxyUnderTest proxy, String name) {
    return told(proxy, "disk_" + name);
  }

  private static long told(ProxyUnderTest proxy, String name) {
    try {
      String page = AdminPages.ask(proxy, "GET", "/cache").body();
      return new JsonObject(page).getLong("cache_" + name);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void directoryThatOthersMayWrite_endsTheStart_andSaysHowToMendIt() throws Exception {
    Path directory = Files.createDirectories(folder.resolve("cache"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (FakeOrigin origin = origin()) {
      Exception failed = assertThrows(Exception.class, () -> proxy(origin));
      String told = failed.getCause() == null ? failed.getMessage() : "" + failed.getCause();
      assertTrue(told.contains("chmod 700 "), told);
    }
  }

  @Test
  void purge_whereThereIsNoCache_saysSo() throws Exception {
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section("admin", new JsonObject().put("port", 0))
                .start()) {
      AdminPages.Answer answer = AdminPages.ask(proxy, "POST", "/cache/purge");
      assertEquals(503, answer.status());
      assertTrue(answer.body().contains("cache.enabled"), answer.body());
      AdminPages.Answer level = AdminPages.ask(proxy, "POST", "/log/level?area=cache&level=DEBUG");
      assertEquals(202, level.status(), level.body());
    }
  }

  // One byte from the origin becomes a megabyte here: who reads nothing must not hold a thousand.
  @Test
  void clientThatNeverReads_holdsLittle_andGetsItAllWhenItReads() throws Exception {
    int reads = 400;
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin);
        RawClient first = proxy.connect();
        RawClient greedy = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      fill(first);
      long before = sentBytes.get();
      together = reads; // or the first replies would keep the rest of the calls from being read
      for (int xid = 0; xid < reads; xid++) {
        greedy.send(Wire.read(xid));
      }
      eventually("the origin has said what it has to", () -> sentBytes.get() - before > 50 * 100);
      pause(200);
      long opened = hits(proxy);
      assertTrue(opened < 10, opened + " replies wait for a client that does not read");
      for (int i = 0; i < reads; i++) {
        assertArrayEquals(FILE, data(greedy.receive()));
      }
      assertEquals(reads, hits(proxy));
    }
  }

  // What is evicted while clients are sent it stays in memory. They must not have all of it so.
  @Test
  void clientsThatNeverRead_doNotEndTheKeepingOfWhatOthersRead() throws Exception {
    int clients = 24;
    List<RawClient> greedy = new ArrayList<>();
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin);
        RawClient reader = proxy.connect()) {
      for (int file = 0; file < clients; file++) {
        fill(reader, file);
        RawClient client = RawClient.connect(proxy.port(), WINDOW_BYTES);
        greedy.add(client);
        for (int xid = 0; xid < 4; xid++) {
          client.send(read(xid, file, 0, MIB));
        }
        long sent = file + 1;
        eventually("one is being sent", () -> hits(proxy) >= sent);
      }
      assertEquals(0, told(proxy, "full_bytes_total"), "there was no room");
      fill(reader, 1000);
      long before = sentBytes.get();
      assertArrayEquals(FILE, data(reader.ask(read(9, 1000, 0, MIB))));
      assertTrue(sentBytes.get() - before < 300, "the origin sent " + sentBytes);
      for (RawClient client : greedy) {
        assertArrayEquals(FILE, data(client.receive()));
      }
    } finally {
      for (RawClient client : greedy) {
        client.close();
      }
    }
  }

  // Its fetch is never read from the origin, since its socket is full of hits. Others are not to
  // wait for it as long as for a line that is slow.
  @Test
  void clientThatNeverReads_isNotWaitedFor_byWhoWantsWhatItFetches() throws Exception {
    int hits = 16;
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin, 30_000);
        RawClient reader = proxy.connect();
        RawClient greedy = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      fill(reader, 0);
      reader.ask(read(3, 1, 0, 4096));
      pause(60);
      reader.ask(read(4, 1, 0, 4096)); // its version has settled
      together = hits + 1; // or the first replies would keep the last call from being read
      for (int xid = 0; xid < hits; xid++) {
        greedy.send(read(xid, 0, 0, MIB));
      }
      long before = sentBytes.get();
      greedy.send(read(hits, 1, MIB / 2, MIB / 2));
      eventually("the origin answers them", () -> sentBytes.get() - before > MIB / 2);
      together = 1;
      pause(300); // what the sockets take they have
      byte[] reply = reader.ask(read(5, 1, MIB / 2, MIB / 2));
      assertEquals(1, word(reply, 29), "the byte, long before 30 s have passed");
    }
  }

  // A small part of a piece is not to keep the whole piece in memory.
  @Test
  void clientThatNeverReads_smallParts_holdsLittleWhenTheyAreEvicted() throws Exception {
    int files = 10;
    int block = 128 << 10;
    int reads = 1000;
    int part = 32 << 10; // of all of them the sockets hold a fraction
    try (FakeOrigin origin = origin();
        ProxyUnderTest proxy = proxy(origin);
        RawClient reader = proxy.connect();
        RawClient greedy = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      for (int file = 0; file < files; file++) {
        fill(reader, file);
      }
      together = reads;
      for (int i = 0; i < reads; i++) {
        greedy.send(read(i, i % files, i / files % (MIB / block) * block, part));
      }
      eventually("they are being sent", () -> hits(proxy) >= 100);
      pause(200);
      assertTrue(hits(proxy) < reads, "all of them were sent");
      AdminPages.ask(proxy, "POST", "/cache/purge");
      eventually("little is held", () -> told(proxy, "held_bytes") <= MIB);
    }
  }

  private static byte[] read(int xid, int file, long offset, int count) {
    byte[] handle = ByteBuffer.allocate(32).putInt(file).array();
    return Wire.record(
        Wire.call(
            xid, Wire.NFS, 3, Wire.READ, out -> out.opaque(handle).int64(offset).int32(count)));
  }

  private static void fill(RawClient client, int file) throws IOException {
    client.ask(read(1, file, 0, MIB));
    pause(60);
    client.ask(read(2, file, 0, MIB));
  }

  private static Set<String> names(String text) {
    return Pattern.compile("nfs_proxy_cache_[a-z_]*[a-z]")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long hits(ProxyUnderTest proxy) {
    return told(proxy, "hits_total");
  }
}
