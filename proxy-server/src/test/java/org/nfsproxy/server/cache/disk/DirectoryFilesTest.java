package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryFilesTest {
  private static final String SLAB = "slab-0000003";

  @TempDir Path folder;
  private Path directory;

  @BeforeEach
  void name() {
    directory = folder.resolve("a/cache");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void missing_isMade_forItsOwnerAlone() throws Exception {
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      files.header(new byte[] {1, 2});
      files.open(3).close();
      assertEquals("rwx------", mode(directory));
      for (String name : List.of("cache.lock", "cache.header", SLAB)) {
        assertEquals("rw-------", mode(directory.resolve(name)), name);
      }
      assertArrayEquals(new byte[] {1, 2}, files.header());
      assertEquals(List.of(3), files.numbers());
      files.delete(3);
      assertEquals(List.of(), files.numbers());
    }
  }

  @Test
  void whatOthersMayWrite_isRefused() throws Exception {
    for (String mode : List.of("rwxrwx---", "rwx----w-")) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
      String told = refused();
      assertTrue(told.contains("cache.directory: found \"" + directory), told);
      assertTrue(told.contains("chmod 700"), told);
    }
  }

  private String refused() {
    return assertThrows(UnfitDirectoryException.class, () -> DirectoryFiles.open(directory))
        .getMessage();
  }

  @Test
  void whatBelongsToAnother_isRefused() throws Exception {
    Files.createDirectories(directory);
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give a folder away");
    Files.setAttribute(directory, "unix:uid", 12_345);
    String told = refused();
    assertTrue(told.contains("12345") && told.contains("chown"), told);
    assertFalse(Files.exists(directory.resolve("cache.header.new")));
  }

  @Test
  void whatIsNoDirectory_isRefused() throws Exception {
    Files.createDirectories(directory.getParent());
    Files.createFile(directory);
    assertTrue(refused().contains("is no directory"));
  }

  @Test
  void whatAnotherHas_isRefused_untilItIsClosed() throws Exception {
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      files.header(new byte[] {1});
      assertTrue(refused().contains("another process uses it"));
    }
    DirectoryFiles.open(directory).close();
  }

  @Test
  void whatHasAnotherName_isLeftAlone() throws Exception {
    Files.createDirectories(directory);
    for (String name : List.of("slab-3", "notes.txt", "slab-0000003.old")) {
      Files.createFile(directory.resolve(name));
    }
    try (DirectoryFiles files = DirectoryFiles.open(directory)) {
      assertEquals(List.of(), files.numbers());
    }
    assertTrue(Files.exists(directory.resolve("notes.txt")));
  }

  @Test
  void slab_isReadToItsEnd() throws Exception {
    try (DirectoryFiles files = DirectoryFiles.open(directory);
        SlabFile slab = files.open(3)) {
      slab.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 10);
      ByteBuffer into = ByteBuffer.allocate(5);
      assertEquals(2, slab.read(into, 11));
      assertEquals(2, into.get(0));
      slab.empty();
      assertEquals(0, slab.read(ByteBuffer.allocate(5), 0));
    }
  }
}
