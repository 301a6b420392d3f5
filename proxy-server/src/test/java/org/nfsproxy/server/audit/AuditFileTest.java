package org.nfsproxy.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
  private static final int BYTES_MAX = 20;

  @TempDir private Path folder;
  private Path path;
  private AuditFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("audit.log");
    file = new AuditFile(path, BYTES_MAX, 3);
  }

  private void append(String lines) throws IOException {
    file.look();
    file.append(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String text(Path of) throws IOException {
    return Files.readString(of);
  }

  private static String mode(Path of) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(of));
  }

  @Test
  void file_isMadeForItsOwnerAlone() throws IOException {
    append("a\n");
    assertEquals("a\n", text(path));
    assertEquals("rw-------", mode(path));
  }

  @Test
  void file_thatOthersMayRead_orAGroupMayWrite_isTakenFromThem() throws IOException {
    Files.writeString(path, "before\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
    append("a\n");
    assertEquals("before\na\n", text(path));
    assertEquals("rw-r-----", mode(path));
  }

  @Test
  void longFile_makesRoom_andTheOldestIsLost() throws IOException {
    for (String lines : List.of("one 567890\n", "two 567890\n", "three 7890\n", "four 67890\n")) {
      append(lines);
    }
    assertEquals("four 67890\n", text(path));
    assertEquals("three 7890\n", text(folder.resolve("audit.log.1")));
    assertEquals("two 567890\n", text(folder.resolve("audit.log.2")));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(3, all.count());
    }
    assertEquals("rw-------", mode(path));
  }

  @Test
  void linesLongerThanAFile_areWrittenWhole() throws IOException {
    append("0123456789012345678901234567890123456789\n");
    append("b\n");
    assertEquals("b\n", text(path));
    assertEquals(41, text(folder.resolve("audit.log.1")).length());
  }

  // logrotate with `create` or `nocreate`.
  @Test
  void renamedFile_isLeft_andAnotherOneIsMade() throws IOException {
    append("a\n");
    Path moved = Files.move(path, folder.resolve("moved"));
    append("b\n");
    assertEquals("a\n", text(moved));
    assertEquals("b\n", text(path));
  }

  @Test
  void removedFile_isMadeAnew() throws IOException {
    append("a\n");
    Files.delete(path);
    append("b\n");
    assertEquals("b\n", text(path));
  }

  // logrotate with `copytruncate`: no gap of zeros where the file ended before.
  @Test
  void truncatedFile_goesOnAtItsEnd() throws IOException {
    append("a\n");
    FileChannel.open(path, StandardOpenOption.WRITE).truncate(0).close();
    append("b\n");
    assertEquals("b\n", text(path));
  }

  @Test
  void symbolicLink_isNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
    Files.createSymbolicLink(path, elsewhere);
    IOException refused = assertThrows(IOException.class, () -> append("a\n"));
    assertEquals("which is a symbolic link", refused.getMessage());
    assertEquals("", text(elsewhere));
  }

  @Test
  void symbolicLink_thatTakesTheFilesPlace_isNotFollowed() throws IOException {
    append("a\n");
    Path moved = Files.move(path, folder.resolve("moved"));
    Files.createSymbolicLink(path, moved);
    assertThrows(IOException.class, () -> append("b\n"));
    assertEquals("a\n", text(moved));
    Files.delete(path);
    append("c\n");
    assertEquals("c\n", text(path));
  }

  @Test
  void directory_isToldAsSuch_andGoneWhenItIsGone() throws IOException {
    append("a\n");
    Files.delete(path);
    Files.createDirectory(path);
    IOException refused = assertThrows(IOException.class, () -> append("b\n"));
    assertEquals("which is a directory", refused.getMessage());
    Files.delete(path);
    append("c\n");
    assertEquals("c\n", text(path));
  }

  // To open one would wait until somebody reads it.
  @Test
  void fifo_isNotOpened() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
    IOException refused = assertThrows(IOException.class, () -> append("a\n"));
    assertEquals("which is no plain file", refused.getMessage());
  }

  @Test
  void missingFolder_isTold_andNotMade() {
    Path missing = folder.resolve("missing").resolve("audit.log");
    assertEquals("whose folder is not there", AuditFile.unfit(missing));
    assertFalse(Files.exists(missing.getParent()));
  }

  @Test
  void fileThatCannotMakeRoom_keepsWhatItHas_andMakesRoomLater() throws IOException {
    Path inTheWay = folder.resolve("audit.log.2").resolve("full");
    Files.createDirectories(inTheWay);
    append("one 567890\n");
    append("two 567890\n");
    assertThrows(IOException.class, () -> append("three 7890\n"));
    assertEquals("two 567890\n", text(path));
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    append("four 67890\n");
    assertEquals("four 67890\n", text(path));
    assertEquals("one 567890\n", text(folder.resolve("audit.log.2")));
  }
}
