package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.bytes;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Questions about paths and names. */
class OriginPathsTest extends Asking {
  private static final int NFS = 100003;
  private static final int MOUNT = 100005;
  private static final Filehandle ABOVE = Filehandle.of(new byte[] {1});
  private static final Filehandle CHILD = Filehandle.of(new byte[] {2, 2});

  /** An entry as it is listed: no handle and no attributes for what is covered in NFSv3. */
  private record Entry(String name, Filehandle handle, ObjectIdentity identity) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<byte[]> asked = new ArrayList<>();
  private OriginQuestions questions;
  private int pageOf = 2;
  private boolean endless;

  @BeforeEach
  void build() {
    OriginPorts.Configured configured =
        new OriginPorts.Configured("127.0.0.1", fake.port(), fake.port(), 0, 0, fake.port());
    Connector connector = connector(PATIENCE_MILLIS);
    questions =
        new OriginQuestions(
            vertx,
            connector,
            loopback(fake.port()),
            CallCredential.NONE,
            new OriginPorts(vertx, connector, configured));
  }

  @AfterEach
  void closeQuestions() throws Exception {
    await(questions.close());
  }

  private static ObjectIdentity directory(long fsid, long fileid) {
    return new ObjectIdentity(fsid, 0, fileid, 2);
  }

  private static void fattr3(XdrWriter out, ObjectIdentity of) {
    out.int32(of.type()).int32(0755).int32(3).int32(0).int32(0);
    out.int64(4096).int64(8192).int64(0).int64(of.fsidMajor()).int64(of.fileid());
    out.int64(0).int64(0).int64(0);
  }

  private static void fattr4(XdrWriter out, ObjectIdentity of) {
    out.int32(1).int32(1 << 1 | 1 << 8 | 1 << 20).int32(28);
    out.int32(of.type()).int64(of.fsidMajor()).int64(of.fsidMinor()).int64(of.fileid());
  }

  @Test
  void find_nfs4_isOneCompoundFromTheRoot() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        (xid, in, out) -> {
          asked.add(in.fixed(in.remaining()));
          Consumer<XdrWriter> answer =
              o -> {
                o.int32(0).string("").int32(5).int32(24).int32(0).int32(15).int32(0);
                o.int32(15).int32(0).int32(10).int32(0).opaque(CHILD.bytes());
                fattr4(o.int32(9).int32(0), directory(7, 9));
              };
          success(answer).play(xid, in, out);
        });
    Found found = await(questions.find("/export/xfs", 4));
    assertEquals(new Found(CHILD, directory(7, 9)), found);
    byte[] golden =
        bytes(
            out -> {
              out.int32(0).int32(0).int32(5).int32(24); // tag, minor, count, PUTROOTFH
              out.int32(15).string("export").int32(15).string("xfs"); // LOOKUP
              out.int32(10).int32(9).int32(1).int32(0x0010_0102); // GETFH, GETATTR
            });
    assertArrayEquals(golden, asked.get(0));
  }

  @Test
  void find_nfs4_longPath_isSeveralCompounds() throws Exception {
    List<Integer> counts = new ArrayList<>();
    fake.on(
        NFS,
        4,
        1,
        (xid, in, out) -> {
          in.skipOpaque(10);
          in.int32();
          int count = in.int32();
          counts.add(count);
          int put = in.int32();
          success(
                  o -> {
                    o.int32(0).string("").int32(count).int32(put).int32(0);
                    for (int i = 0; i < count - 3; i++) {
                      o.int32(15).int32(0);
                    }
                    fattr4(
                        o.int32(10).int32(0).opaque(CHILD.bytes()).int32(9).int32(0),
                        directory(7, 9));
                  })
              .play(xid, in, out);
        });
    await(questions.find("/a/b/c/d/e/f/g/h/i/j", 4));
    assertEquals(List.of(11, 5), counts);
  }

  @Test
  void find_root_isTheRoot() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        success(
            o -> {
              o.int32(0).string("").int32(3).int32(24).int32(0);
              fattr4(o.int32(10).int32(0).opaque(CHILD.bytes()).int32(9).int32(0), directory(0, 2));
            }));
    assertEquals(new Found(CHILD, directory(0, 2)), await(questions.find("/", 4)));
  }

  @Test
  void find_nfs3_isMntAndGetattr() throws Exception {
    fake.on(MOUNT, 3, 1, success(o -> o.int32(0).opaque(CHILD.bytes()).int32(1).int32(1)));
    fake.on(NFS, 3, 1, success(o -> fattr3(o.int32(0), directory(7, 9))));
    assertEquals(new Found(CHILD, directory(7, 9)), await(questions.find("/export", 3)));
    await(questions.find("/export", 3));
    assertEquals(2, fake.connections(), "one for MOUNT, one for NFS");
  }

  @Test
  void find_nfs3_refused_failsWithTheStatus() {
    fake.on(MOUNT, 3, 1, success(o -> o.int32(13)));
    assertEquals(13, failure(NfsStatusException.class, questions.find("/private", 3)).status());
  }

  @Test
  void lookUp_nfs3WithoutAttributes_asksForThem() throws Exception {
    fake.on(NFS, 3, 3, success(o -> o.int32(0).opaque(CHILD.bytes()).bool(false).bool(false)));
    fake.on(NFS, 3, 1, success(o -> fattr3(o.int32(0), directory(7, 9))));
    byte[] name = "x".getBytes(StandardCharsets.UTF_8);
    assertEquals(new Found(CHILD, directory(7, 9)), await(questions.lookUp(ABOVE, name, 3)));
  }

  @Test
  void lookUp_nfs4_crosses() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        success(
            o -> {
              o.int32(0).string("").int32(4).int32(22).int32(0).int32(15).int32(0);
              fattr4(o.int32(10).int32(0).opaque(CHILD.bytes()).int32(9).int32(0), directory(7, 9));
            }));
    byte[] name = "x".getBytes(StandardCharsets.UTF_8);
    assertEquals(new Found(CHILD, directory(7, 9)), await(questions.lookUp(ABOVE, name, 4)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void version_unknown_fails(int version) {
    failure(IllegalArgumentException.class, questions.find("/", version));
    failure(IllegalArgumentException.class, questions.lookUp(ABOVE, new byte[1], version));
    failure(IllegalArgumentException.class, questions.nameOf(CHILD, 1, version));
  }

  /** One COMPOUND: the child's handle and attributes, and READDIR of the directory above. */
  private void serve4(ObjectIdentity child) {
    fake.on(
        NFS,
        4,
        1,
        (xid, in, out) -> {
          in.skipOpaque(10);
          in.int32();
          int count = in.int32();
          assertEquals(22, in.int32());
          in.skipOpaque(128);
          for (int i = 5; i < count; i++) {
            assertEquals(16, in.int32());
          }
          assertEquals(10, in.int32());
          assertEquals(9, in.int32());
          in.skip(2 * 4);
          assertEquals(16, in.int32());
          assertEquals(26, in.int32());
          success(
                  o -> {
                    o.int32(0).string("").int32(count).int32(22).int32(0);
                    for (int i = 5; i < count; i++) {
                      o.int32(16).int32(0);
                    }
                    fattr4(o.int32(10).int32(0).opaque(CHILD.bytes()).int32(9).int32(0), child);
                    page4(in, o.int32(16).int32(0).int32(26).int32(0).int64(77));
                  })
              .play(xid, in, out);
        });
  }

  private void page4(XdrReader in, XdrWriter out) {
    int from = endless ? 0 : (int) in.int64();
    int to = Math.min(entries.size(), from + pageOf);
    for (int i = from; i < to; i++) {
      Entry entry = entries.get(i);
      ObjectIdentity of = entry.identity;
      out.bool(true).int64(i + 1).string(entry.name);
      out.int32(1).int32(1 << 1 | 1 << 8 | 1 << 19 | 1 << 20);
      int length = 4 + 16 + 4 + (entry.handle.length() + 3 & ~3) + 8;
      out.int32(length).int32(of.type()).int64(of.fsidMajor()).int64(of.fsidMinor());
      out.opaque(entry.handle.bytes()).int64(of.fileid());
    }
    out.bool(false).bool(!endless && to == entries.size());
  }

  @Test
  void above_nfs4_isOneCompoundHoweverFarUp() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        success(
            o -> {
              o.int32(0).string("").int32(6).int32(22).int32(0);
              o.int32(16).int32(0).int32(16).int32(0).int32(16).int32(0);
              fattr4(o.int32(10).int32(0).opaque(CHILD.bytes()).int32(9).int32(0), directory(7, 9));
            }));
    assertEquals(new Found(CHILD, directory(7, 9)), await(questions.above(ABOVE, 3, 4)));
    assertEquals(1, fake.calls());
  }

  @Test
  void nameOf_nfs4_furtherUp_isOneCompoundToo() throws Exception {
    list("deep", CHILD, directory(1, 5));
    serve4(directory(1, 5));
    assertEquals("deep", await(questions.nameOf(ABOVE, 3, 4)));
    assertEquals(1, fake.calls());
  }

  private void list(String name, Filehandle handle, ObjectIdentity identity) {
    entries.add(new Entry(name, handle, identity));
  }

  private static Filehandle other(int number) {
    return Filehandle.of(new byte[] {9, (byte) number});
  }

  @Test
  void nameOf_nfs4_isThatOfTheHandleWhateverTheFileids() throws Exception {
    ObjectIdentity subvolume = directory(7, 256);
    list("sub1", other(1), subvolume);
    list("sub2", other(2), subvolume);
    list("sub3", CHILD, subvolume);
    serve4(subvolume);
    assertEquals("sub3", await(questions.nameOf(CHILD, 1, 4)));
  }

  @Test
  void nameOf_nfs4_anotherHandleOfTheObject_isKnownByFsidAndFileidIfOnlyOneHasThem()
      throws Exception {
    list("a", other(1), directory(1, 5));
    list("b", other(2), directory(7, 128));
    serve4(directory(7, 128));
    assertEquals("b", await(questions.nameOf(CHILD, 1, 4)));
    list("c", other(3), directory(7, 128));
    assertEquals(2, failure(NfsStatusException.class, questions.nameOf(CHILD, 1, 4)).status());
  }

  @Test
  void nameOf_nfs4_directoryWithoutEnd_ends() {
    endless = true;
    pageOf = 200;
    for (int i = 0; i < 200; i++) {
      list("e" + i, other(1), directory(1, i));
    }
    serve4(directory(7, 128));
    failure(IOException.class, questions.nameOf(CHILD, 1, 4));
    assertTrue(fake.calls() < 400, fake.calls() + " calls");
  }

  @Test
  void nameOf_nfs3_isFoundByLookingUpWhatIsCovered() throws Exception {
    List<String> lookedUp = new ArrayList<>();
    fake.on(NFS, 3, 1, success(o -> fattr3(o.int32(0), directory(7, 128))));
    fake.on(NFS, 3, 17, (xid, in, out) -> success(page3(in)).play(xid, in, out));
    fake.on(
        NFS,
        3,
        3,
        (xid, in, out) -> {
          in.skipOpaque(64);
          String name = in.string(255);
          if (!name.equals("..")) {
            lookedUp.add(name);
          }
          Filehandle handle = name.equals("xfs") ? CHILD : name.equals("..") ? ABOVE : other(8);
          success(
                  o -> {
                    o.int32(0).opaque(handle.bytes()).bool(true);
                    fattr3(o, directory(7, 128));
                    o.bool(false);
                  })
              .play(xid, in, out);
        });
    list(".", ABOVE, directory(1, 2));
    list("..", null, null);
    list("plain", other(1), directory(1, 5));
    list("file", other(2), new ObjectIdentity(1, 0, 6, 1));
    list("btrfs", null, null);
    list("xfs", null, null);
    assertEquals("xfs", await(questions.nameOf(CHILD, 1, 3)));
    assertEquals(List.of("btrfs", "xfs"), lookedUp);
  }

  private Consumer<XdrWriter> page3(XdrReader in) {
    in.skipOpaque(64);
    int from = (int) in.int64();
    int to = Math.min(entries.size(), from + pageOf);
    return out -> {
      fattr3(out.int32(0).bool(true), directory(1, 2));
      out.int64(77);
      for (int i = from; i < to; i++) {
        Entry entry = entries.get(i);
        out.bool(true).int64(i).string(entry.name).int64(i + 1);
        out.bool(entry.identity != null);
        if (entry.identity != null) {
          fattr3(out, entry.identity);
        }
        out.bool(entry.handle != null);
        if (entry.handle != null) {
          out.opaque(entry.handle.bytes());
        }
      }
      out.bool(false).bool(to == entries.size());
    };
  }
}
