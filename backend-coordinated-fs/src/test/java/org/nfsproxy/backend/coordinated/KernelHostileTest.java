package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.coordinated.Nfs3Calls.name;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** Callers who want more than is theirs, and handles that were made up. */
@ExtendWith(OnFileThread.class)
class KernelHostileTest {
  private static final int PERM = 1;
  private static final int ACCES = 13;
  private static final int NOTDIR = 20;
  private static final int STALE = 70;
  private static final int BADHANDLE = 10001;
  private static final int EVERYTHING = 0x3f;

  private static final int ALICE = 1000;
  private static final int BOB = 1001;
  private static final int STAFF = 3000;

  private KernelRig rig;
  private byte[] export;

  private KernelRig begin(Disk.Kind kind) throws Exception {
    rig = new KernelRig(kind, "m");
    export = rig.export("m");
    rig.root.setattr(export, AttributeChange.mode(0777), Optional.empty());
    return rig;
  }

  private static AttributeChange owner(int uid, int gid) {
    return new AttributeChange(
        OptionalInt.empty(),
        OptionalInt.of(uid),
        OptionalInt.of(gid),
        OptionalLong.empty(),
        TimeChange.KEEP,
        TimeChange.KEEP);
  }

  private static final AttributeChange EMPTIED =
      new AttributeChange(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.of(0),
          TimeChange.KEEP,
          TimeChange.KEEP);

  private byte[] file(Nfs3Calls as, String name, int mode) {
    byte[] file = as.create(export, name(name), 1, AttributeChange.mode(mode)).ok();
    as.write(file, 0, 0, name("secret"));
    return file;
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void anothersFile_isNeitherReadNorChanged_andItsOwnerMayWhateverItsMode(Disk.Kind kind)
      throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      Nfs3Calls alice = rig.root.as(ALICE, ALICE);
      Nfs3Calls bob = rig.root.as(BOB, BOB);
      byte[] file = file(alice, "f", 0600);
      assertEquals(ACCES, bob.read(file, 0, 10).status());
      assertEquals(0, bob.read(file, 0, 10).bytes().length);
      assertEquals(ACCES, bob.write(file, 0, 0, name("x")).status());
      assertEquals(ACCES, bob.commit(file, 0, 0).status());
      assertEquals(ACCES, bob.setattr(file, EMPTIED, Optional.empty()).status());
      assertEquals(PERM, bob.setattr(file, AttributeChange.mode(0666), Optional.empty()).status());
      assertEquals(PERM, bob.setattr(file, owner(BOB, BOB), Optional.empty()).status());
      assertEquals(ACCES, bob.create(export, name("f"), 0, EMPTIED).status());
      assertEquals(0, bob.access(file, EVERYTHING));
      assertArrayEquals(name("secret"), alice.read(file, 0, 10).bytes());
      assertEquals(0, alice.setattr(file, AttributeChange.mode(0), Optional.empty()).status());
      assertEquals(0, alice.access(file, EVERYTHING), "the kernel does not pretend");
      assertArrayEquals(name("secret"), alice.read(file, 0, 10).bytes());
      assertEquals(0, alice.write(file, 0, 0, name("S")).status());
      assertEquals(PERM, alice.setattr(file, owner(BOB, BOB), Optional.empty()).status());
      assertArrayEquals(name("Secret"), rig.root.read(file, 0, 10).bytes());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void groups_areThoseOfTheCall_andNotOfTheOneBefore(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      byte[] file = file(rig.root, "f", 0640);
      rig.root.setattr(file, owner(0, STAFF), Optional.empty());
      for (int round = 0; round < 3; round++) {
        assertEquals(0, rig.root.as(BOB, BOB, 7, STAFF).read(file, 0, 9).status());
        assertEquals(ACCES, rig.root.as(BOB, BOB, 7).read(file, 0, 9).status());
        assertEquals(0, rig.root.as(BOB, STAFF).read(file, 0, 9).status());
        assertEquals(ACCES, rig.root.as(BOB, BOB).read(file, 0, 9).status());
        assertEquals(0, rig.root.read(file, 0, 9).status());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void idsOfMinusOne_areNobodys_notRoots(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      byte[] file = file(rig.root, "f", 0600);
      Nfs3Calls nobody = rig.root.as(-1, -1, -1);
      assertEquals(ACCES, nobody.read(file, 0, 9).status());
      assertEquals(0, nobody.access(file, EVERYTHING));
      var made = nobody.create(export, "mine").object().orElseThrow();
      assertEquals(List.of(65534, 65534), List.of(made.uid(), made.gid()));
      assertEquals(ACCES, rig.root.as(-2, -2).read(file, 0, 9).status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void setIdBits_fallWithAWriteByAnother(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      byte[] file = file(rig.root, "f", 0777);
      rig.root.setattr(file, AttributeChange.mode(06777), Optional.empty());
      assertEquals(06777, rig.root.getattr(file).ok().mode());
      assertEquals(0, rig.root.as(BOB, BOB).write(file, 0, 0, name("x")).status());
      assertEquals(0777, rig.root.getattr(file).ok().mode());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void directories_areEnteredListedAndChangedByWhomTheyLet(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      Nfs3Calls alice = rig.root.as(ALICE, ALICE);
      Nfs3Calls bob = rig.root.as(BOB, BOB);
      byte[] closed = alice.mkdir(export, "closed", AttributeChange.mode(0700)).ok();
      alice.create(closed, "f").ok();
      assertEquals(ACCES, bob.lookup(closed, "f").status());
      assertEquals(ACCES, bob.lookup(closed, "..").status());
      assertEquals(ACCES, bob.readdir(closed, 0, 0, 4096).status());
      assertEquals(ACCES, bob.create(closed, "g").status());
      assertEquals(ACCES, bob.remove(closed, "f").status());
      assertEquals(ACCES, bob.rename(closed, "f", export, "f").status());
      alice.setattr(closed, AttributeChange.mode(0744), Optional.empty());
      Nfs3Calls.Listed names = bob.readdirplus(closed, 0, 0, 8192, 32768);
      assertTrue(names.names().contains("f"));
      assertTrue(
          names.entries().stream().allMatch(entry -> entry.handle().isEmpty()),
          "listed, but not to be looked up");
      byte[] sticky = rig.root.mkdir(export, "sticky", AttributeChange.mode(01777)).ok();
      alice.create(sticky, "f").ok();
      assertNotEquals(0, bob.remove(sticky, "f").status());
      assertNotEquals(0, bob.rename(sticky, "f", sticky, "g").status());
      assertEquals(PERM, bob.mknod(export, "c", FileType.NF3CHR, 1, 3).status());
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void symlinks_areNeverFollowed(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      byte[] link = rig.root.symlink(export, "etc", name("/etc")).ok();
      assertEquals(NOTDIR, rig.root.lookup(link, "passwd").status());
      assertEquals(22, rig.root.read(link, 0, 10).status());
      assertNotEquals(0, rig.root.create(link, "f").status());
      byte[] outside = rig.root.symlink(export, "out", name("/etc/passwd")).ok();
      assertEquals(22, rig.root.read(outside, 0, 10).status());
      assertEquals(17, rig.root.create(export, name("out"), 0, EMPTIED).status());
      assertNotEquals(0, Files.size(Path.of("/etc/passwd")));
      assertNotEquals(
          0, rig.root.setattr(outside, AttributeChange.mode(0), Optional.empty()).status());
      byte[] pipe = rig.root.mknod(export, "p", FileType.NF3FIFO).ok();
      assertEquals(22, rig.root.read(pipe, 0, 10).status(), "nobody waits for a writer");
      assertEquals(22, rig.root.write(pipe, 0, 0, new byte[1]).status());
    }
  }

  /** A directory that turns into a symbolic link and back while names are looked up in it. */
  @Test
  void directory_replacedByASymlink_leadsNowhere() throws Exception {
    try (AutoCloseable mounted = begin(Disk.Kind.TMPFS)) {
      Path there = rig.path("m");
      Files.createDirectory(there.resolve("real"));
      Files.createFile(there.resolve("real/hostname"));
      Thread changer =
          new Thread(
              () -> {
                try {
                  for (int round = 0; round < 2_000; round++) {
                    Files.createSymbolicLink(there.resolve("d"), Path.of("/etc"));
                    Files.delete(there.resolve("d"));
                    Files.createDirectory(there.resolve("d"));
                    Files.delete(there.resolve("d"));
                  }
                } catch (java.io.IOException failed) {
                  throw new java.io.UncheckedIOException(failed);
                }
              });
      changer.start();
      long fsid = rig.root.getattr(export).ok().fsid();
      while (changer.isAlive()) {
        Nfs3Calls.Looked found = rig.root.lookup(export, "d");
        if (found.status() == 0) {
          Nfs3Calls.Looked inside = rig.root.lookup(found.handle(), "hostname");
          assertTrue(
              Set.of(2, NOTDIR, STALE).contains(inside.status()), "status " + inside.status());
          assertEquals(fsid, found.object().orElseThrow().fsid());
        }
      }
    }
  }

  /** A name that is one file's and another's in turn, both of which are there all the time. */
  @Test
  void entry_whoseNameChangesHands_hasHandleAndAttributesOfOneObject() throws Exception {
    try (AutoCloseable mounted = begin(Disk.Kind.TMPFS)) {
      byte[] directory = rig.root.mkdir(export, "d").ok();
      byte[] small = file(rig.root, "small", 0600);
      byte[] large = file(rig.root, "large", 04755);
      long smallId = rig.root.getattr(small).ok().fileid();
      long largeId = rig.root.getattr(large).ok().fileid();
      Path there = rig.path("m");
      AtomicBoolean done = new AtomicBoolean();
      FutureTask<Void> changer =
          new FutureTask<>(
              () -> {
                while (!done.get()) {
                  for (String target : List.of("small", "large")) {
                    Path link = there.resolve("d/next");
                    Files.createLink(link, there.resolve(target));
                    Files.move(link, there.resolve("d/name"), StandardCopyOption.ATOMIC_MOVE);
                  }
                }
                return null;
              });
      new Thread(changer).start();
      Set<Long> seen = new HashSet<>();
      try {
        for (int round = 0; round < 5_000; round++) {
          for (Nfs3Calls.Entry entry :
              rig.root.readdirplus(directory, 0, 0, 4096, 8192).entries()) {
            if (entry.handle().isEmpty() || entry.name().startsWith(".")) {
              continue;
            }
            long fileid = entry.attributes().orElseThrow().fileid();
            byte[] expected = fileid == smallId ? small : large;
            assertTrue(fileid == smallId || fileid == largeId);
            assertArrayEquals(expected, entry.handle().get(), "round " + round);
            seen.add(fileid);
          }
        }
      } finally {
        done.set(true);
      }
      changer.get();
      assertEquals(Set.of(smallId, largeId), seen);
    }
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void handles_thatWereMadeUp_leadToNothingOutside(Disk.Kind kind) throws Exception {
    try (AutoCloseable mounted = begin(kind)) {
      byte[] file = file(rig.root, "f", 0600);
      byte[] otherMember = file.clone();
      otherMember[5] = 9;
      assertEquals(STALE, rig.root.getattr(otherMember).status());
      byte[] flagged = file.clone();
      flagged[1] = 1;
      assertEquals(BADHANDLE, rig.root.getattr(flagged).status());
      assertEquals(BADHANDLE, rig.root.getattr(new byte[0]).status());
      long fsid = rig.root.getattr(file).ok().fsid() & 0xffff_ffffL;
      Random random = new Random(7);
      for (int round = 0; round < 20_000; round++) {
        byte[] made = file.clone();
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
          made[6 + random.nextInt(made.length - 6)] = (byte) random.nextInt();
        }
        if (round % 4 == 0) {
          made = java.util.Arrays.copyOf(made, 8 + random.nextInt(57));
        }
        Nfs3Calls.Got got = rig.root.getattr(made);
        assertTrue(
            Set.of(0, STALE, BADHANDLE).contains(got.status()),
            "status " + got.status() + " of " + java.util.HexFormat.of().formatHex(made));
        got.attributes().ifPresent(found -> assertEquals(fsid, found.fsid() & 0xffff_ffffL));
      }
    }
  }

  /** The handle of a file of the machine's own filesystem, with a member's number before it. */
  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void handle_ofAFileOutside_isNotThatFileInside(Disk.Kind kind) throws Exception {
    Disk.need(kind);
    byte[] secret = outsideHandle(kind);
    try (AutoCloseable mounted = begin(kind)) {
      file(rig.root, "f", 0600);
      Nfs3Calls.Read read = rig.root.read(secret, 0, 100);
      assertTrue(Set.of(STALE, BADHANDLE, 21).contains(read.status()), "status " + read.status());
      assertEquals(0, read.bytes().length);
    }
  }

  private static byte[] outsideHandle(Disk.Kind kind) throws Exception {
    Path folder = Files.createTempDirectory("nfs-proxy-outside").toRealPath();
    try (Disk outside = Disk.mount(kind, folder.resolve("m"))) {
      for (int at = 0; at < 50; at++) {
        Files.writeString(outside.path.resolve("secret" + at), "nobody's business");
      }
      java.util.concurrent.FutureTask<byte[]> asked =
          new java.util.concurrent.FutureTask<>(
              () -> {
                var settings =
                    new org.nfsproxy.backend.coordinated.kernel.KernelSettings(
                        List.of(
                            new org.nfsproxy.backend.coordinated.kernel.KernelSettings.Place(
                                1, outside.path.toString())),
                        16,
                        false);
                try (var files = KernelRig.open(settings)) {
                  ObjectHandle root = files.exports().get(0).root();
                  return files
                      .lookup(
                          org.nfsproxy.backend.coordinated.files.UserIds.ROOT,
                          root,
                          name("secret49"))
                      .handle()
                      .wire();
                }
              });
      Thread thread = new Thread(asked);
      thread.start();
      byte[] wire = asked.get();
      assertEquals(1, ByteBuffer.wrap(wire).getInt(2));
      return wire;
    } finally {
      Disk.run("rm", "-r", "--one-file-system", folder.toString());
    }
  }
}
