package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.rpc.CallCredential;

class WarmingTest {
  private static final int BLOCK = 4096;
  private static final long MEMORY = 1_000_000;
  private static final long DAY_MILLIS = 86_400_000;
  private static final CallCredential READER = CallCredential.sys("nfs-proxy", 1000, 100);

  private final Random random = new Random(1);
  private final HandTurns turns = new HandTurns();
  private final TreeOrigin origin = new TreeOrigin();
  private final TreeDisk disk = new TreeDisk();
  private final ReadCache cache =
      TestCache.at(turns::nanos, turns::millis)
          .memory(MEMORY)
          .files(1000)
          .blocks(BLOCK)
          .sources(disk)
          .make();
  private final Warming warming = warming(KeptFiles.ALL, 100);

  private Warming warming(KeptFiles kept, int filesMax) {
    WarmBounds bounds = new WarmBounds(filesMax, 4 * BLOCK);
    Holdings holdings = new Holdings(cache, disk);
    return new Warming(holdings, origin, origin, READER, kept, turns, bounds, turns::millis);
  }

  @AfterEach
  void clear() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private TreeOrigin.Node old(String path, int length) {
    return origin.file(path, bytes(length), turns.nowMillis - DAY_MILLIS);
  }

  private TreeOrigin.Node fresh(String path, int length) {
    return origin.file(path, bytes(length), turns.nowMillis);
  }

  private WarmProgress warm(int nfsVersion, String... paths) {
    assertTrue(warming.begin(List.of(paths), List.of(nfsVersion)));
    turns.pass(60_000);
    WarmProgress progress = warming.progress();
    assertFalse(progress.isRunning(), progress.toString());
    return progress;
  }

  private byte[] here(String path, int nfsVersion) {
    CachedFile file = cache.find(new FileKey(TreeOrigin.handle(path), nfsVersion));
    assertNotNull(file, path);
    List<ByteBuf> taken = cache.take(file, 0, file.version.size());
    assertNotNull(taken, path);
    byte[] all = new byte[(int) file.version.size()];
    int at = 0;
    for (ByteBuf each : taken) {
      byte[] some = ByteBufUtil.getBytes(each);
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
      each.release();
    }
    return all;
  }

  private static String onlyCause(WarmProgress progress) {
    assertEquals(1, progress.errors().size(), progress.toString());
    return progress.errors().get(0).cause();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void oldFile_isReadAtOnceAsTheOneWhoIsNamed(int nfsVersion) {
    TreeOrigin.Node file = old("/export/a", 3 * BLOCK + 5);
    warming.begin(List.of("/export/a"), List.of(nfsVersion));
    turns.take();
    assertFalse(warming.progress().isRunning());
    assertArrayEquals(file.data, here("/export/a", nfsVersion));
    assertEquals(Set.of(READER), Set.copyOf(origin.readers));
    WarmProgress progress = warming.progress();
    assertEquals(1, progress.filesDone());
    assertEquals(3 * BLOCK + 5, progress.bytesRead());
    assertEquals(3 * BLOCK + 5, progress.bytesHere());
    assertNull(progress.end());
  }

  @Test
  void freshFile_isToldFirstAndReadWhenItsVersionHasSettled() {
    TreeOrigin.Node file = fresh("/export/a", 2 * BLOCK);
    warming.begin(List.of("/export/a"), List.of(4));
    turns.pass(1999);
    assertEquals(List.of("/export/a 0 1"), origin.reads);
    assertTrue(warming.progress().isRunning());
    turns.pass(2);
    assertArrayEquals(file.data, here("/export/a", 4));
    assertFalse(warming.progress().isRunning());
  }

  @Test
  void freshFiles_moreThanAreOpenAtOnce_settleTogether() {
    for (int i = 0; i < 50; i++) {
      fresh("/export/" + i, 100);
    }
    warming.begin(List.of("/export"), List.of(4));
    turns.pass(2001);
    assertFalse(warming.progress().isRunning());
    assertEquals(50, warming.progress().filesDone());
  }

  @Test
  void fileOfNothing_isDone() {
    old("/export/a", 0);
    assertEquals(1, warm(3, "/export/a").filesDone());
  }

  @Test
  void whatIsHere_isNotReadAgain() {
    old("/export/a", 3 * BLOCK);
    warm(3, "/export/a");
    origin.reads.clear();
    WarmProgress progress = warm(3, "/export/a");
    assertEquals(List.of("/export/a 0 1"), origin.reads);
    assertEquals(0, progress.bytesRead());
    assertEquals(3 * BLOCK, progress.bytesHere());
  }

  @Test
  void bytesInFlight_areBounded() {
    origin.isHolding = true;
    old("/export/a", 40 * BLOCK);
    old("/export/b", 40 * BLOCK);
    warming.begin(List.of("/export/a", "/export/b"), List.of(4));
    turns.take();
    while (origin.answerOne()) {
      turns.take();
    }
    assertEquals(2, warming.progress().filesDone());
    assertEquals(4 * BLOCK, origin.bytesInFlightMax);
  }

  @Test
  void shortAnswers_areGoneOnFrom() {
    TreeOrigin.Node file = old("/export/a", 3 * BLOCK);
    file.answerBytesMax = 5000; // whole units of that are kept, and the rest is read again
    assertEquals(1, warm(4, "/export/a").filesDone());
    assertArrayEquals(file.data, here("/export/a", 4));
  }

  @Test
  void answersOfLessThanAUnit_areGivenUp() {
    old("/export/a", 3 * BLOCK).answerBytesMax = 1000;
    WarmProgress progress = warm(4, "/export/a");
    assertTrue(onlyCause(progress).contains("less than 4096 bytes"), progress.toString());
  }

  @Test
  void fileThatChangesMeanwhile_isReadAnew() {
    TreeOrigin.Node file = fresh("/export/a", 8 * BLOCK);
    file.beforeRead =
        () -> {
          if (origin.reads.size() == 4) {
            file.write(bytes(5 * BLOCK), turns.nowMillis);
          }
        };
    assertEquals(1, warm(4, "/export/a").filesDone());
    assertArrayEquals(file.data, here("/export/a", 4));
  }

  @Test
  void fileThatGrowsAllTheTime_isGivenUp() {
    TreeOrigin.Node file = fresh("/export/a", 8 * BLOCK);
    file.beforeRead =
        () -> {
          turns.nowMillis += 1000;
          file.write(bytes(file.data.length + 1), turns.nowMillis);
        };
    WarmProgress progress = warm(4, "/export/a");
    assertEquals(0, progress.filesDone());
    assertTrue(onlyCause(progress).contains("it has changed"), progress.toString());
    assertTrue(origin.reads.size() < 100);
  }

  @Test
  void directory_isReadWithAllThatIsBelowItInItsFilesystem() {
    origin.put("/export/d", TreeOrigin.DIRECTORY, 2);
    origin.put("/export/d/e", TreeOrigin.DIRECTORY, 2);
    origin.put("/export/d/mounted", TreeOrigin.DIRECTORY, 3);
    origin.put("/export/d/pipe", TreeOrigin.FIFO, 2);
    origin.put("/export/d/link", TreeOrigin.LINK, 2);
    for (String path : List.of("/export/d/1", "/export/d/2", "/export/d/3", "/export/d/e/4")) {
      old(path, 100);
    }
    WarmProgress progress = warm(4, "/export/d");
    assertEquals(4, progress.filesDone(), progress.toString());
    assertEquals(3, progress.skipped());
    assertEquals(0, progress.filesFailed());
  }

  @Test
  void directoryWithoutEnd_ends() {
    origin.isEndless = true;
    origin.put("/export/pipe", TreeOrigin.FIFO, 2);
    WarmProgress progress = warm(4, "/export");
    assertTrue(progress.end().contains("cache.warm.filesMax"), progress.toString());
  }

  @Test
  void filesBeyondTheBound_endIt() {
    for (int i = 0; i < 200; i++) {
      old("/export/" + i, 10);
    }
    WarmProgress progress = warm(4, "/export");
    assertTrue(progress.end().contains("cache.warm.filesMax"), progress.toString());
    assertTrue(progress.filesDone() <= 100, progress.toString());
  }

  @Test
  void whatIsNoFile_isToldAndNotRead() {
    origin.put("/export/pipe", TreeOrigin.FIFO, 2);
    origin.put("/export/link", TreeOrigin.LINK, 2);
    old("/export/a", 10);
    WarmProgress progress =
        warm(3, "/export/pipe", "/export/link", "/export/a/x", "/export/none", "/export/a");
    assertEquals(4, progress.filesFailed());
    assertEquals(1, progress.filesDone());
    List<String> causes = progress.errors().stream().map(WarmProgress.Failed::cause).toList();
    assertTrue(causes.get(0).contains("neither a regular file"), causes.toString());
    assertTrue(causes.get(1).contains("a symbolic link"), causes.toString());
    assertTrue(causes.get(2).contains("NFS status 20"), causes.toString());
    assertTrue(causes.get(3).contains("no such name"), causes.toString());
    assertTrue(origin.reads.stream().allMatch(read -> read.startsWith("/export/a ")));
  }

  @Test
  void whatTheReaderMayNot_isToldWithWhoHeIs() {
    old("/export/a", 10).status = 13;
    WarmProgress progress = warm(3, "/export/a");
    assertTrue(onlyCause(progress).contains("cache.warm.uid"), progress.toString());
  }

  private final Set<FileKey> off = new HashSet<>();

  private WarmProgress warmWhatIsOn(int nfsVersion, String path) {
    Warming some = warming(file -> Future.succeededFuture(!off.contains(file)), 100);
    assertTrue(some.begin(List.of(path), List.of(nfsVersion)));
    turns.pass(60_000);
    return some.progress();
  }

  private void turnOff(String path, int nfsVersion) {
    off.add(new FileKey(TreeOrigin.handle(path), nfsVersion));
  }

  @Test
  void fileThatTheCacheIsNotFor_byItsHandle_isNotReadAndToldWithTheCause() {
    old("/export/a", 10);
    old("/export/b", 10);
    turnOff("/export/a", 4);
    WarmProgress progress = warmWhatIsOn(4, "/export");
    assertTrue(onlyCause(progress).contains("`cache` off"), progress.toString());
    assertEquals(1, progress.filesDone());
    assertTrue(origin.reads.stream().allMatch(read -> read.startsWith("/export/b ")));
    assertEquals(2, warmWhatIsOn(3, "/export").filesDone());
  }

  @Test
  void directoryThatTheCacheIsNotFor_isNotListed() {
    old("/export/a", 10);
    turnOff("/export", 3);
    WarmProgress progress = warmWhatIsOn(3, "/export");
    assertTrue(onlyCause(progress).contains("`cache` off"), progress.toString());
    assertEquals(0, origin.readers.size());
  }

  @Test
  void fileOfWhichTheCacheIsTurnedOffMeanwhile_isReadNoFurther() {
    TreeOrigin.Node file = old("/export/a", 20 * BLOCK);
    file.beforeRead =
        () -> {
          if (origin.reads.size() == 5) {
            turnOff("/export/a", 4);
          }
        };
    WarmProgress progress = warmWhatIsOn(4, "/export/a");
    assertTrue(onlyCause(progress).contains("`cache` off"), progress.toString());
    assertEquals(5, origin.reads.size());
  }

  @Test
  void fileThatMemoryHasNoRoomFor_isNotRead_andOthersAre() {
    old("/export/a", (int) MEMORY);
    old("/export/b", 10);
    TreeOrigin.Node lie = old("/export/c", 10);
    lie.toldSize = Long.MIN_VALUE;
    TreeOrigin.Node other = old("/export/d", 10);
    other.toldSize = Long.MAX_VALUE;
    WarmProgress progress = warm(3, "/export/a", "/export/b", "/export/c", "/export/d");
    assertEquals(1, progress.filesDone());
    assertEquals(3, progress.filesFailed());
    assertTrue(progress.bytesRead() < 100, progress.toString());
    assertEquals("9223372036854775808", progress.errors().get(1).cause().split(" ")[1]);
  }

  @Test
  void filesTogetherMoreThanMemory_areReadUntilItIsFull_andNoneIsPushedOut() {
    for (int i = 0; i < 20; i++) {
      old("/export/" + i, 100_000);
    }
    WarmProgress progress = warm(4, "/export");
    assertTrue(progress.filesDone() >= 6, progress.toString()); // 11/16 of the memory
    assertEquals(20, progress.filesDone() + progress.filesFailed());
    assertEquals(progress.bytesDone(), progress.bytesHere());
    assertTrue(progress.bytesRead() <= MEMORY);
  }

  @Test
  void originThatAnswersAboutAnotherFile_isNotBelieved() {
    old("/export/a", 10).toldFileid = 4711;
    WarmProgress progress = warm(4, "/export/a");
    assertTrue(onlyCause(progress).contains("another file"), progress.toString());
    assertEquals(0, progress.bytesRead());
  }

  @Test
  void originThatHasLessThanItSays_isGivenUp() {
    old("/export/a", 10).toldSize = 100;
    WarmProgress progress = warm(4, "/export/a");
    assertTrue(onlyCause(progress).contains("before the size"), progress.toString());
  }

  @Test
  void originThatTellsNoAttributes_isGivenUp() {
    old("/export/a", 10).tellsAttributes = false;
    WarmProgress progress = warm(3, "/export/a");
    assertTrue(onlyCause(progress).contains("attributes"), progress.toString());
  }

  @Test
  void delay_isAskedAgain_andNotForEver() {
    TreeOrigin.Node file = old("/export/a", 10);
    file.status = 10008;
    warming.begin(List.of("/export/a"), List.of(3));
    turns.pass(5500);
    file.status = 0;
    turns.pass(1000);
    assertEquals(1, warming.progress().filesDone());
    file.write(bytes(10), turns.nowMillis);
    file.status = 10008;
    assertTrue(onlyCause(warm(3, "/export/a")).contains("come back later"));
  }

  @Test
  void originThatIsAway_endsIt() {
    old("/export/a", 10);
    old("/export/b", 10);
    origin.down = new IOException("refused");
    WarmProgress progress = warm(3, "/export/a", "/export/b");
    assertTrue(progress.end().contains("does not answer: refused"), progress.toString());
  }

  @Test
  void second_whileOneGoesOn_isRefused_andStopEndsIt() {
    fresh("/export/a", 10);
    assertTrue(warming.begin(List.of("/export/a"), List.of(3)));
    assertFalse(warming.begin(List.of("/export/a"), List.of(3)));
    turns.take();
    assertTrue(warming.stop());
    turns.take();
    assertEquals("it was stopped", warming.progress().end());
    assertFalse(warming.stop());
    turns.pass(10_000);
    assertEquals(List.of("/export/a 0 1"), origin.reads);
    assertTrue(warming.begin(List.of("/export/a"), List.of(3)));
  }

  // Three times what memory has room for.
  private void manyTextures() {
    for (int i = 0; i < 20; i++) {
      old("/export/" + (char) ('a' + i), 100_000);
    }
  }

  @Test
  void filesTogetherMoreThanMemory_whereThereIsADisk_areAllWarmed() {
    disk.roomBytes = 10 * MEMORY;
    manyTextures();
    WarmProgress progress = warm(4, "/export");
    assertNull(progress.end(), progress.toString());
    assertEquals(20, progress.filesDone(), progress.toString());
    assertEquals(2_000_000, progress.bytesHere());
    assertEquals(2_000_000, progress.bytesRead());
  }

  @Test
  void whatIsOnTheDisk_isNotReadAgain() {
    disk.roomBytes = 10 * MEMORY;
    manyTextures();
    warm(4, "/export");
    cache.clear(); // as after a restart
    WarmProgress progress = warm(4, "/export");
    assertEquals(20, progress.filesDone(), progress.toString());
    assertEquals(0, progress.bytesRead());
    assertEquals(2_000_000, progress.bytesHere());
  }

  @Test
  void filesTogetherMoreThanTheDisk_areReadUntilItIsFull() {
    disk.roomBytes = 1_500_000;
    manyTextures();
    WarmProgress progress = warm(4, "/export");
    assertEquals(15, progress.filesDone(), progress.toString());
    assertTrue(progress.errors().get(0).cause().contains("cache.diskBytesMax"));
    assertEquals(1_500_000, progress.bytesRead());
  }

  @Test
  void whatTheDiskIsTooSlowFor_isReadAgainLater_andNotForEver() {
    disk.roomBytes = 10 * MEMORY;
    disk.drops = 7;
    manyTextures();
    assertEquals(20, warm(4, "/export").filesDone());
    cache.clear();
    disk.clear();
    disk.drops = Integer.MAX_VALUE;
    WarmProgress progress = warm(4, "/export");
    assertTrue(progress.bytesHere() <= MEMORY, progress.toString());
    assertTrue(progress.bytesRead() < 12_000_000, progress.toString());
  }

  @Test
  void client_readsWhatWasWarmed_byOneByte() {
    origin.nodes.put("x", origin.nodes.get("/export"));
    TreeOrigin.Node file = old("/export/a", 2 * BLOCK);
    warm(3, "/export/a");
    CachedFile known = cache.find(new FileKey(TreeOrigin.handle("/export/a"), 3));
    assertTrue(cache.hasOrBrings("somebody", known, 0, file.data.length));
  }
}
