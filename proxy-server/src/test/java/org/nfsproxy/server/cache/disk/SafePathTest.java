package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Whoever can write above the directory can put another in its place.
class SafePathTest {
  private static final int STICKY = 01000;

  @TempDir Path folder;
  private Path above;
  private Path directory;

  @BeforeEach
  void make() throws IOException {
    above = Files.createDirectories(folder.resolve("a/b"));
    directory = above.resolve("c/cache");
  }

  private String refused(Path configured) {
    String told =
        assertThrows(UnfitDirectoryException.class, () -> DirectoryFiles.open(configured))
            .getMessage();
    assertEquals(told, SafePath.unfit(configured), "check-config says the same");
    return told;
  }

  @Test
  void folderThatOthersMayWrite_isRefused_andNothingIsMadeThere() throws Exception {
    for (int mode : new int[] {0777, 0770, 0757}) {
      Files.setAttribute(above, "unix:mode", mode);
      String told = refused(directory);
      assertTrue(told.contains("cache.directory: found \"" + directory), told);
      assertTrue(told.contains("%s above it (mode %04o)".formatted(above, mode)), told);
      assertTrue(told.contains("chmod go-w " + above), told);
      assertFalse(Files.exists(above.resolve("c")));
    }
  }

  @Test
  void folderThatOthersMayWrite_isRefused_whereTheDirectoryIsThere() throws Exception {
    DirectoryFiles.open(directory).close();
    Files.setAttribute(above, "unix:mode", 0777);
    assertTrue(refused(directory).contains(above + " above it"));
  }

  @Test
  void stickyFolder_isFine() throws Exception {
    Files.setAttribute(above, "unix:mode", STICKY | 0777);
    assertNull(SafePath.unfit(directory));
    assertFalse(Files.exists(above.resolve("c")));
    DirectoryFiles.open(directory).close();
    assertNull(SafePath.unfit(directory));
    DirectoryFiles.open(directory).close();
  }

  @Test
  void folderOfAnotherUser_isRefused() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give a folder away");
    Files.setAttribute(above, "unix:uid", 12_345);
    DirectoryFiles.open(folder.resolve("a/other")).close();
    Files.createDirectories(directory);
    String told = refused(directory);
    assertTrue(told.contains(above + " above it belongs to 12345"), told);
    assertTrue(told.contains("chown root " + above), told);
  }

  @Test
  void linkOfAnotherUser_isRefused_alsoInAStickyFolder() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give a link away");
    DirectoryFiles.open(directory).close();
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
    Files.setAttribute(folder, "unix:mode", STICKY | 0777);
    DirectoryFiles.open(link).close();
    Files.setAttribute(link, "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
    String told = refused(link);
    assertTrue(told.contains(link + " is a symbolic link of 12345"), told);
  }

  @Test
  void linkInAFolderThatOthersMayWrite_isRefused() throws Exception {
    Path link = Files.createSymbolicLink(above.resolve("link"), folder.resolve("a"));
    Files.setAttribute(above, "unix:mode", 0777);
    assertTrue(refused(link.resolve("cache")).contains(above + " above it"));
  }

  @Test
  void whatALinkLeadsTo_isLookedAt() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), above);
    Files.setAttribute(above, "unix:mode", 0777);
    assertTrue(refused(link.resolve("cache")).contains(" above it"));
    Files.setAttribute(above, "unix:mode", 0755);
    DirectoryFiles.open(link.resolve("cache")).close();
  }
}
