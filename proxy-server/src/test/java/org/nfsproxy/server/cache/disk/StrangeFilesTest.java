package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

// Files that somebody made in the directory before it was the proxy's alone.
class StrangeFilesTest {
  private static final String SLAB = "slab-0000003";
  private static final String HEADER = "cache.header";
  private static final String LOCK = "cache.lock";

  @TempDir Path folder;
  private Path directory;

  @BeforeEach
  void begin() throws IOException {
    directory = folder.resolve("cache");
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      files.header(new byte[] {1});
      files.open(3).close();
    }
  }

  /** Something that is done to a file. */
  private interface Change {
    void to(Path file) throws Exception;
  }

  private void eachIsRefused(Change change, String why) throws Exception {
    for (String name : List.of(SLAB, HEADER, LOCK)) {
      begin();
      change.to(directory.resolve(name));
      String told = refused(name);
      assertTrue(told.contains(directory.resolve(name) + " " + why), told);
      Files.delete(directory.resolve(name));
    }
  }

  private String refused(String name) throws IOException {
    if (name.equals(LOCK)) {
      return failed(() -> DirectoryFiles.open(directory).close());
    }
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      return failed(name.equals(SLAB) ? () -> files.open(3).close() : files::header);
    }
  }

  private static String failed(Executable opening) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThrows(IOException.class, opening).toString());
  }

  @Test
  void fileWithAnotherName_isNotUsed() throws Exception {
    Path other = folder.resolve("other");
    eachIsRefused(
        file -> {
          Files.deleteIfExists(other);
          Files.createLink(other, file);
        },
        "has 2 names");
  }

  @Test
  void fileOpenToOthers_isNotUsed() throws Exception {
    for (String mode : List.of("rw-rw----", "rw----r--")) {
      eachIsRefused(
          file -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode)),
          "is open to others (" + mode);
    }
  }

  @Test
  void fileOfAnotherUser_isNotUsed() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give a file away");
    eachIsRefused(file -> Files.setAttribute(file, "unix:uid", 12_345), "belongs to 12345");
  }

  @Test
  void link_isNotFollowed() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "kept");
    eachIsRefused(
        file -> {
          Files.delete(file);
          Files.createSymbolicLink(file, victim);
        },
        "is no plain file");
    assertEquals("kept", Files.readString(victim));
  }

  @Test
  void pipe_isNotWaitedFor() throws Exception {
    eachIsRefused(
        file -> {
          Files.delete(file);
          assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        },
        "is no plain file");
  }

  @Test
  void linkForTheNextHeader_isReplaced() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "kept");
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      Files.createSymbolicLink(directory.resolve("cache.header.new"), victim);
      files.header(new byte[] {2});
      assertArrayEquals(new byte[] {2}, files.header());
    }
    assertEquals("kept", Files.readString(victim));
  }
}
