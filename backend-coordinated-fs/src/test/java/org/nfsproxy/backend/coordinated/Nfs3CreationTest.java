package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileType;

/** CREATE, MKDIR, SYMLINK, MKNOD. */
class Nfs3CreationTest {
  private static final int OK = 0;
  private static final int PERM = 1;
  private static final int ACCES = 13;
  private static final int EXIST = 17;
  private static final int NOTDIR = 20;
  private static final int INVAL = 22;
  private static final int NOSPC = 28;
  private static final int NAMETOOLONG = 63;
  private static final int BADTYPE = 10007;
  private static final int UNCHECKED = 0;

  private final EngineRig rig = new EngineRig();
  private final Nfs3Calls root = rig.root;
  private final byte[] top = rig.export;

  private static AttributeChange modeAndSize(int mode, long size) {
    return new AttributeChange(
        OptionalInt.of(mode),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.of(size),
        TimeChange.KEEP,
        TimeChange.KEEP);
  }

  @Test
  void create_tellsHandleAttributesAndDirectory() {
    Nfs3Calls.Made made = root.create(top, "file");
    assertEquals(OK, made.status());
    assertEquals(root.getattr(made.handle()).ok(), made.object().orElseThrow());
    assertTrue(made.wcc().changed());
    assertEquals(root.getattr(top).ok(), made.wcc().after().orElseThrow());
  }

  @Test
  void create_guarded_existIfThere() {
    root.create(top, "file").ok();
    Nfs3Calls.Made refused = root.create(top, "file");
    assertEquals(EXIST, refused.status());
    assertFalse(refused.wcc().changed());
  }

  @Test
  void create_unchecked_givesWhatIsThereAndSetsItsSizeOnly() {
    byte[] file = root.create(top, "file").ok();
    root.write(file, 0, 2, new byte[100]);
    byte[] name = Nfs3Calls.name("file");
    assertArrayEquals(file, root.create(top, name, UNCHECKED, AttributeChange.mode(0)).ok());
    assertEquals(100, root.getattr(file).ok().size());
    assertArrayEquals(file, root.create(top, name, UNCHECKED, modeAndSize(0, 7)).ok());
    Attributes attributes = root.getattr(file).ok();
    assertEquals(7, attributes.size());
    assertEquals(0644, attributes.mode());
    assertEquals(ACCES, root.as(5, 5).create(top, name, UNCHECKED, modeAndSize(0, 0)).status());
    assertEquals(7, root.getattr(file).ok().size());
  }

  @Test
  void create_uncheckedOverADirectory_exist() {
    root.mkdir(top, "directory").ok();
    byte[] name = Nfs3Calls.name("directory");
    assertEquals(EXIST, root.create(top, name, UNCHECKED, AttributeChange.NONE).status());
  }

  @Test
  void create_exclusiveRepeated_givesTheSameFile() {
    byte[] file = root.createExclusive(top, "file", 77).ok();
    assertArrayEquals(file, root.createExclusive(top, "file", 77).ok());
    assertEquals(EXIST, root.createExclusive(top, "file", 78).status());
    root.setattr(file, AttributeChange.mode(0600), Optional.empty());
    root.write(file, 0, 2, new byte[3]);
    assertArrayEquals(file, root.createExclusive(top, "file", 77).ok());
  }

  @Test
  void create_exclusiveOverAFileMadeOtherwise_exist() {
    root.create(top, "file").ok();
    assertEquals(EXIST, root.createExclusive(top, "file", 0).status());
  }

  @Test
  void create_withASize_hasAHole() {
    byte[] name = Nfs3Calls.name("file");
    byte[] file = root.create(top, name, 1, modeAndSize(0600, 1L << 33)).ok();
    Attributes attributes = root.getattr(file).ok();
    assertEquals(1L << 33, attributes.size());
    assertEquals(0, attributes.used());
  }

  @Test
  void create_inAFile_notdir() {
    assertEquals(NOTDIR, root.create(root.create(top, "file").ok(), "x").status());
  }

  @Test
  void create_withoutWritePermission_accesForEachProcedure() {
    Nfs3Calls user = root.as(5, 5);
    assertEquals(ACCES, user.create(top, "x").status());
    assertEquals(ACCES, user.createExclusive(top, "x", 1).status());
    assertEquals(ACCES, user.mkdir(top, "x").status());
    assertEquals(ACCES, user.symlink(top, "x", new byte[] {'t'}).status());
    assertEquals(ACCES, user.mknod(top, "x", FileType.NF3FIFO).status());
  }

  @Test
  void create_byUsers_ownerAndGroupAreTheirs() {
    root.setattr(top, AttributeChange.mode(0777), Optional.empty());
    Nfs3Calls user = root.as(5, 6, 7);
    byte[] file =
        user.create(top, Nfs3Calls.name("file"), 1, AttributeChange.owned(0600, 9, 9)).ok();
    Attributes attributes = root.getattr(file).ok();
    assertEquals(5, attributes.uid());
    assertEquals(6, attributes.gid());
    byte[] byRoot =
        root.create(top, Nfs3Calls.name("root"), 1, AttributeChange.owned(0600, 9, 10)).ok();
    assertEquals(9, root.getattr(byRoot).ok().uid());
    assertEquals(10, root.getattr(byRoot).ok().gid());
  }

  @Test
  void create_inASetgidDirectory_inheritsItsGroup() {
    byte[] shared = root.mkdir(top, "shared", AttributeChange.owned(02777, 0, 50)).ok();
    Nfs3Calls user = root.as(5, 6);
    assertEquals(50, root.getattr(user.create(shared, "file").ok()).ok().gid());
    Attributes below = root.getattr(user.mkdir(shared, "below").ok()).ok();
    assertEquals(50, below.gid());
    assertEquals(02755, below.mode());
  }

  @Test
  void mkdir_newDirectory_hasTwoLinksAndGivesItsParentOne() {
    int links = root.getattr(top).ok().links();
    Attributes made = root.getattr(root.mkdir(top, "directory").ok()).ok();
    assertEquals(FileType.NF3DIR, made.type());
    assertEquals(2, made.links());
    assertEquals(links + 1, root.getattr(top).ok().links());
    assertEquals(EXIST, root.mkdir(top, "directory").status());
  }

  @Test
  void symlink_targets_fromOneByteTo4095() {
    assertEquals(INVAL, root.symlink(top, "empty", new byte[0]).status());
    assertEquals(NAMETOOLONG, root.symlink(top, "long", new byte[4096]).status());
    assertEquals(OK, root.symlink(top, "longest", new byte[4095]).status());
  }

  @Test
  void mknod_eachType_keepsTypeAndNumbers() {
    byte[] block = root.mknod(top, "block", FileType.NF3BLK, 8, 17).ok();
    byte[] character = root.mknod(top, "character", FileType.NF3CHR, 1, -1).ok();
    byte[] socket = root.mknod(top, "socket", FileType.NF3SOCK).ok();
    byte[] fifo = root.mknod(top, "fifo", FileType.NF3FIFO).ok();
    assertEquals(new Attributes.Device(8, 17), root.getattr(block).ok().device());
    assertEquals(new Attributes.Device(1, -1), root.getattr(character).ok().device());
    assertEquals(FileType.NF3SOCK, root.getattr(socket).ok().type());
    assertEquals(FileType.NF3FIFO, root.getattr(fifo).ok().type());
    assertEquals(0640, root.getattr(fifo).ok().mode());
  }

  @Test
  void mknod_otherTypes_badtype() {
    for (FileType type : new FileType[] {FileType.NF3REG, FileType.NF3DIR, FileType.NF3LNK}) {
      assertEquals(BADTYPE, root.mknod(top, "x", type).status());
    }
  }

  @Test
  void mknod_deviceByUsers_perm() {
    root.setattr(top, AttributeChange.mode(0777), Optional.empty());
    Nfs3Calls user = root.as(5, 5);
    assertEquals(PERM, user.mknod(top, "device", FileType.NF3CHR, 1, 1).status());
    assertEquals(OK, user.mknod(top, "fifo", FileType.NF3FIFO).status());
  }

  @Test
  void creation_untilTheFilesystemIsFull_nospcAndRemovalFreesIt() {
    EngineRig small = new EngineRig(64 << 10);
    int made = 0;
    while (small.root.create(small.export, "f" + made).status() == OK) {
      made++;
      assertTrue(made < 1000, "memory is bounded");
    }
    assertEquals(NOSPC, small.root.create(small.export, "more").status());
    assertEquals(NOSPC, small.root.mkdir(small.export, "more").status());
    byte[] first = small.root.lookup(small.export, "f0").handle();
    int linked = 0;
    while (small.root.link(first, small.export, "l" + linked).status() == OK) {
      linked++;
      assertTrue(linked < 1000, "names are bounded too");
    }
    small.root.remove(small.export, "f1");
    assertEquals(OK, small.root.create(small.export, "f1").status());
  }

  @Test
  void renameAndRemove_overAndOver_leakNoSpace() {
    EngineRig small = new EngineRig(16 << 10);
    for (int round = 0; round < 200; round++) {
      small.root.create(small.export, "a").ok();
      small.root.mkdir(small.export, "d").ok();
      byte[] b = small.root.create(small.export, "b").ok();
      small.root.write(b, 0, 2, new byte[100]);
      assertEquals(OK, small.root.rename(small.export, "a", small.export, "b").status());
      assertEquals(OK, small.root.remove(small.export, "b").status());
      assertEquals(OK, small.root.rmdir(small.export, "d").status());
    }
  }
}
