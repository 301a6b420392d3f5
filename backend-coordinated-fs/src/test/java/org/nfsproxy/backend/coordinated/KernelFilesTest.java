package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.coordinated.Nfs3Calls.name;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** NFSv3 over real filesystems: what their own peculiarities could spoil. */
@ExtendWith(OnFileThread.class)
class KernelFilesTest {
  private static final int STALE = 70;
  private static final int NOENT = 2;
  private static final int ACCES = 13;
  private static final int XDEV = 18;
  private static final int FILE_SYNC = 2;

  private static AttributeChange size(long bytes) {
    return new AttributeChange(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.of(bytes),
        TimeChange.KEEP,
        TimeChange.KEEP);
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void file_writtenAndRead_isTheSameHereAndThere(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      byte[] bytes = new byte[(1 << 20) - 3];
      new java.util.Random(1).nextBytes(bytes);
      byte[] file = rig.root.create(export, "f").ok();
      Nfs3Calls.Written written = rig.root.write(file, 5, FILE_SYNC, bytes);
      assertEquals(bytes.length, written.count());
      assertEquals(bytes.length + 5, written.wcc().after().orElseThrow().size());
      assertTrue(written.wcc().before().isEmpty(), "nothing says that nobody came between");
      Nfs3Calls.Read read = rig.root.read(file, 5, 1 << 20);
      assertArrayEquals(bytes, read.bytes());
      assertTrue(read.eof());
      byte[] there = Files.readAllBytes(rig.path("m/f"));
      assertEquals(bytes.length + 5, there.length);
      assertTrue(file.length <= 64);
      assertEquals(written.verifier(), rig.root.commit(file, 0, 0).verifier());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void objects_ofEachType_areMadeWithTheirAttributes(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      rig.root.mkdir(export, "d", AttributeChange.mode(02775)).ok();
      assertEquals(
          02775,
          Files.getAttribute(rig.path("m/d"), "unix:mode", LinkOption.NOFOLLOW_LINKS)
                  instanceof Integer mode
              ? mode & 07777
              : -1);
      byte[] link = rig.root.symlink(export, "s", name("../anywhere")).ok();
      assertArrayEquals(name("../anywhere"), rig.root.readlink(link).target());
      byte[] device = rig.root.mknod(export, "c", FileType.NF3CHR, 300, 70_000).ok();
      assertEquals(new Attributes.Device(300, 70_000), rig.root.getattr(device).ok().device());
      assertEquals(
          FileType.NF3FIFO,
          rig.root.mknod(export, "p", FileType.NF3FIFO).object().orElseThrow().type());
      assertEquals(
          FileType.NF3SOCK,
          rig.root.mknod(export, "k", FileType.NF3SOCK).object().orElseThrow().type());
      byte[] file = rig.root.as(1000, 2000, 3000).create(export, "denied").handle();
      assertEquals(0, file.length);
      rig.root.setattr(export, AttributeChange.mode(0777), Optional.empty());
      Attributes mine = rig.root.as(1000, 2000, 3000).create(export, "mine").object().orElseThrow();
      assertEquals(List.of(1000, 2000, 0644), List.of(mine.uid(), mine.gid(), mine.mode()));
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void handle_ofARemovedFile_isStale_alsoWhenItsInodeIsUsedAgain(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      Set<Long> fileids = new HashSet<>();
      boolean usedAgain = false;
      for (int round = 0; round < 20; round++) {
        byte[] file = rig.root.create(export, "f").ok();
        usedAgain |= !fileids.add(rig.root.getattr(file).ok().fileid());
        assertEquals(0, rig.root.remove(export, "f").status());
        assertEquals(STALE, rig.root.getattr(file).status());
        assertEquals(STALE, rig.root.read(file, 0, 1).status());
        assertEquals(STALE, rig.root.write(file, 0, 0, new byte[1]).status());
        byte[] next = rig.root.create(export, "next").ok();
        usedAgain |= !fileids.add(rig.root.getattr(next).ok().fileid());
        assertEquals(STALE, rig.root.getattr(file).status());
        assertEquals(0, rig.root.remove(export, "next").status());
      }
      boolean reuses = kind == Disk.Kind.EXT4 || kind == Disk.Kind.XFS;
      assertTrue(usedAgain || !reuses, "the test needs an inode that is used again");
      byte[] directory = rig.root.mkdir(export, "d").ok();
      rig.root.getattr(directory).ok();
      Files.delete(rig.path("m/d"));
      assertEquals(STALE, rig.root.getattr(directory).status());
      assertNotEquals(0, rig.root.create(directory, "f").status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void exclusiveCreate_repeated_isTheSameFile_andAnotherIsNot(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      long verifier = 0x8765_4321_fedc_ba98L;
      byte[] first = rig.root.createExclusive(export, "f", verifier).ok();
      assertArrayEquals(first, rig.calls().createExclusive(export, "f", verifier).ok());
      assertEquals(17, rig.root.createExclusive(export, "f", verifier + 1).status());
      assertEquals(17, rig.root.createExclusive(export, "f", verifier + (1L << 32)).status());
      rig.root.write(first, 0, 0, new byte[1]);
      assertEquals(17, rig.root.createExclusive(export, "f", verifier).status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void names_ofAnyBytes_areKept(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      byte[] bytes = {'a', (byte) 0xff, (byte) 0x80, '\n', ' ', (byte) 0xc3};
      byte[] file = rig.root.create(export, bytes, 1, AttributeChange.mode(0600)).ok();
      assertArrayEquals(file, rig.root.lookup(export, bytes).handle());
      assertTrue(
          rig.root.readdir(export, 0, 0, 8192).entries().stream()
              .anyMatch(entry -> java.util.Arrays.equals(entry.bytes(), bytes)));
      assertEquals(ACCES, rig.root.lookup(export, "a/b").status());
      assertEquals(ACCES, rig.root.lookup(export, "f\0").status());
      assertEquals(ACCES, rig.root.create(export, "../f").status());
      assertEquals(63, rig.root.lookup(export, "n".repeat(256)).status());
      assertEquals(NOENT, rig.root.lookup(export, "n".repeat(255)).status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void sparseFile_beyondFourGigabytes_isReadWhereItWasWritten(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] file = rig.root.create(rig.export("m"), "f").ok();
      long far = (9L << 30) + 1;
      assertEquals(0, rig.root.write(file, far, FILE_SYNC, name("end")).status());
      assertArrayEquals(name("end"), rig.root.read(file, far, 100).bytes());
      assertArrayEquals(new byte[10], rig.root.read(file, 5L << 30, 10).bytes());
      Attributes attributes = rig.root.getattr(file).ok();
      assertEquals(far + 3, attributes.size());
      assertTrue(attributes.used() < 1 << 20, "it has holes");
      assertEquals(0, rig.root.read(file, -1, 10).bytes().length);
      assertEquals(27, rig.root.write(file, -1, 0, new byte[2]).status());
      assertEquals(0, rig.root.setattr(file, size(1), Optional.empty()).status());
      assertEquals(1, rig.root.getattr(file).ok().size());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void listing_ofManyEntries_whileOthersComeAndGo_hasEachOnce(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      byte[] directory = rig.root.mkdir(export, "d").ok();
      Path there = rig.path("m/d");
      int stay = 3_000;
      for (int at = 0; at < stay; at++) {
        Files.createFile(there.resolve("stays" + at));
        Files.createFile(there.resolve("goes" + at));
      }
      Set<String> seen = new HashSet<>();
      long cookie = 0;
      long verifier = 0;
      boolean end = false;
      for (int call = 0; !end; call++) {
        Nfs3Calls.Listed listed =
            call % 2 == 0
                ? rig.root.readdir(directory, cookie, verifier, 4096)
                : rig.calls().readdirplus(directory, cookie, verifier, 4096, 16384);
        assertEquals(0, listed.status());
        for (String entry : listed.names()) {
          assertTrue(seen.add(entry) || !entry.startsWith("stays"), entry + " comes twice");
        }
        cookie = listed.entries().isEmpty() ? cookie : listed.lastCookie();
        verifier = listed.verifier();
        end = listed.eof();
        Files.deleteIfExists(there.resolve("goes" + call));
        Files.createFile(there.resolve("new" + call));
      }
      assertEquals(stay, seen.stream().filter(entry -> entry.startsWith("stays")).count());
      assertTrue(seen.contains(".") && seen.contains(".."));
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void readdirplus_entries_areWhatLookupFinds(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] export = rig.export("m");
      rig.root.create(export, "f").ok();
      rig.root.symlink(export, "s", name("f")).ok();
      rig.root.mkdir(export, "d").ok();
      for (Nfs3Calls.Entry entry : rig.root.readdirplus(export, 0, 0, 8192, 32768).entries()) {
        if (entry.name().equals("..")) {
          assertTrue(entry.handle().isEmpty(), "nothing is above a root");
          continue;
        }
        Nfs3Calls.Looked found = rig.root.lookup(export, entry.bytes());
        assertArrayEquals(found.handle(), entry.handle().orElseThrow(), entry.name());
        assertEquals(found.object(), entry.attributes(), entry.name());
        assertEquals(found.object().orElseThrow().fileid(), entry.fileid());
      }
    }
  }

  /** As NFSv4 does, where an entry has a filesystem mounted on it. */
  @Test
  void listing_whileEntriesAreLookedUp_isWhole() throws Exception {
    try (KernelRig rig = new KernelRig(Disk.Kind.TMPFS, "m")) {
      rig.export("m");
      Set<String> expected = new HashSet<>();
      for (int at = 0; at < 500; at++) {
        expected.add(Files.createFile(rig.path("m/file" + at)).getFileName().toString());
      }
      ObjectHandle root = rig.files.exports().get(0).root();
      for (boolean withObjects : new boolean[] {true, false}) {
        Set<String> listed = new HashSet<>();
        rig.files.list(
            UserIds.ROOT,
            root,
            0,
            0,
            withObjects,
            entry -> {
              try {
                FoundObject found =
                    rig.files.lookup(new UserIds(5, 5, new int[0]), root, entry.name());
                assertEquals(found.attributes().fileid(), entry.fileid());
                entry.object().ifPresent(object -> assertEquals(found.handle(), object.handle()));
              } catch (FilesException refused) {
                throw new AssertionError(refused);
              }
              return listed.add(new String(entry.name(), StandardCharsets.US_ASCII));
            });
        listed.removeAll(Set.of(".", ".."));
        assertEquals(expected, listed);
      }
    }
  }

  /** Their roots all have one fileid, and the first one's id is that number too. */
  @Test
  void readdirplus_subvolumes_areWhatLookupFinds() throws Exception {
    try (KernelRig rig = new KernelRig(Disk.Kind.BTRFS, "m")) {
      byte[] export = rig.export("m");
      for (String subvolume : List.of("a", "b", "c")) {
        Disk.run("btrfs", "-q", "subvolume", "create", rig.path("m").resolve(subvolume).toString());
      }
      Set<Long> fsids = new HashSet<>();
      for (Nfs3Calls.Entry entry : rig.root.readdirplus(export, 0, 0, 8192, 32768).entries()) {
        if (!entry.name().startsWith(".")) {
          Nfs3Calls.Looked found = rig.root.lookup(export, entry.bytes());
          assertArrayEquals(found.handle(), entry.handle().orElseThrow(), entry.name());
          assertEquals(found.object(), entry.attributes(), entry.name());
          fsids.add(entry.attributes().orElseThrow().fsid());
        }
      }
      assertEquals(3, fsids.size());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void namesWork_renameLinkRemove(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m", "n")) {
      byte[] export = rig.export("m");
      byte[] other = rig.export("n");
      byte[] file = rig.root.create(export, "f").ok();
      byte[] directory = rig.root.mkdir(export, "d").ok();
      assertEquals(0, rig.root.link(file, directory, "g").status());
      assertEquals(2, rig.root.getattr(file).ok().links());
      assertArrayEquals(file, rig.root.lookup(directory, "g").handle());
      assertEquals(0, rig.root.rename(export, "f", directory, "h").status());
      assertArrayEquals(file, rig.root.lookup(directory, "h").handle());
      assertEquals(XDEV, rig.root.rename(directory, "h", other, "h").status());
      assertEquals(XDEV, rig.root.link(file, other, "h").status());
      byte[] symlink = rig.root.symlink(export, "s", name("nowhere")).ok();
      assertEquals(0, rig.root.link(symlink, export, "s2").status());
      assertArrayEquals(symlink, rig.root.lookup(export, "s2").handle());
      assertEquals(21, rig.root.link(directory, export, "d2").status());
      assertEquals(66, rig.root.rmdir(export, "d").status());
      assertEquals(20, rig.root.rmdir(directory, "h").status());
      assertEquals(21, rig.root.remove(export, "d").status());
      assertEquals(0, rig.root.remove(directory, "h").status());
      assertEquals(0, rig.root.remove(directory, "g").status());
      assertEquals(STALE, rig.root.getattr(file).status());
      assertEquals(0, rig.root.rmdir(export, "d").status());
      assertEquals(NOENT, rig.root.remove(export, "d").status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void setattr_timesOwnerModeAndGuard(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      byte[] file = rig.root.create(rig.export("m"), "f").ok();
      FileTime then = new FileTime(1_000_000_000, 123_456_789);
      AttributeChange change =
          new AttributeChange(
              OptionalInt.of(06755),
              OptionalInt.of(1000),
              OptionalInt.of(2000),
              OptionalLong.empty(),
              new TimeChange(TimeHow.SET_TO_CLIENT_TIME, Optional.of(then)),
              new TimeChange(TimeHow.SET_TO_SERVER_TIME, Optional.empty()));
      FileTime ctime = rig.root.getattr(file).ok().ctime();
      assertEquals(
          10002,
          rig.root.setattr(file, change, Optional.of(new FileTime(ctime.seconds(), 1))).status());
      assertEquals(0, rig.root.setattr(file, change, Optional.of(ctime)).status());
      Attributes set = rig.root.getattr(file).ok();
      assertEquals(List.of(06755, 1000, 2000), List.of(set.mode(), set.uid(), set.gid()));
      assertEquals(then, set.atime());
      assertNotEquals(then, set.mtime());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void member_mountedInAnother_isCrossed_andOneThatIsNoMemberIsNot(Disk.Kind kind)
      throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m", "m/in")) {
      Files.createDirectory(rig.path("m/stranger"));
      try (Disk stranger = Disk.mount(Disk.Kind.TMPFS, rig.path("m/stranger"))) {
        Files.createFile(stranger.path.resolve("secret"));
        Files.createFile(rig.path("m/in/inner"));
        byte[] outer = rig.export("m");
        byte[] inner = rig.export("m/in");
        assertArrayEquals(inner, rig.root.lookup(outer, "in").handle());
        assertArrayEquals(outer, rig.root.lookup(inner, "..").handle());
        assertArrayEquals(outer, rig.root.lookup(outer, "..").handle());
        assertNotEquals(rig.root.getattr(outer).ok().fsid(), rig.root.getattr(inner).ok().fsid());
        byte[] under = rig.root.lookup(outer, "stranger").handle();
        assertEquals(rig.root.getattr(outer).ok().fsid(), rig.root.getattr(under).ok().fsid());
        assertEquals(List.of(), below(rig.root.readdir(under, 0, 0, 4096).names()));
        assertEquals(NOENT, rig.root.lookup(under, "secret").status());
        for (Nfs3Calls.Entry entry : rig.root.readdirplus(outer, 0, 0, 8192, 32768).entries()) {
          assertEquals(
              !List.of("in", "..").contains(entry.name()),
              entry.handle().isPresent(),
              entry.name());
        }
        assertEquals(ACCES, rig.root.rmdir(outer, "in").status());
        assertEquals(ACCES, rig.root.rename(outer, "in", outer, "out").status());
      }
    }
  }

  private static List<String> below(List<String> names) {
    return names.stream().filter(name -> !name.equals(".") && !name.equals("..")).toList();
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void mountPoint_whileServed_cannotBeUnmounted(Disk.Kind kind) throws Exception {
    try (KernelRig rig = new KernelRig(kind, "m")) {
      Process umount =
          new ProcessBuilder("umount", rig.path("m").toString()).redirectErrorStream(true).start();
      String said = new String(umount.getInputStream().readAllBytes());
      assertNotEquals(0, umount.waitFor());
      assertTrue(said.contains("busy"), said);
    }
  }
}
