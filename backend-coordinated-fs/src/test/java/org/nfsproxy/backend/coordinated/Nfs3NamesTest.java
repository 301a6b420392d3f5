package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;

/** LOOKUP, READLINK, REMOVE, RMDIR, RENAME, LINK. */
class Nfs3NamesTest {
  private static final int OK = 0;
  private static final int PERM = 1;
  private static final int NOENT = 2;
  private static final int ACCES = 13;
  private static final int EXIST = 17;
  private static final int XDEV = 18;
  private static final int NOTDIR = 20;
  private static final int ISDIR = 21;
  private static final int INVAL = 22;
  private static final int NAMETOOLONG = 63;
  private static final int NOTEMPTY = 66;
  private static final int STALE = 70;
  private static final int BADHANDLE = 10001;

  private final EngineRig rig = new EngineRig();
  private final Nfs3Calls root = rig.root;
  private final byte[] top = rig.export;

  private int links(byte[] handle) {
    return root.getattr(handle).ok().links();
  }

  private void open(byte[] directory, int mode) {
    root.setattr(directory, AttributeChange.mode(mode), Optional.empty());
  }

  @Test
  void lookup_name_givesHandleAndBothAttributes() {
    byte[] file = root.create(top, "file").ok();
    Nfs3Calls.Looked looked = root.lookup(top, "file");
    assertArrayEquals(file, looked.handle());
    assertEquals(root.getattr(file).ok(), looked.object().orElseThrow());
    assertEquals(root.getattr(top).ok(), looked.directory().orElseThrow());
  }

  @Test
  void lookup_missing_noentWithDirectoryAttributes() {
    Nfs3Calls.Looked looked = root.lookup(top, "missing");
    assertEquals(NOENT, looked.status());
    assertTrue(looked.directory().isPresent());
  }

  @Test
  void lookup_inAFile_notdir() {
    assertEquals(NOTDIR, root.lookup(root.create(top, "file").ok(), "x").status());
  }

  @Test
  void lookup_inWhatIsNoHandle_badhandleWithoutAttributes() {
    Nfs3Calls.Looked looked = root.lookup(new byte[3], "x");
    assertEquals(BADHANDLE, looked.status());
    assertTrue(looked.directory().isEmpty());
  }

  @Test
  void lookup_withoutSearchPermission_acces() {
    root.create(top, "file").ok();
    open(top, 0744);
    assertEquals(ACCES, root.as(5, 5).lookup(top, "file").status());
  }

  @Test
  void names_thatCannotBe_areRefusedEverywhere() {
    byte[] long255 = "n".repeat(255).getBytes();
    byte[] long256 = "n".repeat(256).getBytes();
    AttributeChange mode = AttributeChange.mode(0644);
    assertEquals(NAMETOOLONG, root.create(top, long256, 1, mode).status());
    assertEquals(NAMETOOLONG, root.lookup(top, long256).status());
    assertEquals(NAMETOOLONG, root.create(top, new byte[100_000], 1, mode).status());
    assertEquals(OK, root.create(top, long255, 1, mode).status());
    assertEquals(ACCES, root.create(top, new byte[0], 1, mode).status());
    assertEquals(ACCES, root.lookup(top, new byte[0]).status());
    assertEquals(ACCES, root.create(top, "a/b".getBytes(), 1, mode).status());
    assertEquals(ACCES, root.create(top, new byte[] {'a', 0}, 1, mode).status());
    assertEquals(EXIST, root.create(top, ".").status());
    assertEquals(EXIST, root.mkdir(top, "..").status());
    assertEquals(INVAL, root.rename(top, ".", top, "x").status());
    assertEquals(INVAL, root.rename(top, "n".repeat(255), top, "..").status());
    assertEquals(INVAL, root.rmdir(top, ".").status());
    assertEquals(EXIST, root.rmdir(top, "..").status());
    assertEquals(ISDIR, root.remove(top, ".").status());
  }

  @Test
  void names_ofAnyBytes_stayAsTheyAre() {
    byte[] name = new byte[254];
    int at = 0;
    for (int value = 1; value < 256; value++) {
      if (value != '/') {
        name[at++] = (byte) value;
      }
    }
    byte[] file = root.create(top, name, 1, AttributeChange.mode(0644)).ok();
    assertArrayEquals(file, root.lookup(top, name).handle());
    assertArrayEquals(
        name, root.readdir(top, 0, 0, 4096).entries().get(3).bytes(), "after ., .., inner");
  }

  @Test
  void lookup_differentCase_isAnotherName() {
    root.create(top, "File").ok();
    assertEquals(NOENT, root.lookup(top, "file").status());
  }

  @Test
  void lookup_dots_leadToSelfAndParent() {
    byte[] directory = root.mkdir(top, "directory").ok();
    assertArrayEquals(directory, root.lookup(directory, ".").handle());
    assertArrayEquals(top, root.lookup(directory, "..").handle());
    assertArrayEquals(top, root.lookup(top, "..").handle(), "nothing is above the top");
  }

  @Test
  void lookup_mountPoint_crossesIntoTheOtherFilesystem() {
    byte[] above = root.lookup(top, "inner").handle();
    Nfs3Calls.Looked looked = root.lookup(above, "deep");
    assertArrayEquals(rig.inner, looked.handle());
    assertEquals(EngineRig.INNER_FSID, looked.object().orElseThrow().fsid());
    assertEquals(EngineRig.OUTER_FSID, looked.directory().orElseThrow().fsid());
  }

  @Test
  void lookup_parentOfANestedRoot_crossesBack() {
    Nfs3Calls.Looked looked = root.lookup(rig.inner, "..");
    assertArrayEquals(root.lookup(top, "inner").handle(), looked.handle());
    assertEquals(EngineRig.OUTER_FSID, looked.object().orElseThrow().fsid());
  }

  @Test
  void remove_lastName_makesItsHandleStale() {
    byte[] file = root.create(top, "file").ok();
    Nfs3Calls.Changed removed = root.remove(top, "file");
    assertEquals(OK, removed.status());
    assertTrue(removed.wcc().changed());
    assertEquals(STALE, root.getattr(file).status());
    assertEquals(STALE, root.read(file, 0, 1).status());
    assertEquals(STALE, root.write(file, 0, 2, new byte[1]).status());
    assertEquals(NOENT, root.remove(top, "file").status());
    byte[] again = root.create(top, "file").ok();
    assertEquals(STALE, root.getattr(file).status(), "a new file is not the old one");
    assertEquals(OK, root.getattr(again).status());
  }

  @Test
  void remove_directory_isdir() {
    root.mkdir(top, "directory").ok();
    Nfs3Calls.Changed refused = root.remove(top, "directory");
    assertEquals(ISDIR, refused.status());
    assertFalse(refused.wcc().changed());
  }

  @Test
  void remove_needsWriteAndSearchOfTheDirectory() {
    root.create(top, "file").ok();
    for (int mode : new int[] {0755, 0751, 0752}) {
      open(top, mode);
      assertEquals(ACCES, root.as(5, 5).remove(top, "file").status());
    }
    open(top, 0753);
    assertEquals(OK, root.as(5, 5).remove(top, "file").status());
  }

  @Test
  void remove_inAStickyDirectory_onlyByOwners() {
    open(top, 01777);
    root.as(5, 5).create(top, "file").ok();
    assertEquals(PERM, root.as(6, 6).remove(top, "file").status());
    assertEquals(PERM, root.as(6, 6).rename(top, "file", top, "other").status());
    assertEquals(OK, root.as(5, 5).remove(top, "file").status());
  }

  @Test
  void rmdir_emptyDirectory_staleAndOneLinkFewer() {
    byte[] directory = root.mkdir(top, "directory").ok();
    int links = links(top);
    assertEquals(OK, root.rmdir(top, "directory").status());
    assertEquals(links - 1, links(top));
    assertEquals(STALE, root.create(directory, "x").status());
  }

  @Test
  void rmdir_whatIsNotAnEmptyDirectory_refused() {
    byte[] directory = root.mkdir(top, "directory").ok();
    root.create(directory, "file").ok();
    assertEquals(NOTEMPTY, root.rmdir(top, "directory").status());
    assertEquals(NOTDIR, root.rmdir(directory, "file").status());
    assertEquals(NOENT, root.rmdir(directory, "missing").status());
  }

  @Test
  void mountPoint_isNeitherRemovedNorRenamedNorReplaced() {
    byte[] above = root.lookup(top, "inner").handle();
    root.mkdir(above, "other").ok();
    assertEquals(ACCES, root.rmdir(above, "deep").status());
    assertEquals(ISDIR, root.remove(above, "deep").status());
    assertEquals(ACCES, root.rename(above, "deep", above, "deeper").status());
    assertEquals(ACCES, root.rename(above, "other", above, "deep").status());
    assertArrayEquals(rig.inner, root.lookup(above, "deep").handle());
  }

  @Test
  void rename_toAFreeName_keepsTheHandle() {
    byte[] file = root.create(top, "old").ok();
    Attributes before = root.getattr(file).ok();
    Nfs3Calls.Renamed renamed = root.rename(top, "old", top, "new");
    assertEquals(OK, renamed.status());
    assertTrue(renamed.from().changed() && renamed.to().changed());
    assertEquals(NOENT, root.lookup(top, "old").status());
    assertArrayEquals(file, root.lookup(top, "new").handle());
    assertTrue(!before.ctime().equals(root.getattr(file).ok().ctime()));
    assertEquals(before.mtime(), root.getattr(file).ok().mtime());
  }

  @Test
  void rename_overAFile_replacesIt() {
    byte[] file = root.create(top, "old").ok();
    byte[] replaced = root.create(top, "new").ok();
    assertEquals(OK, root.rename(top, "old", top, "new").status());
    assertArrayEquals(file, root.lookup(top, "new").handle());
    assertEquals(STALE, root.getattr(replaced).status());
    assertEquals(1, links(file));
  }

  @Test
  void rename_ofIncompatibleTypes_refused() {
    root.create(top, "file").ok();
    byte[] directory = root.mkdir(top, "directory").ok();
    assertEquals(ISDIR, root.rename(top, "file", top, "directory").status());
    assertEquals(NOTDIR, root.rename(top, "directory", top, "file").status());
    root.mkdir(top, "other").ok();
    root.create(directory, "inside").ok();
    assertEquals(NOTEMPTY, root.rename(top, "other", top, "directory").status());
    assertEquals(OK, root.rename(top, "directory", top, "other").status());
  }

  @Test
  void rename_directoryToAnotherDirectory_movesLinksAndParent() {
    byte[] from = root.mkdir(top, "from").ok();
    byte[] to = root.mkdir(top, "to").ok();
    byte[] moved = root.mkdir(from, "moved").ok();
    assertEquals(OK, root.rename(from, "moved", to, "moved").status());
    assertEquals(2, links(from));
    assertEquals(3, links(to));
    assertArrayEquals(to, root.lookup(moved, "..").handle());
    byte[] replaced = root.mkdir(from, "moved").ok();
    assertEquals(OK, root.rename(to, "moved", from, "moved").status());
    assertEquals(STALE, root.getattr(replaced).status());
    assertEquals(3, links(from));
    assertEquals(2, links(to));
  }

  @Test
  void rename_directoryIntoItself_inval() {
    byte[] outer = root.mkdir(top, "outer").ok();
    byte[] inner = root.mkdir(outer, "inner").ok();
    assertEquals(INVAL, root.rename(top, "outer", inner, "outer").status());
    assertEquals(INVAL, root.rename(top, "outer", outer, "x").status());
    assertEquals(NOTEMPTY, root.rename(outer, "inner", top, "outer").status());
  }

  @Test
  void rename_twoNamesOfOneFile_doesNothing() {
    byte[] file = root.create(top, "one").ok();
    root.link(file, top, "two");
    assertEquals(OK, root.rename(top, "one", top, "two").status());
    assertEquals(2, links(file));
    assertEquals(OK, root.lookup(top, "one").status());
    assertEquals(OK, root.rename(top, "one", top, "one").status());
    assertEquals(OK, root.lookup(top, "one").status());
  }

  @Test
  void rename_acrossFilesystems_xdev() {
    root.create(top, "file").ok();
    Nfs3Calls.Renamed refused = root.rename(top, "file", rig.inner, "file");
    assertEquals(XDEV, refused.status());
    assertFalse(refused.from().changed() || refused.to().changed());
  }

  @Test
  void rename_toAStaleDirectory_staleWithoutWcc() {
    root.create(top, "file").ok();
    byte[] gone = root.mkdir(top, "gone").ok();
    root.rmdir(top, "gone");
    Nfs3Calls.Renamed refused = root.rename(top, "file", gone, "file");
    assertEquals(STALE, refused.status());
    assertTrue(refused.to().after().isEmpty());
    assertEquals(OK, root.lookup(top, "file").status());
  }

  @Test
  void rename_needsBothDirectoriesAndForDirectoriesThemselves() {
    open(top, 0777);
    byte[] closed = root.mkdir(top, "closed", AttributeChange.mode(0755)).ok();
    Nfs3Calls user = root.as(5, 5);
    user.create(top, "file").ok();
    assertEquals(ACCES, user.rename(top, "file", closed, "file").status());
    byte[] opened = root.mkdir(top, "opened", AttributeChange.mode(0777)).ok();
    root.mkdir(top, "others", AttributeChange.mode(0755)).ok();
    assertEquals(ACCES, user.rename(top, "others", opened, "others").status());
    assertEquals(OK, user.rename(top, "others", top, "renamed").status());
    assertEquals(OK, user.rename(top, "file", opened, "file").status());
  }

  @Test
  void link_file_hasTwoNames() {
    byte[] file = root.create(top, "one").ok();
    Nfs3Calls.Linked linked = root.link(file, top, "two");
    assertEquals(OK, linked.status());
    assertEquals(2, linked.object().orElseThrow().links());
    assertTrue(linked.directory().changed());
    assertArrayEquals(file, root.lookup(top, "two").handle());
    root.remove(top, "one");
    assertEquals(1, links(file));
    root.remove(top, "two");
    assertEquals(STALE, root.getattr(file).status());
  }

  @Test
  void link_refusals() {
    byte[] file = root.create(top, "file").ok();
    byte[] directory = root.mkdir(top, "directory").ok();
    assertEquals(EXIST, root.link(file, top, "directory").status());
    assertEquals(ISDIR, root.link(directory, top, "x").status());
    assertEquals(XDEV, root.link(file, rig.inner, "x").status());
    assertEquals(NOTDIR, root.link(file, file, "x").status());
    assertEquals(ACCES, root.as(5, 5).link(file, top, "x").status());
    assertEquals(1, links(file));
    root.remove(top, "file");
    assertEquals(STALE, root.link(file, top, "x").status());
  }

  @Test
  void readlink_givesTheTargetAsItWasMade() {
    byte[] target = {'.', '.', '/', (byte) 0xff, ' ', '/'};
    byte[] symlink = root.symlink(top, "link", target).ok();
    assertArrayEquals(target, root.readlink(symlink).target());
    Attributes attributes = root.getattr(symlink).ok();
    assertEquals(6, attributes.size());
    assertEquals(0777, attributes.mode());
  }

  @Test
  void readlink_ofAnythingElse_inval() {
    assertEquals(INVAL, root.readlink(top).status());
    assertEquals(INVAL, root.readlink(root.create(top, "file").ok()).status());
  }
}
