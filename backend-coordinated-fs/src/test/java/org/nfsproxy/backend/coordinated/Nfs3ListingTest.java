package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.xdr.XdrReader;

/** READDIR, READDIRPLUS; FSSTAT, FSINFO, PATHCONF. */
class Nfs3ListingTest {
  private static final int OK = 0;
  private static final int ACCES = 13;
  private static final int NOTDIR = 20;
  private static final int BAD_COOKIE = 10003;
  private static final int TOOSMALL = 10005;

  private final EngineRig rig = new EngineRig();
  private final Nfs3Calls root = rig.root;
  private final byte[] directory = root.mkdir(rig.export, "directory").ok();

  private List<String> fill(int count) {
    List<String> names = IntStream.range(0, count).mapToObj(at -> "file" + at).toList();
    names.forEach(name -> root.create(directory, name).ok());
    return names;
  }

  @Test
  void readdir_emptyDirectory_hasTheDots() {
    Nfs3Calls.Listed listed = root.readdir(directory, 0, 0, 4096);
    assertEquals(List.of(".", ".."), listed.names());
    assertTrue(listed.eof());
    assertEquals(root.getattr(directory).ok().fileid(), listed.entries().get(0).fileid());
    assertEquals(root.getattr(rig.export).ok().fileid(), listed.entries().get(1).fileid());
  }

  @Test
  void readdir_inPieces_listsAllOnceAndKeepsTheCount() {
    List<String> expected = new ArrayList<>(List.of(".", ".."));
    expected.addAll(fill(500));
    List<String> names = new ArrayList<>();
    Nfs3Calls.Listed listed;
    long cookie = 0;
    long verifier = 0;
    do {
      listed = root.readdir(directory, cookie, verifier, 512);
      assertEquals(OK, listed.status());
      assertTrue(listed.length() <= 512 && !listed.entries().isEmpty());
      names.addAll(listed.names());
      cookie = listed.lastCookie();
      verifier = listed.verifier();
    } while (!listed.eof());
    assertEquals(expected, names);
  }

  @Test
  void readdirplus_inPieces_listsAllOnceAndKeepsBothCounts() {
    List<String> expected = new ArrayList<>(List.of(".", ".."));
    expected.addAll(fill(300));
    List<String> names = new ArrayList<>();
    Nfs3Calls.Listed listed;
    long cookie = 0;
    long verifier = 0;
    do {
      listed = root.readdirplus(directory, cookie, verifier, 200, 2048);
      assertTrue(listed.length() <= 2048);
      int namesBytes =
          listed.entries().stream().mapToInt(entry -> 24 + (entry.bytes().length + 3 & ~3)).sum();
      assertTrue(namesBytes <= 200, "dircount");
      names.addAll(listed.names());
      cookie = listed.lastCookie();
      verifier = listed.verifier();
    } while (!listed.eof());
    assertEquals(expected, names);
  }

  @Test
  void readdirplus_entries_haveWhatLookupGives() {
    fill(3);
    for (Nfs3Calls.Entry entry : root.readdirplus(directory, 0, 0, 4096, 8192).entries()) {
      Nfs3Calls.Looked looked = root.lookup(directory, entry.bytes());
      assertArrayEquals(looked.handle(), entry.handle().orElseThrow(), entry.name());
      assertEquals(looked.object().orElseThrow().fileid(), entry.fileid());
      assertEquals(entry.fileid(), entry.attributes().orElseThrow().fileid());
    }
  }

  @Test
  void readdirplus_mountPoint_showsTheDirectoryUnderItAndNoObject() {
    byte[] above = root.lookup(rig.export, "inner").handle();
    Nfs3Calls.Entry entry = root.readdirplus(above, 0, 0, 4096, 8192).entries().get(2);
    assertEquals("deep", entry.name());
    assertTrue(entry.attributes().isEmpty() && entry.handle().isEmpty());
    Nfs3Calls.Entry parent = root.readdirplus(rig.inner, 0, 0, 4096, 8192).entries().get(1);
    assertEquals(root.getattr(above).ok().fileid(), parent.fileid());
    assertTrue(parent.handle().isEmpty());
  }

  @Test
  void readdirplus_withoutSearchPermission_givesNamesAlone() {
    fill(1);
    root.setattr(directory, AttributeChange.mode(0744), Optional.empty());
    for (Nfs3Calls.Entry entry : root.as(5, 5).readdirplus(directory, 0, 0, 4096, 8192).entries()) {
      assertTrue(entry.attributes().isEmpty() && entry.handle().isEmpty(), entry.name());
    }
  }

  @Test
  void listing_whileEntriesComeAndGo_meetsTheOthersOnce() {
    fill(100);
    Nfs3Calls.Listed first = root.readdir(directory, 0, 0, 600);
    List<String> names = new ArrayList<>(first.names());
    assertFalse(first.eof());
    String last = names.get(names.size() - 1);
    root.remove(directory, last);
    root.remove(directory, "file99");
    root.remove(directory, "file1");
    root.create(directory, "file1").ok();
    root.create(directory, "new").ok();
    root.rename(directory, "file90", directory, "renamed");
    Nfs3Calls.Listed rest = root.readdir(directory, first.lastCookie(), first.verifier(), 1 << 20);
    names.addAll(rest.names());
    assertTrue(rest.eof());
    for (int at = 2; at < 99; at++) {
      String name = "file" + at;
      long times = names.stream().filter(name::equals).count();
      assertEquals(at == 90 ? 0 : 1, times, name);
    }
    assertTrue(names.contains("new") && names.contains("renamed"));
    assertFalse(names.contains("file99"));
  }

  @Test
  void listing_cookieWithAnotherVerifier_badCookie() {
    fill(3);
    Nfs3Calls.Listed listed = root.readdir(directory, 0, 99, 4096);
    assertEquals(OK, listed.status(), "cookie 0 has no verifier yet");
    long wrong = listed.verifier() + 1;
    assertEquals(BAD_COOKIE, root.readdir(directory, 2, wrong, 4096).status());
    assertEquals(BAD_COOKIE, root.readdirplus(directory, 2, wrong, 4096, 4096).status());
    assertEquals(BAD_COOKIE, root.readdir(directory, -1, listed.verifier(), 4096).status());
  }

  @Test
  void listing_behindTheLast_isEmptyAndEof() {
    Nfs3Calls.Listed listed = root.readdir(directory, 0, 0, 4096);
    Nfs3Calls.Listed behind = root.readdir(directory, listed.lastCookie(), listed.verifier(), 4096);
    assertTrue(behind.eof());
    assertTrue(behind.entries().isEmpty());
  }

  @Test
  void listing_noRoomForOneEntry_toosmall() {
    // post_op_attr 88, verifier 8, end 8; an entry "." takes 4 + 8 + 8 + 8
    assertEquals(TOOSMALL, root.readdir(directory, 0, 0, 131).status());
    assertEquals(List.of("."), root.readdir(directory, 0, 0, 132).names());
    assertEquals(TOOSMALL, root.readdir(directory, 0, 0, 0).status());
    // with attributes 88 and a handle 4 + 4 + 24 more
    assertEquals(TOOSMALL, root.readdirplus(directory, 0, 0, 4096, 251).status());
    assertEquals(List.of("."), root.readdirplus(directory, 0, 0, 4096, 252).names());
    assertEquals(List.of("."), root.readdirplus(directory, 0, 0, 0, 4096).names());
  }

  @Test
  void listing_refusals() {
    byte[] file = root.create(directory, "file").ok();
    assertEquals(NOTDIR, root.readdir(file, 0, 0, 4096).status());
    assertEquals(NOTDIR, root.readdirplus(file, 0, 0, 4096, 4096).status());
    root.setattr(directory, AttributeChange.mode(0711), Optional.empty());
    assertEquals(ACCES, root.as(5, 5).readdir(directory, 0, 0, 4096).status());
    assertEquals(ACCES, root.as(5, 5).readdirplus(directory, 0, 0, 4096, 4096).status());
  }

  @Test
  void fsstat_countsWhatIsUsed() {
    long[] before = fsstat(rig.export);
    byte[] file = root.create(rig.export, "file").ok();
    root.write(file, 0, 2, new byte[4096]);
    long[] after = fsstat(rig.export);
    assertEquals(64L << 20, after[0]);
    assertTrue(before[1] - after[1] >= 4096 && after[1] == after[2]);
    assertTrue(after[3] - after[4] > 0 && after[4] == after[5]);
    assertTrue(after[4] < before[4]);
    long[] inner = fsstat(rig.inner);
    root.create(rig.export, "other").ok();
    assertArrayEquals(inner, fsstat(rig.inner), "another filesystem");
  }

  private long[] fsstat(byte[] handle) {
    XdrReader in = root.nfs(18, out -> out.opaque(handle));
    assertEquals(OK, in.int32());
    assertTrue(Nfs3Calls.postOp(in).isPresent());
    long[] numbers = new long[6];
    for (int at = 0; at < 6; at++) {
      numbers[at] = in.int64();
    }
    assertEquals(0, in.int32());
    Nfs3Calls.done(in);
    return numbers;
  }

  @Test
  void fsinfo_isTrue() {
    XdrReader in = root.nfs(19, out -> out.opaque(rig.export));
    assertEquals(OK, in.int32());
    assertTrue(Nfs3Calls.postOp(in).isPresent());
    int mib = 1 << 20;
    for (int expected : new int[] {mib, mib, 4096, mib, mib, 4096, 32768}) {
      assertEquals(expected, in.int32());
    }
    assertEquals(1L << 62, in.int64());
    assertEquals(0, in.int32());
    assertEquals(1, in.int32());
    assertEquals(0x1b, in.int32());
    Nfs3Calls.done(in);
  }

  @Test
  void pathconf_isTrue() {
    XdrReader in = root.nfs(20, out -> out.opaque(rig.export));
    assertEquals(OK, in.int32());
    assertTrue(Nfs3Calls.postOp(in).isPresent());
    for (int expected : new int[] {65_000, 255, 1, 1, 0, 1}) {
      assertEquals(expected, in.int32());
    }
    Nfs3Calls.done(in);
  }

  @Test
  void filesystemQuestions_aboutWhatIsNoHandle_badhandleWithoutAttributes() {
    for (int procedure = 18; procedure <= 20; procedure++) {
      XdrReader in = root.nfs(procedure, out -> out.opaque(new byte[8]));
      assertEquals(10001, in.int32());
      assertTrue(Nfs3Calls.postOp(in).isEmpty());
      Nfs3Calls.done(in);
    }
  }
}
