package org.nfsproxy.backend.coordinated.namespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.memory.MemoryFiles;
import org.nfsproxy.backend.coordinated.memory.Volume;

class RootedFilesTest {
  private static final UserIds ALICE = new UserIds(1000, 100);

  private final MemoryFiles memory;
  private final RootedFiles rooted;

  RootedFilesTest() throws FilesException {
    memory = new MemoryFiles("/mnt/deep/a", new Volume(1, 11, 1 << 20, 24));
    memory.mount("/mnt/deep/a/inner", new Volume(2, 22, 1 << 20, 24));
    rooted = RootedFiles.over(memory);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private FoundObject lookup(ObjectHandle directory, String name) throws FilesException {
    return rooted.lookup(ALICE, directory, bytes(name));
  }

  private static void assertSame(ObjectHandle expected, ObjectHandle found) {
    assertArrayEquals(expected.wire(), found.wire());
  }

  private static void refused(Nfs3Status status, org.junit.jupiter.api.function.Executable call) {
    assertEquals(status, assertThrows(FilesException.class, call).status());
  }

  @Test
  void export_deepDown_isReachedFromTheRootAndBack() throws FilesException {
    FoundObject mnt = lookup(rooted.root(), "mnt");
    FoundObject deep = lookup(mnt.handle(), "deep");
    FoundObject a = lookup(deep.handle(), "a");
    assertSame(memory.exports().get(0).root(), a.handle());
    assertEquals(11, a.attributes().fsid());
    assertEquals(0, deep.attributes().fsid());
    assertSame(deep.handle(), lookup(a.handle(), "..").handle());
    assertSame(mnt.handle(), lookup(deep.handle(), "..").handle());
    assertSame(rooted.root(), lookup(mnt.handle(), "..").handle());
    assertSame(rooted.root(), lookup(rooted.root(), "..").handle());
    assertSame(deep.handle(), lookup(deep.handle(), ".").handle());
    refused(Nfs3Status.NFS3ERR_NOENT, () -> lookup(deep.handle(), "b"));
  }

  @Test
  void export_insideAnother_leadsToWhatItIsMountedIn() throws FilesException {
    assertSame(
        memory.exports().get(0).root(), lookup(memory.exports().get(1).root(), "..").handle());
  }

  @Test
  void directory_aboveExports_listsThem() throws FilesException {
    FoundObject mnt = lookup(rooted.root(), "mnt");
    List<String> names = new ArrayList<>();
    rooted.list(
        ALICE,
        lookup(mnt.handle(), "deep").handle(),
        0,
        0,
        true,
        entry -> names.add(new String(entry.name(), StandardCharsets.UTF_8)));
    assertEquals(List.of("a"), names);
  }

  @Test
  void listing_cutAnywhere_goesOnBehindItsCookie() throws FilesException {
    Files several = exporting("/b", "/c/d", "/a", "/c/e");
    RootedFiles above = RootedFiles.over(several);
    List<String> names = new ArrayList<>();
    long cookie = 0;
    boolean end = false;
    while (!end) {
      long[] last = {cookie};
      boolean[] taken = {false};
      end =
          above
              .list(
                  ALICE,
                  above.root(),
                  cookie,
                  0,
                  false,
                  entry -> {
                    if (taken[0]) {
                      return false;
                    }
                    taken[0] = true;
                    last[0] = entry.cookie();
                    return names.add(new String(entry.name(), StandardCharsets.UTF_8));
                  })
              .end();
      cookie = last[0];
    }
    assertEquals(List.of("c", "a", "b"), names);
  }

  @Test
  void change_aboveExports_isRefused() {
    ObjectHandle root = rooted.root();
    WccData wcc = new WccData();
    refused(
        Nfs3Status.NFS3ERR_ROFS,
        () -> rooted.makeDirectory(UserIds.ROOT, root, bytes("x"), AttributeChange.NONE, wcc));
    refused(
        Nfs3Status.NFS3ERR_ROFS,
        () -> rooted.removeDirectory(UserIds.ROOT, root, bytes("mnt"), wcc));
    refused(
        Nfs3Status.NFS3ERR_ROFS,
        () -> rooted.change(UserIds.ROOT, root, AttributeChange.mode(0777), Optional.empty(), wcc));
    ObjectHandle below = memory.exports().get(0).root();
    refused(
        Nfs3Status.NFS3ERR_ROFS,
        () -> rooted.rename(UserIds.ROOT, below, bytes("x"), root, bytes("y"), wcc, new WccData()));
    refused(Nfs3Status.NFS3ERR_ISDIR, () -> rooted.commit(UserIds.ROOT, root, 0, 0, wcc));
  }

  @Test
  void handle_ofADirectoryThatIsNotThere_isStaleOrBad() {
    ObjectHandle other = ObjectHandle.of(0, 0, new byte[8]);
    assertThrows(FilesException.class, () -> rooted.attributes(other));
  }

  @Test
  void attributes_changeWithTheEntriesAlone() throws FilesException {
    RootedFiles one = RootedFiles.over(exporting("/a", "/b"));
    RootedFiles alike = RootedFiles.over(exporting("/b", "/a"));
    RootedFiles more = RootedFiles.over(exporting("/a", "/b", "/c"));
    assertEquals(one.attributes(one.root()), alike.attributes(alike.root()));
    assertNotEquals(one.attributes(one.root()).ctime(), more.attributes(more.root()).ctime());
    assertSame(one.root(), more.root());
  }

  @Test
  void export_ofTheRoot_isTheRoot() {
    ObjectHandle only = ObjectHandle.of(1, 0, new byte[0]);
    assertSame(only, RootedFiles.over(exporting("/")).root());
  }

  @Test
  void limits_aboveExports_allowLookingOnly() throws FilesException {
    FilesystemLimits limits = rooted.limits(rooted.root());
    assertEquals(0, limits.properties() & FilesystemLimits.FSF3_LINK);
    assertEquals(3, rooted.access(ALICE, rooted.root(), 0x3f));
  }

  /** Files that have nothing but exports, each with a handle of its own. */
  private static Files exporting(String... paths) {
    List<ExportedTree> exports = new ArrayList<>();
    for (String path : paths) {
      exports.add(new ExportedTree(path, ObjectHandle.of(exports.size() + 1, 0, new byte[0])));
    }
    return (Files)
        Proxy.newProxyInstance(
            Files.class.getClassLoader(),
            new Class<?>[] {Files.class},
            (self, method, arguments) -> {
              if (method.getName().equals("exports")) {
                return exports;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
