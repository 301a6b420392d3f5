package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Ops;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Names and what changes them: RFC 8881 sections 14.5, 18.9, 18.13, 18.16, 18.25, 18.26. */
class EntriesTest {
  private static final int LINK = 11;
  private static final int LOOKUP = 15;
  private static final int OPEN = 18;
  private static final int PUTFH = 22;
  private static final int REMOVE = 28;
  private static final int RENAME = 29;
  private static final int SAVEFH = 32;

  /** A name in Latin 1. */
  private static final byte[] LATIN = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);

  private Rig rig;
  private Rig.Session alice;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig();
    alice = rig.session(ALICE, "a");
    alice.done();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Consumer<XdrWriter> named(byte[] name) {
    return args -> args.opaque(name);
  }

  private Ops inOuter() {
    return alice.ops().putfh(rig.outer);
  }

  private Got open(Consumer<XdrWriter> how, byte[] name) {
    Ops ops = inOuter().open(0, 0, 3, how, claim -> claim.int32(0).opaque(name));
    Got got = alice.run(ops);
    got.next(PUTFH, 0);
    return got;
  }

  private ObjectHandle there(byte[] name) throws FilesException {
    return rig.files.lookup(ALICE, rig.outer, name).handle();
  }

  /** Says that the change was not atomic; whether there was one. */
  private static boolean changed(XdrReader in) {
    assertFalse(in.bool(), "atomic");
    return in.int64() != in.int64();
  }

  @Test
  void names_thatAreNoUtf8_areAsGoodAsOthers() throws Exception {
    Got got = open(Rig.create(1, 0644), LATIN);
    XdrReader in = got.next(OPEN, 0);
    in.skip(16);
    changed(in);
    ObjectHandle file = there(LATIN);
    got = alice.run(inOuter().op(LOOKUP, named(LATIN)).op(10));
    got.next(PUTFH, 0);
    got.next(LOOKUP, 0);
    assertArrayEquals(file.wire(), got.next(10, 0).opaque(64));
    open(Rig.NOCREATE, LATIN).next(OPEN, 0);
    byte[] other = {(byte) 0xff};
    Ops rename = inOuter().op(SAVEFH).op(RENAME, args -> args.opaque(LATIN).opaque(other));
    got = alice.run(rename);
    got.next(PUTFH, 0);
    got.next(SAVEFH, 0);
    in = got.next(RENAME, 0);
    changed(in);
    changed(in);
    got.end();
    assertArrayEquals(file.wire(), there(other).wire());
    Ops link = alice.ops().putfh(file).op(SAVEFH).putfh(rig.outer).op(LINK, named(LATIN));
    got = alice.run(link);
    got.next(PUTFH, 0);
    got.next(SAVEFH, 0);
    got.next(PUTFH, 0);
    changed(got.next(LINK, 0));
    got.end();
    got = alice.run(inOuter().op(REMOVE, named(LATIN)));
    got.next(PUTFH, 0);
    changed(got.next(REMOVE, 0));
    got.end();
    assertThrows(FilesException.class, () -> there(LATIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a/b", "a\0b"})
  void name_thatNoEntryHas_isABadName(String name) {
    byte[] bytes = Rig.text(name);
    assertEquals(10041, alice.run(inOuter().op(LOOKUP, named(bytes))).status);
    assertEquals(10041, alice.run(inOuter().op(REMOVE, named(bytes))).status);
    assertEquals(
        10041,
        alice.run(inOuter().op(SAVEFH).op(RENAME, args -> args.string("x").opaque(bytes))).status);
    assertEquals(10041, open(Rig.NOCREATE, bytes).status);
    assertEquals(10041, open(Rig.create(0, 0644), bytes).status);
  }

  @Test
  void name_emptyOrTooLong_isRefused() {
    byte[] tooLong = new byte[256];
    java.util.Arrays.fill(tooLong, (byte) 'n');
    assertEquals(22, alice.run(inOuter().op(LOOKUP, named(new byte[0]))).status);
    assertEquals(63, alice.run(inOuter().op(LOOKUP, named(tooLong))).status);
    assertEquals(63, open(Rig.create(0, 0644), tooLong).status);
  }

  @Test
  void lookup_inWhatIsNoDirectory_saysWhatItIs() throws Exception {
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0644));
    ObjectHandle file =
        rig.files.create(ALICE, rig.outer, Rig.text("f"), how, new WccData()).handle();
    ObjectHandle symlink =
        rig.files
            .makeSymlink(
                ALICE,
                rig.outer,
                Rig.text("s"),
                Rig.text("f"),
                AttributeChange.mode(0777),
                new WccData())
            .handle();
    assertEquals(20, alice.run(alice.ops().putfh(file).lookup("x")).status);
    assertEquals(10029, alice.run(alice.ops().putfh(symlink).lookup("x")).status);
  }

  @Test
  void open_ofAnExistingFile_changesNoDirectory() throws Exception {
    open(Rig.create(1, 0644), Rig.text("f"));
    XdrReader in = open(Rig.NOCREATE, Rig.text("f")).next(OPEN, 0);
    in.skip(16);
    assertFalse(changed(in));
  }
}
