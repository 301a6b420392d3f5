package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ANONYMOUS_STATEID;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.BOB;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v40;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.xdr.XdrReader;

/** What NFSv4 tells of files is what NFSv3 tells: handles, attributes, permissions. */
class FilesOverNfs4Test {
  private static final int GETFH = 10;
  private static final int PUTROOTFH = 24;
  private static final int READ = 25;
  private static final int READDIR = 26;
  private static final int SETATTR = 34;
  private static final int OPEN = 18;

  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private ObjectHandle file(String name, int mode) throws Exception {
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(mode));
    return rig.files.create(ALICE, rig.outer, Rig.text(name), how, new WccData()).handle();
  }

  @Test
  void handles_byPathFromTheRoot_areThoseOfNfs3() {
    Got got =
        rig.run(ALICE, v40().op(PUTROOTFH).lookup("export").op(GETFH).lookup("inner").op(GETFH));
    got.next(PUTROOTFH, 0);
    got.next(15, 0);
    assertArrayEquals(rig.outer.wire(), got.next(GETFH, 0).opaque(128));
    got.next(15, 0);
    assertArrayEquals(rig.inner.wire(), got.next(GETFH, 0).opaque(128));
    got.end();
  }

  @Test
  void handle_ofNfs3_isTakenByPutfh() throws Exception {
    ObjectHandle file = file("f", 0644);
    Got got = rig.run(ALICE, v40().putfh(file).op(GETFH).getattr(1 << 20));
    got.next(22, 0);
    assertArrayEquals(file.wire(), got.next(GETFH, 0).opaque(128));
    XdrReader in = got.next(9, 0);
    assertEquals(1, in.int32());
    assertEquals(1 << 20, in.int32());
    assertEquals(8, in.int32());
    assertEquals(rig.files.attributes(file).fileid(), in.int64());
    got.end();
  }

  @Test
  void handle_ofNobody_failsWhenItIsUsed() {
    Got got = rig.run(ALICE, v40().putfh(ObjectHandle.of(99, 1, new byte[8])).getattr(2));
    got.next(22, 0);
    got.next(9, 70);
    got = rig.run(ALICE, v40().op(22, args -> args.opaque(new byte[] {1, 2, 3})).getattr(2));
    got.next(22, 0);
    got.next(9, 10001);
  }

  @Test
  void parent_ofAMountedRoot_leadsOutAndUpToTheRoot() {
    Got got = rig.run(ALICE, v40().putfh(rig.inner).op(16).op(GETFH).op(16).getattr(1 << 8).op(16));
    got.next(22, 0);
    got.next(16, 0);
    assertArrayEquals(rig.outer.wire(), got.next(GETFH, 0).opaque(128));
    got.next(16, 0);
    XdrReader in = got.next(9, 0);
    in.skip(8);
    assertEquals(16, in.int32());
    assertEquals(0, in.int64(), "fsid above the exports");
    in.int64();
    got.next(16, 2); // the root has none
    got.end();
  }

  @Test
  void getattr_ofEverything_hasTheLayoutOfTheTable() throws Exception {
    for (ObjectHandle object : List.of(rig.outer, rig.inner, file("f", 0640))) {
      Got got = rig.run(ALICE, v40().putfh(object).getattr(1));
      got.next(22, 0);
      XdrReader in = got.next(9, 0);
      in.skip(8);
      in.int32();
      int[] supported = new int[in.count(3)];
      for (int word = 0; word < supported.length; word++) {
        supported[word] = in.int32();
      }
      supported[1] &= ~(1 << 16 | 1 << 22); // the two that can only be set
      got = rig.run(ALICE, v40().putfh(object).getattr(supported));
      got.next(22, 0);
      in = got.next(9, 0);
      AttributeWalk walk = new AttributeWalk();
      assertEquals(
          AttributeWalk.Form.WHOLE,
          walk.walk(in.buffer(), in.position(), in.buffer().writerIndex()));
      for (Attribute4 attribute : Attribute4.values()) {
        int word = attribute.number() / 32;
        boolean asked =
            word < supported.length && (supported[word] >>> attribute.number() & 1) != 0;
        boolean never = attribute == Attribute4.RDATTR_ERROR;
        assertEquals(asked && !never, walk.has(attribute), attribute.name());
      }
      assertEquals(in.buffer().writerIndex(), walk.end());
    }
  }

  @Test
  void getattr_ofAFile_isWhatNfs3Says() throws Exception {
    ObjectHandle file = file("f", 0640);
    Attributes is = rig.files.attributes(file);
    Got got =
        rig.run(ALICE, v40().putfh(file).getattr(1 << 8 | 1 << 20, 1 << 1 | 1 << 4 | 1 << 21));
    got.next(22, 0);
    XdrReader in = got.next(9, 0);
    in.skip(16);
    assertEquals(Rig.OUTER_FSID, in.int64());
    assertEquals(0, in.int64());
    assertEquals(is.fileid(), in.int64());
    assertEquals(0640, in.int32());
    assertEquals("1000", in.string(10));
    assertEquals(is.mtime().seconds(), in.int64());
    assertEquals(is.mtime().nanos(), in.int32());
    got.end();
  }

  @Test
  void setattr_timesToTheNanosecond_areKept() throws Exception {
    ObjectHandle file = file("f", 0640);
    Got got =
        rig.run(
            ALICE,
            v40()
                .putfh(file)
                .op(
                    SETATTR,
                    args -> {
                      Rig.words(args.fixed(ANONYMOUS_STATEID), 0, 1 << 16 | 1 << 22);
                      args.int32(32);
                      args.int32(1).int64(981173106).int32(123456789);
                      args.int32(1).int64(981173107).int32(987654321);
                    }));
    assertEquals(0, got.status);
    Attributes is = rig.files.attributes(file);
    assertEquals(123456789, is.atime().nanos());
    assertEquals(981173107, is.mtime().seconds());
    assertEquals(987654321, is.mtime().nanos());
  }

  private int setattr(UserIds caller, ObjectHandle object, int[] bitmap, byte[] values) {
    return rig.run(
            caller,
            v40()
                .putfh(object)
                .op(
                    SETATTR,
                    args -> {
                      Rig.words(args.fixed(ANONYMOUS_STATEID), bitmap);
                      args.opaque(values);
                    }))
        .status;
  }

  @Test
  void setattr_whatCannotBe_hasItsStatus() throws Exception {
    ObjectHandle file = file("f", 0640);
    byte[] mode = {0, 0, 1, -128};
    byte[] name = {0, 0, 0, 4, 'r', 'o', 'o', 't'};
    byte[] hugeSize = {-1, 0, 0, 0, 0, 0, 0, 0};
    assertEquals(1, setattr(BOB, file, new int[] {0, 2}, mode), "not the owner");
    assertEquals(10039, setattr(ALICE, file, new int[] {0, 1 << 4}, name), "an owner's name");
    assertEquals(22, setattr(ALICE, file, new int[] {2}, mode), "the type");
    assertEquals(10032, setattr(ALICE, file, new int[] {1 << 12}, mode), "an ACL");
    assertEquals(27, setattr(ALICE, file, new int[] {1 << 4}, hugeSize));
    assertEquals(10036, setattr(ALICE, file, new int[] {0, 2}, new byte[] {0, 0}), "cut");
    assertEquals(10036, setattr(ALICE, file, new int[] {0, 2}, new byte[8]), "bytes behind");
    assertEquals(0640, rig.files.attributes(file).mode());
  }

  @Test
  void readdir_listsEachNameOnceWithHandlesOfNfs3() throws Exception {
    byte[] notUtf8 = {'x', (byte) 0xff};
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0644));
    rig.files.create(ALICE, rig.outer, notUtf8, how, new WccData());
    for (int at = 0; at < 200; at++) {
      file("file" + at, 0600);
    }
    List<String> names = new ArrayList<>();
    long cookie = 0;
    long verifier = 0;
    boolean end = false;
    while (!end) {
      long from = cookie;
      long with = verifier;
      Got got =
          rig.run(
              BOB,
              v40()
                  .putfh(rig.outer)
                  .op(
                      READDIR,
                      args -> {
                        args.int64(from).int64(with).int32(2000).int32(4096);
                        Rig.words(args, 1 << 8 | 1 << 11 | 1 << 19);
                      }));
      got.next(22, 0);
      int before = got.in.position();
      XdrReader in = got.next(READDIR, 0);
      verifier = in.int64();
      while (in.bool()) {
        cookie = in.int64();
        assertTrue(cookie > 2);
        byte[] name = in.opaque(255);
        names.add(new String(name, java.nio.charset.StandardCharsets.ISO_8859_1));
        in.skip(8);
        in.int32();
        long fsid = in.int64();
        in.int64();
        ObjectHandle there = rig.files.lookup(BOB, rig.outer, name).handle();
        assertArrayEquals(there.wire(), in.opaque(128));
        assertEquals(name[1] == 'n' ? Rig.INNER_FSID : Rig.OUTER_FSID, fsid);
      }
      end = in.bool();
      assertTrue(in.position() - before - 8 <= 4096, "maxcount");
      got.end();
    }
    assertEquals(202, names.size());
    assertEquals(202, names.stream().distinct().count());
    assertTrue(names.contains("x\u00ff"));
  }

  @Test
  void readdir_cookiesThatAreReserved_areBad() {
    for (long cookie : new long[] {1, 2}) {
      Got got =
          rig.run(
              ALICE,
              v40()
                  .putfh(rig.outer)
                  .op(
                      READDIR,
                      args -> Rig.words(args.int64(cookie).int64(0).int32(999).int32(999), 2)));
      assertEquals(10003, got.status);
    }
  }

  @Test
  void read_of4Gib_isBoundedAndByAnonymousStateid() throws Exception {
    ObjectHandle file = file("f", 0644);
    byte[] contents = new byte[3000];
    contents[2999] = 7;
    rig.files.write(
        ALICE, file, 0, Unpooled.wrappedBuffer(contents), StableHow.FILE_SYNC, new WccData());
    Got got =
        rig.run(
            BOB,
            v40().putfh(file).op(READ, args -> args.fixed(ANONYMOUS_STATEID).int64(0).int32(-1)));
    got.next(22, 0);
    XdrReader in = got.next(READ, 0);
    assertTrue(in.bool(), "eof");
    assertArrayEquals(contents, in.opaque(4000));
    got.end();
  }

  @Test
  void contents_ofAnothersFile_areRefused() throws Exception {
    ObjectHandle file = file("private", 0600);
    int status =
        rig.run(
                BOB,
                v40().putfh(file).op(READ, args -> args.fixed(ANONYMOUS_STATEID).int64(0).int32(1)))
            .status;
    assertEquals(13, status);
    status =
        rig.run(
                BOB,
                v40()
                    .putfh(file)
                    .op(
                        38,
                        args ->
                            args.fixed(ANONYMOUS_STATEID).int64(0).int32(2).opaque(new byte[1])))
            .status;
    assertEquals(13, status);
    Rig.Session bob = rig.session(BOB, "bob");
    bob.done();
    Got got = bob.run(bob.ops().putfh(rig.outer).open(0, 0, 1, Rig.NOCREATE, "private"));
    got.next(22, 0);
    got.next(OPEN, 13);
  }

  private int open(Rig.Session session, int access, Ops4 how, String name) {
    return session.run(session.ops().putfh(rig.outer).open(0, 0, access, how.flag(), name)).status;
  }

  /** An openflag4. */
  private interface Ops4 {
    java.util.function.Consumer<org.nfsproxy.xdr.XdrWriter> flag();
  }

  @Test
  void open_thatCreates_doesWhatItsModeSays() throws Exception {
    Rig.Session alice = rig.session(ALICE, "alice");
    alice.done();
    assertEquals(0, open(alice, 3, () -> Rig.create(1, 0444), "new"), "whatever the mode");
    assertEquals(0444, attributes("new").mode());
    assertEquals(17, open(alice, 1, () -> Rig.create(1, 0600), "new"), "guarded");
    assertEquals(0, open(alice, 1, () -> Rig.create(0, 0600), "new"), "unchecked");
    assertEquals(0444, attributes("new").mode());
    assertEquals(13, open(alice, 2, () -> Rig.create(0, 0600), "new"), "not writable");
    assertEquals(0, open(alice, 3, () -> Rig.exclusive(42), "once"));
    assertEquals(0, open(alice, 3, () -> Rig.exclusive(42), "once"), "a retry");
    assertEquals(17, open(alice, 3, () -> Rig.exclusive(43), "once"), "another's");
    assertEquals(0600, attributes("once").mode());
  }

  private Attributes attributes(String name) throws Exception {
    return rig.files.lookup(ALICE, rig.outer, Rig.text(name)).attributes();
  }

  @Test
  void above_theExports_nothingCanBeChanged() {
    Got got =
        rig.run(
            UserIds.ROOT,
            v40().op(PUTROOTFH).op(6, args -> Rig.mode(args.int32(2).string("made"), 0755)));
    got.next(PUTROOTFH, 0);
    got.next(6, 30);
    got = rig.run(UserIds.ROOT, v40().op(PUTROOTFH).op(28, args -> args.string("export")));
    got.next(PUTROOTFH, 0);
    got.next(28, 30);
  }

  @Test
  void write_verifier_isThatOfNfs3() throws Exception {
    ObjectHandle file = file("f", 0644);
    Got got = rig.run(ALICE, v40().putfh(file).op(5, args -> args.int64(0).int32(0)));
    got.next(22, 0);
    assertEquals(rig.files.writeVerifier(), got.next(5, 0).int64());
    got.end();
  }

  @Test
  void grace_afterAStart_opensOnlyToWhoReclaims() throws Exception {
    file("f", 0644);
    try (Rig again = new Rig(false)) {
      CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0644));
      again.files.create(ALICE, again.outer, Rig.text("f"), how, new WccData());
      Rig.Session alice = again.session(ALICE, "alice");
      Got got = alice.run(alice.ops().putfh(again.outer).open(0, 0, 1, Rig.NOCREATE, "f"));
      got.next(22, 0);
      got.next(OPEN, 10013);
      got = alice.run(alice.ops().putfh(again.outer).open(0, 0, 1, Rig.create(1, 0600), "g"));
      got.next(22, 0);
      got.next(OPEN, 10013);
    }
  }
}
