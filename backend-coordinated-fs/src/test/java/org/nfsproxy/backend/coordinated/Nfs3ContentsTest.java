package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileType;

/** READ, WRITE, COMMIT. */
class Nfs3ContentsTest {
  private static final int OK = 0;
  private static final int ACCES = 13;
  private static final int ISDIR = 21;
  private static final int INVAL = 22;
  private static final int FBIG = 27;
  private static final int NOSPC = 28;
  private static final int FILE_SYNC = 2;
  private static final int MIB = 1 << 20;

  private final EngineRig rig = new EngineRig();
  private final Nfs3Calls root = rig.root;
  private final byte[] file = root.create(rig.export, "file").ok();

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void read_emptyFile_eof() {
    Nfs3Calls.Read read = root.read(file, 0, 10);
    assertEquals(OK, read.status());
    assertTrue(read.eof());
    assertEquals(0, read.bytes().length);
  }

  @Test
  void read_everyLengthAndOffsetOfASmallFile_paddedAndExact() {
    byte[] contents = random(9);
    root.write(file, 0, FILE_SYNC, contents);
    for (int offset = 0; offset <= 10; offset++) {
      for (int count = 0; count <= 11; count++) {
        Nfs3Calls.Read read = root.read(file, offset, count);
        int from = Math.min(offset, 9);
        int to = Math.min(9, offset + count);
        assertArrayEquals(
            java.util.Arrays.copyOfRange(contents, from, Math.max(from, to)), read.bytes());
        assertEquals(offset + count >= 9, read.eof(), offset + "+" + count);
      }
    }
  }

  @Test
  void read_beyondTheEndAndBeyond63Bits_eof() {
    root.write(file, 0, FILE_SYNC, random(9));
    for (long offset : new long[] {9, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      Nfs3Calls.Read read = root.read(file, offset, MIB);
      assertEquals(OK, read.status());
      assertTrue(read.eof());
      assertEquals(0, read.bytes().length);
    }
  }

  @Test
  void read_moreThanRtmax_isShortWithoutEof() {
    byte[] contents = random(MIB);
    root.write(file, 0, FILE_SYNC, contents);
    root.write(file, MIB, FILE_SYNC, random(100));
    Nfs3Calls.Read read = root.read(file, 0, -1);
    assertArrayEquals(contents, read.bytes());
    assertFalse(read.eof());
  }

  @Test
  void read_ofOthers_needsReadOrExecute() {
    root.write(file, 0, FILE_SYNC, random(9));
    Nfs3Calls other = root.as(1, 1);
    root.setattr(file, AttributeChange.mode(0602), Optional.empty());
    Nfs3Calls.Read refused = other.read(file, 0, 9);
    assertEquals(ACCES, refused.status());
    assertTrue(refused.attributes().isPresent());
    root.setattr(file, AttributeChange.mode(0601), Optional.empty());
    assertEquals(OK, other.read(file, 0, 9).status());
  }

  @Test
  void readAndWrite_byTheOwner_whateverTheMode() {
    root.setattr(rig.export, AttributeChange.mode(0777), Optional.empty());
    Nfs3Calls owner = root.as(1000, 1000);
    byte[] own = owner.create(rig.export, Nfs3Calls.name("own"), 1, AttributeChange.mode(0)).ok();
    assertEquals(OK, owner.write(own, 0, FILE_SYNC, random(3)).status());
    assertEquals(OK, owner.read(own, 0, 3).status());
    assertEquals(ACCES, root.as(1001, 1000).read(own, 0, 3).status());
    assertEquals(ACCES, root.as(1001, 1000).write(own, 0, FILE_SYNC, random(3)).status());
  }

  @Test
  void readWriteCommit_ofWhatIsNoRegularFile_refused() {
    byte[] symlink = root.symlink(rig.export, "link", new byte[] {'x'}).ok();
    byte[] fifo = root.mknod(rig.export, "fifo", FileType.NF3FIFO).ok();
    assertEquals(ISDIR, root.read(rig.export, 0, 1).status());
    assertEquals(ISDIR, root.write(rig.export, 0, FILE_SYNC, random(1)).status());
    assertEquals(ISDIR, root.commit(rig.export, 0, 0).status());
    for (byte[] handle : new byte[][] {symlink, fifo}) {
      assertEquals(INVAL, root.read(handle, 0, 1).status());
      assertEquals(INVAL, root.write(handle, 0, FILE_SYNC, random(1)).status());
      assertEquals(INVAL, root.commit(handle, 0, 0).status());
    }
  }

  @Test
  void read_updatesAtimeAfterAChangeOnly() {
    root.write(file, 0, FILE_SYNC, random(1));
    Attributes written = root.getattr(file).ok();
    Attributes first = root.read(file, 0, 1).attributes().orElseThrow();
    Attributes second = root.read(file, 0, 1).attributes().orElseThrow();
    assertNotEquals(written.atime(), first.atime());
    assertEquals(first.atime(), second.atime());
    assertEquals(written.ctime(), second.ctime());
  }

  @Test
  void write_eachStability_isAnsweredAsAskedWithOneVerifier() {
    long verifier = root.commit(file, 0, 0).verifier();
    for (int stable = 0; stable <= 2; stable++) {
      Nfs3Calls.Written written = root.write(file, 0, stable, random(5));
      assertEquals(OK, written.status());
      assertEquals(5, written.count());
      assertEquals(stable, written.committed());
      assertEquals(verifier, written.verifier());
    }
  }

  @Test
  void writeVerifier_afterARestart_isAnother() {
    assertNotEquals(root.commit(file, 0, 0).verifier(), new EngineRig().files.writeVerifier());
  }

  @Test
  void write_tellsTheFileBeforeAndAfter() {
    Attributes before = root.getattr(file).ok();
    Nfs3Calls.Wcc wcc = root.write(file, 3, FILE_SYNC, random(5)).wcc();
    assertEquals(0, wcc.before().orElseThrow().size());
    assertEquals(before.ctime(), wcc.before().orElseThrow().ctime());
    Attributes after = wcc.after().orElseThrow();
    assertEquals(8, after.size());
    assertEquals(after.ctime(), after.mtime());
    assertEquals(after, root.getattr(file).ok());
  }

  @Test
  void write_acrossBlocks_readsBack() {
    byte[] contents = random(3 * 4096 + 77);
    root.write(file, 4095, FILE_SYNC, contents);
    assertArrayEquals(contents, root.read(file, 4095, contents.length).bytes());
    byte[] patch = random(4098);
    root.write(file, 8191, FILE_SYNC, patch);
    System.arraycopy(patch, 0, contents, 4096, patch.length);
    assertArrayEquals(contents, root.read(file, 4095, contents.length).bytes());
    assertArrayEquals(new byte[4095], root.read(file, 0, 4095).bytes());
  }

  @Test
  void write_moreThanWtmax_isShort() {
    Nfs3Calls.Written written = root.write(file, 0, FILE_SYNC, random(MIB + 1));
    assertEquals(MIB, written.count());
    assertEquals(MIB, root.getattr(file).ok().size());
  }

  @Test
  void write_nothing_changesNothing() {
    Nfs3Calls.Written written = root.write(file, 100, FILE_SYNC, new byte[0]);
    assertEquals(OK, written.status());
    assertFalse(written.wcc().changed());
    assertEquals(0, root.getattr(file).ok().size());
  }

  @Test
  void write_farAway_leavesAHoleThatOccupiesNothing() {
    long offset = 5L << 40;
    assertEquals(OK, root.write(file, offset, FILE_SYNC, random(10)).status());
    Attributes attributes = root.getattr(file).ok();
    assertEquals(offset + 10, attributes.size());
    assertEquals(4096, attributes.used());
    assertArrayEquals(new byte[1000], root.read(file, offset - 1000, 1000).bytes());
    assertArrayEquals(random(10), root.read(file, offset, 1000).bytes());
  }

  @Test
  void write_beyondTheLargestFile_fbig() {
    assertEquals(FBIG, root.write(file, 1L << 62, FILE_SYNC, random(1)).status());
    assertEquals(FBIG, root.write(file, -1, FILE_SYNC, random(1)).status());
    assertEquals(OK, root.write(file, (1L << 62) - 1, FILE_SYNC, random(1)).status());
  }

  @Test
  void write_beyondTheFilesystem_nospcAndNothingWritten() {
    EngineRig small = new EngineRig(64 << 10);
    byte[] full = small.root.create(small.export, "full").ok();
    int written = 0;
    while (small.root.write(full, written, FILE_SYNC, random(4096)).status() == OK) {
      written += 4096;
    }
    assertTrue(written > 48 << 10 && written < 64 << 10, "wrote " + written);
    Nfs3Calls.Written refused = small.root.write(full, written, FILE_SYNC, random(4096));
    assertEquals(NOSPC, refused.status());
    assertFalse(refused.wcc().changed());
    assertEquals(written, small.root.getattr(full).ok().size());
    assertEquals(OK, small.root.write(full, 0, FILE_SYNC, random(4096)).status(), "in place");
    small.root.remove(small.export, "full");
    byte[] again = small.root.create(small.export, "again").ok();
    assertEquals(OK, small.root.write(again, 0, FILE_SYNC, random(written)).status());
  }

  @Test
  void write_byAnother_dropsSetuid() {
    root.setattr(file, AttributeChange.mode(06777), Optional.empty());
    root.as(5, 5).write(file, 0, FILE_SYNC, random(1));
    assertEquals(0777, root.getattr(file).ok().mode());
  }

  @Test
  void truncate_givesMemoryBack() {
    EngineRig small = new EngineRig(64 << 10);
    byte[] full = small.root.create(small.export, "full").ok();
    for (int round = 0; round < 10; round++) {
      assertEquals(OK, small.root.write(full, 0, FILE_SYNC, random(40 << 10)).status());
      small.root.create(
          small.export,
          Nfs3Calls.name("full"),
          0,
          new AttributeChange(
              java.util.OptionalInt.empty(),
              java.util.OptionalInt.empty(),
              java.util.OptionalInt.empty(),
              java.util.OptionalLong.of(0),
              AttributeChange.TimeChange.KEEP,
              AttributeChange.TimeChange.KEEP));
      assertEquals(0, small.root.getattr(full).ok().used());
    }
  }

  @Test
  void commit_keepsAttributesAndTellsThem() {
    root.write(file, 0, 0, random(5));
    Nfs3Calls.Committed committed = root.commit(file, 0, 0);
    assertEquals(OK, committed.status());
    assertFalse(committed.wcc().changed());
  }
}
