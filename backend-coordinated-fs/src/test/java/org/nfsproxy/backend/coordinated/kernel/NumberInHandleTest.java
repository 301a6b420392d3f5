package org.nfsproxy.backend.coordinated.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.backend.coordinated.Disk;

class NumberInHandleTest {
  private final Scratch scratch = new Scratch();

  private static Filesystem filesystem(long magic) {
    return new Filesystem(magic, 0, 255, Long.MAX_VALUE);
  }

  private boolean isSurelyOf(long magic, int type, String handle, long number) {
    byte[] bytes = HexFormat.of().parseHex(handle.replace(" ", ""));
    scratch.memory().putInt(Scratch.HANDLE, bytes.length).putInt(Scratch.HANDLE + 4, type);
    scratch.memory().put(KernelHandles.BYTES_AT, bytes);
    return NumberInHandle.isSurelyOf(NumberInHandle.of(filesystem(magic)), scratch, number);
  }

  @ParameterizedTest
  @CsvSource({
    "0xEF53,     1,    0c00000099887766,                           0xc",
    "0xEF53,     1,    ffffffff99887766,                           0xffffffff",
    "0x58465342, 1,    8400000099887766,                           0x84",
    "0x58465342, 0x81, 840000000100000099887766,                   0x100000084",
    "0x01021994, 1,    998877660200000001000000,                   0x100000002",
    "0x9123683E, 0x4d, 0101000002000000050000000000000099887766,   0x200000101"
  })
  void handle_holdsTheNumber_whereTheTableSays(
      String magic, String type, String handle, String number) {
    long kind = Long.decode(magic);
    int handleType = Integer.decode(type);
    long inode = Long.decode(number);
    assertTrue(isSurelyOf(kind, handleType, handle, inode));
    assertFalse(isSurelyOf(kind, handleType, handle, inode + 1));
    assertFalse(isSurelyOf(kind, handleType, handle, inode ^ 1L << 40), "all of it counts");
    assertFalse(isSurelyOf(kind, handleType + 1, handle, inode), "of another type");
    assertFalse(isSurelyOf(kind, handleType, handle + "00000000", inode), "of another length");
    assertFalse(isSurelyOf(0x00C36400L, handleType, handle, inode), "of CephFS nothing is known");
  }

  @Test
  void rootsOfSubvolumes_allHaveOneNumber_andAreNeverSure() {
    String root = "0001000000000000" + "0101000000000000" + "99887766";
    assertFalse(isSurelyOf(Filesystem.BTRFS_SUPER_MAGIC, 0x4d, root, 256));
  }

  /** So the table is that of the kernel which runs here. */
  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void objects_ofEachKind_areSurelyThemselves_andNotEachOther(Disk.Kind kind) throws Exception {
    Disk.need(kind);
    Path place = Files.createTempDirectory("nfs-proxy-test").toRealPath();
    try (Disk disk = Disk.mount(kind, place)) {
      Files.createFile(disk.path.resolve("file"));
      Files.createFile(disk.path.resolve("other"));
      Files.createDirectory(disk.path.resolve("directory"));
      Files.createSymbolicLink(disk.path.resolve("link"), Path.of("file"));
      int fd = open(disk.path);
      List<NumberInHandle> rows = NumberInHandle.of(Filesystem.of(scratch, fd));
      for (String name : List.of("file", "other", "directory", "link")) {
        long address = scratch.path(name.getBytes(StandardCharsets.US_ASCII));
        Stat stat = Stat.of(scratch, fd, address);
        assertEquals(0, KernelHandles.name(scratch, fd, address));
        assertTrue(NumberInHandle.isSurelyOf(rows, scratch, stat.fileid()), name);
        Stat another = Stat.of(scratch, fd, scratch.otherPath(new byte[] {'.'}));
        assertFalse(NumberInHandle.isSurelyOf(rows, scratch, another.fileid()), name);
      }
      Syscall.CLOSE.call(fd);
    }
    Files.delete(place);
  }

  private int open(Path directory) throws Exception {
    byte[] path = directory.toString().getBytes(StandardCharsets.UTF_8);
    return (int)
        Errno.check(
            Syscall.OPENAT.call(
                Flags.AT_FDCWD, scratch.path(path), Flags.O_PATH | Flags.O_CLOEXEC, 0));
  }
}
