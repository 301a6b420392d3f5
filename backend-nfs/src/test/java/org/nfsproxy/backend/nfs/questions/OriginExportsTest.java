package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.mismatch;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.silence;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** The list of exports: MOUNT's, or what a walk from the NFSv4 root finds. */
class OriginExportsTest extends Asking {
  private static final int NFS = 100003;
  private static final int MOUNT = 100005;

  /** What READDIR tells of an entry; a handle is its number. */
  private record Entry(String name, int type, long fsid, int handle, int error) {
    static Entry directory(String name, long fsid, int handle) {
      return new Entry(name, 2, fsid, handle, 0);
    }

    static Entry file(String name, long fsid) {
      return new Entry(name, 1, fsid, 999, 0);
    }

    static Entry guarded(String name) {
      return new Entry(name, 0, 0, 0, 10016);
    }

    void write(XdrWriter out) {
      out.string(name);
      if (error != 0) {
        out.int32(1).int32(1 << 11).int32(4).int32(error);
        return;
      }
      out.int32(1).int32(1 << 1 | 1 << 8 | 1 << 19).int32(4 + 16 + 8);
      out.int32(type).int64(fsid).int64(0).opaque(bytesOf(handle));
    }
  }

  private final Map<Integer, List<Entry>> tree = new HashMap<>();
  private int entriesOfAPage = 2;
  private boolean endless;

  private OriginQuestions questions(int mountPort) {
    Connector connector = connector(PATIENCE_MILLIS);
    OriginPorts.Configured configured =
        new OriginPorts.Configured("127.0.0.1", fake.port(), mountPort, 0, 0, fake.port());
    return new OriginQuestions(
        vertx,
        connector,
        loopback(fake.port()),
        CallCredential.NONE,
        new OriginPorts(vertx, connector, configured));
  }

  private List<String> exports() throws Exception {
    return await(questions(fake.port()).exports());
  }

  private static byte[] bytesOf(int number) {
    return AnsweringOrigin.bytes(out -> out.int32(number));
  }

  /** A root whose directories are those of the tree; 1 is the root's handle and its fsid. */
  private void serveTree() {
    fake.on(
        NFS,
        4,
        1,
        (xid, in, out) -> {
          in.skipOpaque(0);
          assertEquals(0, in.int32(), "minor version");
          boolean root = in.int32() == 3;
          success(root ? ROOT : page(in)).play(xid, in, out);
        });
  }

  private static final Consumer<XdrWriter> ROOT =
      out -> {
        out.int32(0).string("").int32(3).int32(24).int32(0);
        out.int32(10).int32(0).opaque(bytesOf(1));
        out.int32(9).int32(0).int32(1).int32(1 << 8).int32(16).int64(1).int64(0);
      };

  private Consumer<XdrWriter> page(XdrReader in) {
    assertEquals(22, in.int32());
    in.int32();
    int number = in.int32();
    assertEquals(26, in.int32());
    long cookie = in.int64();
    long verifier = in.int64();
    assertEquals(cookie == 0 ? 0 : 77, verifier, "verifier");
    List<Entry> entries = tree.get(number);
    if (entries == null) {
      return out -> out.int32(13).string("").int32(2).int32(22).int32(0).int32(26).int32(13);
    }
    int from = endless ? 0 : (int) cookie;
    int to = Math.min(entries.size(), from + entriesOfAPage);
    return out -> {
      out.int32(0).string("").int32(2).int32(22).int32(0).int32(26).int32(0).int64(77);
      for (int i = from; i < to; i++) {
        entries.get(i).write(out.bool(true).int64(i + 1));
      }
      out.bool(false).bool(!endless && to == entries.size());
    };
  }

  @Test
  void exports_ofMount_areItsPaths() throws Exception {
    fake.on(
        MOUNT,
        3,
        5,
        success(
            out -> {
              out.bool(true).string("/export").bool(true).string("10.0.0.0/8");
              out.bool(true).string("*.example.com").bool(false);
              out.bool(true).string("/srv/data").bool(false).bool(false);
            }));
    assertEquals(List.of("/export", "/srv/data"), exports());
    assertEquals(1, fake.calls());
  }

  @Test
  void versionsOfMount_areAskedOneByOne_andAllWhereNobodyCanTell() throws Exception {
    assertEquals(
        MountVersions.UNKNOWN, await(questions(fake.port()).mountVersions()), "PROG_UNAVAIL");
    fake.on(MOUNT, 1, 0, success(out -> {}));
    fake.on(MOUNT, 2, 0, mismatch(1, 3));
    fake.on(MOUNT, 3, 0, success(out -> {}));
    assertEquals(
        List.of(new ServedProgram(MOUNT, 1, 1), new ServedProgram(MOUNT, 3, 3)),
        await(questions(fake.port()).mountVersions()));
  }

  @Test
  void exports_withoutMount_areWhatTheRootShows() throws Exception {
    tree.put(
        1,
        List.of(
            Entry.directory("export", 2, 2),
            Entry.directory("srv", 1, 3),
            Entry.file("readme", 1),
            Entry.guarded("kerberos"),
            Entry.directory("private", 1, 4))); // unreadable
    tree.put(3, List.of(Entry.directory("data", 5, 5), Entry.directory("deep", 1, 6)));
    tree.put(6, List.of(Entry.directory("er", 7, 7)));
    serveTree();
    assertEquals(List.of("/export", "/kerberos", "/srv/data", "/srv/deep/er"), sorted(exports()));
  }

  private static List<String> sorted(List<String> paths) {
    return paths.stream().sorted().toList();
  }

  @Test
  void exports_ofAnEmptyMountList_areWhatTheRootShows() throws Exception {
    fake.on(MOUNT, 3, 5, success(out -> out.bool(false)));
    tree.put(1, List.of(Entry.directory("export", 2, 2)));
    serveTree();
    assertEquals(List.of("/export"), exports());
  }

  @Test
  void exports_ofARootWithoutOthers_areTheRoot() throws Exception {
    tree.put(1, List.of(Entry.file("a", 1)));
    serveTree();
    assertEquals(List.of("/"), exports());
  }

  @Test
  void exports_ofNobody_areNone() throws Exception {
    assertEquals(List.of(), exports());
  }

  @Test
  void exports_mountGarbage_fallBackToTheRoot() throws Exception {
    fake.on(MOUNT, 3, 5, success(out -> out.bool(true).int32(-1)));
    tree.put(1, List.of(Entry.directory("export", 2, 2)));
    serveTree();
    assertEquals(List.of("/export"), exports());
  }

  @Test
  void nestedExports_areWhatIsMountedInExports() throws Exception {
    tree.put(1, List.of(Entry.directory("export", 2, 2), Entry.guarded("kerberos")));
    tree.put(2, List.of(Entry.directory("xfs", 3, 3), Entry.directory("deep", 2, 4)));
    tree.put(3, List.of(Entry.directory("same", 3, 6), Entry.file("file", 3)));
    tree.put(4, List.of(Entry.directory("er", 5, 5)));
    serveTree();
    assertEquals(
        List.of("/export", "/export/deep/er", "/export/xfs", "/kerberos"),
        sorted(await(questions(fake.port()).nestedExports())));
    assertEquals(List.of("/export", "/kerberos"), sorted(exports()));
  }

  @Test
  void nestedExports_ofNobody_areNone() throws Exception {
    assertEquals(List.of(), await(questions(fake.port()).nestedExports()));
  }

  @Test
  void walk_ofADirectoryInItself_endsAtItsDepth() throws Exception {
    tree.put(1, List.of(Entry.directory("a", 1, 1), Entry.directory("x", 2, 2)));
    serveTree();
    List<String> found = exports();
    assertEquals("/x", found.get(0));
    assertEquals("/a/a/a/a/a/a/x", found.get(found.size() - 1));
    assertEquals(7, found.size());
  }

  @Test
  void walk_ofADirectoryWithoutEnd_endsAtItsBound() throws Exception {
    endless = true;
    tree.put(1, List.of(Entry.directory("x", 2, 2), Entry.file("y", 1)));
    serveTree();
    assertTrue(exports().contains("/x"));
    assertTrue(fake.calls() < 300, fake.calls() + " calls");
  }

  @Test
  void walk_pageWithoutEntriesAndEnd_goesNoFurther() throws Exception {
    endless = true;
    tree.put(1, List.of());
    serveTree();
    assertEquals(List.of("/"), exports());
    assertTrue(fake.calls() < 6, fake.calls() + " calls");
  }

  @Test
  void walk_originThatFallsSilent_givesWhatItFound() throws Exception {
    tree.put(1, List.of(Entry.directory("export", 2, 2), Entry.directory("srv", 1, 3)));
    entriesOfAPage = 10;
    fake.on(
        NFS,
        4,
        1,
        (xid, in, out) -> {
          in.skipOpaque(0);
          in.int32();
          boolean root = in.int32() == 3;
          if (root) {
            success(ROOT).play(xid, in, out);
          } else if (fake.calls(NFS, 4, 1) == 2) {
            success(page(in)).play(xid, in, out);
          } else {
            silence().play(xid, in, out);
          }
        });
    Connector connector = connector(100);
    OriginPorts.Configured configured =
        new OriginPorts.Configured("127.0.0.1", fake.port(), fake.port(), 0, 0, fake.port());
    OriginPorts ports = new OriginPorts(vertx, connector, configured);
    OriginQuestions questions =
        new OriginQuestions(vertx, connector, loopback(fake.port()), CallCredential.NONE, ports);
    assertEquals(List.of("/export"), await(questions.exports()));
  }
}
