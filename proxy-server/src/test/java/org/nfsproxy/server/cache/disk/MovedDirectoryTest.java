package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.BLOCK_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.key;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.version;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.LogLines;

// Somebody moves the directory while it is used, and puts another one in its place.
class MovedDirectoryTest {
  private static final int FAILED = 2;
  private static final String THEIRS = "theirs";

  @TempDir Path folder;
  private Path directory;
  private Path old;

  @BeforeEach
  void name() {
    directory = folder.resolve("cache");
    old = folder.resolve("old");
  }

  private void exchange() throws IOException {
    Files.move(directory, old);
    Files.createDirectory(directory);
    for (String name :
        List.of("slab-0000001", "slab-0000005", "cache.header", "cache.header.new", "cache.lock")) {
      Files.writeString(directory.resolve(name), THEIRS);
    }
  }

  private void hasOnlyTheirs() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        found.put(each.getFileName().toString(), Files.readString(each));
      }
    }
    assertEquals(5, found.size(), found.toString());
    found.values().forEach(each -> assertEquals(THEIRS, each));
  }

  @Test
  void exchanged_theOtherIsNeitherReadNorWritten() throws Exception {
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      files.header(new byte[] {1});
      files.open(3).close();
      exchange();
      assertEquals(List.of(3), files.numbers());
      assertArrayEquals(new byte[] {1}, Files.readAllBytes(old.resolve("cache.header")));
      for (int number : new int[] {1, 3, 4}) {
        assertThrows(IOException.class, () -> files.open(number));
      }
      files.header(new byte[] {2});
      files.delete(3);
      files.delete(5);
      assertEquals(List.of(), files.numbers());
      assertArrayEquals(new byte[] {2}, Files.readAllBytes(old.resolve("cache.header")));
    }
    hasOnlyTheirs();
  }

  @Test
  void exchanged_nothingOfClientsGetsThere_andTheLogSaysSo() throws Exception {
    DirectoryFiles files = DirectoryFiles.open(directory);
    DiskUnderTest disk = new DiskUnderTest(files);
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    exchange();
    try (LogLines log = LogLines.of(DiskStore.class)) {
      disk.put(key(2), version(1), 0, 100); // of another size, so in another slab
      assertEquals(1, log.lines().size(), log.lines().toString());
      String told = log.lines().get(0);
      assertTrue(told.contains(directory + " no longer leads to the directory"), told);
      assertTrue(told.contains("put it back"), told);
    }
    assertEquals(FAILED, disk.measure("state"));
    disk.cache.close();
    hasOnlyTheirs();
  }

  // With no slab to be made nobody else would look.
  @Test
  void moved_isSeenByTheNextWrite() throws Exception {
    DiskUnderTest disk = new DiskUnderTest(DirectoryFiles.open(directory));
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    Files.move(directory, old);
    disk.put(key(2), version(1), 0, BLOCK_BYTES);
    assertEquals(FAILED, disk.measure("state"));
    disk.cache.close();
  }

  @Test
  void cleared_afterItWasMoved_isEmptyWhenItIsPutBack() throws Exception {
    DiskUnderTest disk = new DiskUnderTest(DirectoryFiles.open(directory));
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    exchange();
    disk.cache.clear();
    disk.work();
    disk.cache.close();
    hasOnlyTheirs();
    DiskUnderTest again = new DiskUnderTest(DirectoryFiles.open(old));
    assertNull(again.cache.version(key(1)));
    again.cache.close();
  }

  @Test
  void linkAbove_isFollowedOnce() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
    Files.createDirectories(folder.resolve("a"));
    Files.createDirectories(folder.resolve("b/cache"));
    try (DirectoryFiles files = DirectoryFiles.open(link.resolve("cache"))) {
      Files.delete(link);
      Files.createSymbolicLink(link, folder.resolve("b"));
      files.open(3).close();
    }
    assertTrue(Files.exists(folder.resolve("a/cache/slab-0000003")));
  }
}
