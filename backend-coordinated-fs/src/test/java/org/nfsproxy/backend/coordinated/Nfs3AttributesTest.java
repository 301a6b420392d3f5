package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;

/** GETATTR, SETATTR, ACCESS. */
class Nfs3AttributesTest {
  private static final int OK = 0;
  private static final int PERM = 1;
  private static final int ACCES = 13;
  private static final int ISDIR = 21;
  private static final int INVAL = 22;
  private static final int FBIG = 27;
  private static final int STALE = 70;
  private static final int BADHANDLE = 10001;
  private static final int NOT_SYNC = 10002;

  private final EngineRig rig = new EngineRig();
  private final Nfs3Calls root = rig.root;
  private final Nfs3Calls owner = root.as(1000, 100);
  private final Nfs3Calls member = root.as(1001, 5, 100);
  private final Nfs3Calls other = root.as(1002, 5);
  private byte[] file;

  @BeforeEach
  void makeFile() {
    root.setattr(rig.export, AttributeChange.mode(0777), Optional.empty());
    file = owner.create(rig.export, "file").ok();
  }

  private static AttributeChange ids(Integer uid, Integer gid) {
    return new AttributeChange(
        OptionalInt.empty(),
        uid == null ? OptionalInt.empty() : OptionalInt.of(uid),
        gid == null ? OptionalInt.empty() : OptionalInt.of(gid),
        OptionalLong.empty(),
        TimeChange.KEEP,
        TimeChange.KEEP);
  }

  private static AttributeChange size(long size) {
    AttributeChange none = AttributeChange.NONE;
    return new AttributeChange(
        none.mode(), none.uid(), none.gid(), OptionalLong.of(size), none.atime(), none.mtime());
  }

  private static AttributeChange times(TimeChange atime, TimeChange mtime) {
    AttributeChange none = AttributeChange.NONE;
    return new AttributeChange(none.mode(), none.uid(), none.gid(), none.size(), atime, mtime);
  }

  private static TimeChange client(int seconds, int nanos) {
    return new TimeChange(TimeHow.SET_TO_CLIENT_TIME, Optional.of(new FileTime(seconds, nanos)));
  }

  private int set(Nfs3Calls as, AttributeChange change) {
    return as.setattr(file, change, Optional.empty()).status();
  }

  @Test
  void getattr_newFile_hasItsMakersAttributes() {
    Attributes got = root.getattr(file).ok();
    assertEquals(FileType.NF3REG, got.type());
    assertEquals(0644, got.mode());
    assertEquals(1, got.links());
    assertEquals(1000, got.uid());
    assertEquals(100, got.gid());
    assertEquals(0, got.size());
    assertEquals(0, got.used());
    assertEquals(EngineRig.OUTER_FSID, got.fsid());
    assertEquals(got.mtime(), got.atime());
    assertTrue(Math.abs(got.mtime().seconds() - System.currentTimeMillis() / 1000) < 100);
  }

  @Test
  void getattr_bytesThatAreNoHandle_badhandle() {
    assertEquals(BADHANDLE, root.getattr(new byte[0]).status());
    assertEquals(BADHANDLE, root.getattr(new byte[64]).status());
    byte[] version2 = file.clone();
    version2[0] = 2;
    assertEquals(BADHANDLE, root.getattr(version2).status());
    byte[] flags = file.clone();
    flags[1] = 1;
    assertEquals(BADHANDLE, root.getattr(flags).status());
    byte[] shorter = java.util.Arrays.copyOf(file, file.length - 1);
    assertEquals(BADHANDLE, root.getattr(shorter).status());
    byte[] longer = java.util.Arrays.copyOf(file, file.length + 1);
    assertEquals(BADHANDLE, root.getattr(longer).status());
  }

  @Test
  void getattr_handleWithAnyBitChanged_isNeverAnotherObject() {
    for (int bit = 0; bit < 8 * file.length; bit++) {
      byte[] forged = file.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      int status = root.getattr(forged).status();
      assertTrue(status == STALE || status == BADHANDLE, "bit " + bit + ": " + status);
    }
  }

  @Test
  void getattr_handleOfAnEarlierRun_stale() {
    EngineRig restarted = new EngineRig();
    assertEquals(STALE, restarted.root.getattr(file).status());
    assertEquals(STALE, restarted.root.getattr(rig.export).status());
  }

  @Test
  void setattr_modeByOwner_changesModeAndCtimeAlone() {
    Attributes before = root.getattr(file).ok();
    Nfs3Calls.Changed changed =
        owner.setattr(file, AttributeChange.mode(0100_4755), Optional.empty());
    assertEquals(OK, changed.status());
    Attributes after = changed.wcc().after().orElseThrow();
    assertEquals(04755, after.mode());
    assertEquals(before.mtime(), after.mtime());
    assertNotEquals(before.ctime(), after.ctime());
    assertEquals(before.ctime(), changed.wcc().before().orElseThrow().ctime());
    assertEquals(after, root.getattr(file).ok());
  }

  @Test
  void setattr_modeByOthers_permAndNothingChanges() {
    Attributes before = root.getattr(file).ok();
    assertEquals(PERM, set(other, AttributeChange.mode(0777)));
    assertEquals(PERM, set(member, AttributeChange.mode(0777)));
    assertEquals(before, root.getattr(file).ok());
  }

  @Test
  void setattr_setgidByOwnerOutsideTheGroup_isDropped() {
    root.setattr(file, ids(null, 55), Optional.empty());
    assertEquals(OK, set(owner, AttributeChange.mode(02755)));
    assertEquals(0755, root.getattr(file).ok().mode());
  }

  @Test
  void setattr_owner_onlyRootGivesAway() {
    assertEquals(PERM, set(owner, ids(1001, null)));
    assertEquals(OK, set(owner, ids(1000, null)));
    assertEquals(OK, set(root, ids(1001, null)));
    assertEquals(1001, root.getattr(file).ok().uid());
  }

  @Test
  void setattr_group_onlyOwnersOwnGroups() {
    assertEquals(PERM, set(owner, ids(null, 5)));
    assertEquals(OK, set(owner.as(1000, 100, 5), ids(null, 5)));
    assertEquals(5, root.getattr(file).ok().gid());
    assertEquals(PERM, set(other, ids(null, 5)));
  }

  @Test
  void setattr_newOwner_losesSetuid() {
    root.setattr(file, AttributeChange.mode(06755), Optional.empty());
    root.setattr(file, ids(1001, null), Optional.empty());
    assertEquals(0755, root.getattr(file).ok().mode());
  }

  @Test
  void setattr_size_needsWritePermission() {
    assertEquals(ACCES, set(other, size(10)));
    assertEquals(OK, set(owner, size(10)));
    assertEquals(10, root.getattr(file).ok().size());
    owner.setattr(file, AttributeChange.mode(0), Optional.empty());
    assertEquals(OK, set(owner, size(4)), "the owner may whatever the mode");
  }

  @Test
  void setattr_sizeSmallerAndLargerAgain_readsZeros() {
    owner.write(file, 0, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    set(owner, size(3));
    set(owner, size(6));
    org.junit.jupiter.api.Assertions.assertArrayEquals(
        new byte[] {1, 2, 3, 0, 0, 0}, owner.read(file, 0, 100).bytes());
  }

  @Test
  void setattr_sizeOfWhatHasNone_refused() {
    assertEquals(ISDIR, root.setattr(rig.export, size(0), Optional.empty()).status());
    byte[] fifo = owner.mknod(rig.export, "fifo", FileType.NF3FIFO).ok();
    assertEquals(INVAL, root.setattr(fifo, size(0), Optional.empty()).status());
  }

  @Test
  void setattr_sizeBeyondAll_fbig() {
    assertEquals(FBIG, set(owner, size(-1)));
    assertEquals(FBIG, set(owner, size((1L << 62) + 1)));
    assertEquals(OK, set(owner, size(1L << 62)));
    assertEquals(0, root.getattr(file).ok().used());
  }

  @Test
  void setattr_severalOfWhichOneIsForbidden_changesNone() {
    Attributes before = root.getattr(file).ok();
    AttributeChange both =
        new AttributeChange(
            OptionalInt.of(0600),
            OptionalInt.of(1001),
            OptionalInt.empty(),
            OptionalLong.of(5),
            TimeChange.KEEP,
            TimeChange.KEEP);
    assertEquals(PERM, set(owner, both));
    assertEquals(before, root.getattr(file).ok());
  }

  @Test
  void setattr_clientTime_keptToTheNanosecond() {
    assertEquals(OK, set(owner, times(client(1, 999_999_999), client(-1, 7))));
    Attributes after = root.getattr(file).ok();
    assertEquals(new FileTime(1, 999_999_999), after.atime());
    assertEquals(new FileTime(-1, 7), after.mtime());
  }

  @Test
  void setattr_clientTimeByOthers_permEvenIfWritable() {
    owner.setattr(file, AttributeChange.mode(0666), Optional.empty());
    assertEquals(PERM, set(other, times(client(1, 1), TimeChange.KEEP)));
  }

  @Test
  void setattr_serverTimeByWriters_sets() {
    owner.setattr(file, AttributeChange.mode(0664), Optional.empty());
    TimeChange now = new TimeChange(TimeHow.SET_TO_SERVER_TIME, Optional.empty());
    Attributes before = root.getattr(file).ok();
    assertEquals(OK, set(member, times(now, now)));
    assertNotEquals(before.mtime(), root.getattr(file).ok().mtime());
    assertEquals(ACCES, set(other, times(now, now)));
  }

  @Test
  void setattr_guardThatMatches_sets() {
    FileTime ctime = root.getattr(file).ok().ctime();
    Nfs3Calls.Changed changed = owner.setattr(file, AttributeChange.mode(0600), Optional.of(ctime));
    assertEquals(OK, changed.status());
  }

  @Test
  void setattr_guardThatDoesNotMatch_notSync() {
    FileTime ctime = root.getattr(file).ok().ctime();
    owner.setattr(file, AttributeChange.mode(0600), Optional.empty());
    Nfs3Calls.Changed changed = owner.setattr(file, AttributeChange.mode(0777), Optional.of(ctime));
    assertEquals(NOT_SYNC, changed.status());
    assertFalse(changed.wcc().changed());
    assertEquals(0600, root.getattr(file).ok().mode());
  }

  @Test
  void access_file_byOwnerGroupAndOthers() {
    owner.setattr(file, AttributeChange.mode(0764), Optional.empty());
    assertEquals(0x2d, owner.access(file, 0x3f));
    assertEquals(0x0d, member.access(file, 0x3f));
    assertEquals(0x01, other.access(file, 0x3f));
    assertEquals(0x01, owner.access(file, 0x01), "only what was asked for");
  }

  @Test
  void access_root_mayAllButExecuteWhatNobodyMay() {
    owner.setattr(file, AttributeChange.mode(0), Optional.empty());
    assertEquals(0x0d, root.access(file, 0x3f));
    owner.setattr(file, AttributeChange.mode(0001), Optional.empty());
    assertEquals(0x2d, root.access(file, 0x3f));
  }

  @Test
  void access_ownerWithFewerRightsThanOthers_hasTheFewer() {
    owner.setattr(file, AttributeChange.mode(0077), Optional.empty());
    assertEquals(0, owner.access(file, 0x3f));
    assertEquals(0x2d, member.access(file, 0x3f));
  }

  @Test
  void access_directory_hasNoExecute() {
    assertEquals(0x1f, other.access(rig.export, 0x3f));
    root.setattr(rig.export, AttributeChange.mode(0754), Optional.empty());
    assertEquals(0x01, other.access(rig.export, 0x3f));
    root.setattr(rig.export, AttributeChange.mode(0752), Optional.empty());
    assertEquals(0, other.access(rig.export, 0x3f), "writing needs search too");
  }

  @Test
  void access_staleHandle_stale() {
    owner.remove(rig.export, "file");
    assertEquals(-STALE, root.access(file, 0x3f));
  }
}
