package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.fleet.NeighbourBounds;
import org.nfsproxy.server.cache.fleet.Neighbours;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.Wire;

// Caches of several instances with real connections between them, before one origin that counts
// what it sends.
@Timeout(120)
class FleetReadTest {
  private static final int FILE = 3;
  private static final int BLOCK = 128 << 10;
  private static final int BLOCKS = 160;
  private static final int SIZE = BLOCKS * BLOCK;
  private static final int CLIENTS = 8;
  private static final FileVersion VERSION = new FileVersion(0, SIZE, 1, 0, FILE, 1000, 1, 1000, 1);
  private static final byte[] DATA = new byte[SIZE];

  static {
    new Random(7).nextBytes(DATA);
  }

  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, byte[]> said = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final AtomicLong sentBytes = new AtomicLong();

  /** By block: readers that have sent their READ; the reply to one of all waits for them. */
  private final Map<Long, CountDownLatch> together = new ConcurrentHashMap<>();

  private boolean isTogether;
  private boolean isRefusing;

  private final class Instance implements Fleet {
    final String name;
    final Vertx vertx = Vertx.vertx();
    final ReadCache cache =
        TestCache.now().memory(64 << 20).blocks(BLOCK).waits(TimeUnit.SECONDS.toNanos(20)).make();
    final CachedReads reads = ReadCalls.reads(cache);
    final Neighbours neighbours;

    Instance(String name) throws Exception {
      this.name = name;
      byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
      NeighbourBounds bounds =
          new NeighbourBounds(
              TimeUnit.SECONDS.toNanos(10),
              TimeUnit.SECONDS.toNanos(20),
              1024,
              1 << 18,
              1 << 26,
              16);
      neighbours =
          await(
              Neighbours.start(
                  vertx,
                  new Neighbours.Self(name, "origin", secret),
                  "127.0.0.1",
                  0,
                  bounds,
                  cache.shelf(),
                  System::nanoTime));
      neighbours.join(this);
      reads.askFirst(neighbours);
    }

    long count(String measure) {
      return (long)
          neighbours.measures().stream()
              .filter(each -> each.name().equals("cache_neighbour_" + measure))
              .mapToDouble(Measure::value)
              .sum();
    }

    @Override
    public String instance() {
      return name;
    }

    @Override
    public void say(String topic, byte[] statement) {
      said.put(name, statement);
      listeners.forEach(Runnable::run);
    }

    @Override
    public Map<String, byte[]> heard(String topic) {
      return Map.copyOf(said);
    }

    @Override
    public void onChange(String topic, Runnable listener) {
      listeners.add(listener);
    }

    /** What a client gets that reads a range, by as many READs as that takes. */
    byte[] read(long from, int count) throws Exception {
      byte[] got = new byte[count];
      int done = 0;
      while (done < count) {
        byte[] some = readOnce(from + done, count - done);
        System.arraycopy(some, 0, got, done, some.length);
        done += some.length;
      }
      return got;
    }

    /** What the origin refuses to a client that is not allowed to read. */
    void refused(long from) throws Exception {
      CachedReads refused = reads.of("refused");
      byte[] call = ReadCalls.read3(FILE, from, BLOCK);
      Future<Heard> asking = ReadCalls.ask(refused, call);
      Heard heard = asking == null ? Heard.NOTHING : await(asking);
      ReadCalls.Sent sent = ReadCalls.send(refused, call, heard, null);
      sent.record().release();
      byte[] acces = Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(13).int32(0)));
      ReadCalls.open(sent.opener(), acces);
    }

    private byte[] readOnce(long from, int count) throws Exception {
      byte[] call = ReadCalls.read3(FILE, from, count);
      Future<Heard> asking = ReadCalls.ask(reads, call);
      Heard heard = asking == null ? Heard.NOTHING : await(asking);
      ReadCalls.Sent sent = ReadCalls.send(reads, call, heard, null);
      byte[] reply = origin(from, sent.count());
      sent.record().release();
      ByteBuf record = Unpooled.directBuffer(reply.length).writeBytes(reply);
      Semaphore ready = new Semaphore(0);
      while (sent.opener().waits(record, ready::release) > 0) {
        assertTrue(ready.tryAcquire(30, TimeUnit.SECONDS), "nobody says that it has come");
      }
      byte[] opened = ReadCalls.open(sent.opener(), record);
      int length = Unpooled.wrappedBuffer(opened).getInt(opened.length - padded(opened) - 4);
      return Arrays.copyOfRange(
          opened, opened.length - padded(opened), opened.length - padded(opened) + length);
    }

    // The data are the last of it, and what stands before them is as long in each reply.
    private int padded(byte[] opened) {
      return opened.length - (ReadCalls.reply3(VERSION, false, new byte[0]).length);
    }
  }

  private byte[] origin(long from, int count) throws InterruptedException {
    if (isTogether) {
      CountDownLatch all =
          together.computeIfAbsent(from / BLOCK, block -> new CountDownLatch(CLIENTS));
      all.countDown();
      if (count > 1) {
        assertTrue(all.await(30, TimeUnit.SECONDS), "others have not asked");
      }
    }
    sentBytes.addAndGet(count);
    byte[] data = Arrays.copyOfRange(DATA, (int) from, (int) from + count);
    return ReadCalls.reply3(VERSION, from + count >= SIZE, data);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void start(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      instances.add(new Instance("instance-" + i));
    }
    for (Instance each : instances) {
      Eventually.eventually("connected", () -> each.count("reached") == count - 1);
    }
  }

  @AfterEach
  void stop() throws Exception {
    clients.shutdownNow();
    for (Instance each : instances) {
      await(each.neighbours.close());
      await(each.vertx.close());
      each.cache.clear();
      assertEquals(0, each.cache.heldBytes());
    }
  }

  @Test
  void whatOneInstanceHasRead_theOriginSendsToNoOther() throws Exception {
    start(3);
    for (int block = 0; block < BLOCKS; block++) {
      instances.get(0).read((long) block * BLOCK, BLOCK);
    }
    assertEquals(SIZE, sentBytes.get());
    Instance home = instances.get(0);
    Eventually.eventually(
        "all is at its homes",
        () ->
            home.count("put_bytes_total")
                == instances.get(1).count("taken_bytes_total")
                    + instances.get(2).count("taken_bytes_total"));
    assertTrue(home.count("put_bytes_total") > SIZE / 4, "several are homes");
    sentBytes.set(0);
    for (int block = 0; block < BLOCKS; block++) {
      byte[] got = instances.get(1 + block % 2).read((long) block * BLOCK, BLOCK);
      assertArrayEquals(Arrays.copyOfRange(DATA, block * BLOCK, (block + 1) * BLOCK), got);
    }
    assertEquals(BLOCKS, sentBytes.get(), "one byte each");
  }

  // Eight clients of two instances, all at the same block at the same time.
  @Test
  void eightReadTheSameAtOnce_theOriginSendsItOnce() throws Exception {
    start(2);
    for (Instance each : instances) {
      each.read(0, BLOCK);
    }
    allReadAtOnce();
  }

  @Test
  void eightReadTheSameAtOnce_withOneThatIsRefusedBetweenThem_theOriginSendsItOnce()
      throws Exception {
    start(2);
    for (Instance each : instances) {
      each.read(0, BLOCK);
      each.refused(BLOCK);
    }
    isRefusing = true;
    allReadAtOnce();
  }

  private void allReadAtOnce() throws Exception {
    sentBytes.set(0);
    isTogether = true;
    List<java.util.concurrent.Future<byte[]>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Instance through = instances.get(i % 2);
      Callable<byte[]> client = () -> wholeFile(through);
      all.add(clients.submit(client));
    }
    for (java.util.concurrent.Future<byte[]> each : all) {
      assertArrayEquals(Arrays.copyOfRange(DATA, BLOCK, SIZE), each.get(60, TimeUnit.SECONDS));
    }
    long once = (long) (BLOCKS - 1) * BLOCK;
    long oneByteEach = (long) (BLOCKS - 1) * (CLIENTS - 1);
    assertEquals(once + oneByteEach, sentBytes.get());
  }

  private byte[] wholeFile(Instance through) throws Exception {
    byte[] got = new byte[SIZE - BLOCK];
    for (int block = 1; block < BLOCKS; block++) {
      if (isRefusing) {
        through.refused((long) block * BLOCK);
      }
      byte[] some = through.read((long) block * BLOCK, BLOCK);
      System.arraycopy(some, 0, got, (block - 1) * BLOCK, BLOCK);
    }
    return got;
  }

  // With its home goes what it had; nobody waits for it, and the others are the homes of it.
  @Test
  void instanceDies_theOthersGoOn() throws Exception {
    start(3);
    for (int block = 0; block < BLOCKS; block++) {
      instances.get(0).read((long) block * BLOCK, BLOCK);
    }
    await(instances.get(0).neighbours.close());
    said.remove("instance-0");
    listeners.forEach(Runnable::run);
    for (int block = 0; block < BLOCKS; block++) {
      byte[] got = instances.get(1).read((long) block * BLOCK, BLOCK);
      assertArrayEquals(Arrays.copyOfRange(DATA, block * BLOCK, (block + 1) * BLOCK), got);
    }
    sentBytes.set(0);
    for (int block = 0; block < BLOCKS; block++) {
      instances.get(2).read((long) block * BLOCK, BLOCK);
    }
    assertEquals(BLOCKS, sentBytes.get(), "one byte each");
  }
}
