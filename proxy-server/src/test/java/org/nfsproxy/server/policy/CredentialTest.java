package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrWriter;

// Every record lies between guard bytes, as it does in a chunk that holds other clients' calls, and
// is compared with one that was written anew from what Linux would make of the caller.
class CredentialTest {
  private static final int ANON_UID = 1234;
  private static final int ANON_GID = 5678;
  private static final byte[] PAYLOAD =
      "arguments, as many as there are".getBytes(StandardCharsets.UTF_8);
  private static final byte[] GUARD = new byte[64];

  static {
    Arrays.fill(GUARD, (byte) 0x55);
  }

  private record Caller(int stamp, int nameLength, int uid, int gid, List<Integer> gids) {
    byte[] body() {
      XdrWriter out = new XdrWriter(Unpooled.buffer());
      byte[] name = new byte[nameLength];
      Arrays.fill(name, (byte) 'n');
      out.int32(stamp).opaque(name).int32(uid).int32(gid).int32(gids.size());
      gids.forEach(out::int32);
      return ByteBufUtil.getBytes(out.buffer());
    }

    // fs/nfsd/auth.c, nfsd_setuser, with what it says of ids of -1.
    Caller squashed(Squash squash) {
      return switch (squash) {
        case NONE -> this;
        case ROOT ->
            new Caller(
                stamp,
                nameLength,
                uid == 0 || uid == -1 ? ANON_UID : uid,
                gid == 0 || gid == -1 ? ANON_GID : gid,
                gids.stream().map(each -> each == 0 ? ANON_GID : each).toList());
        case ALL -> new Caller(stamp, nameLength, ANON_UID, ANON_GID, List.of());
      };
    }
  }

  private static byte[] record(int flavor, byte[] body) {
    return record(flavor, body.length, body);
  }

  private static byte[] record(int flavor, int length, byte[] body) {
    XdrWriter out = new XdrWriter(Unpooled.buffer());
    out.int32(0).int32(0x0A0B0C0D).int32(0).int32(2).int32(100003).int32(3).int32(7);
    out.int32(flavor).int32(length).fixed(body);
    out.int32(AuthFlavor.AUTH_NONE).int32(0).fixed(PAYLOAD);
    ByteBuf record = out.buffer();
    record.setInt(0, 0x8000_0000 | record.readableBytes() - 4);
    return ByteBufUtil.getBytes(record);
  }

  private static ByteBuf chunk(ByteBuf empty, byte[] record) {
    return empty.writeBytes(GUARD).writeBytes(record).writeBytes(GUARD);
  }

  private static ByteBuf slice(ByteBuf chunk) {
    return chunk.slice(GUARD.length, chunk.readableBytes() - 2 * GUARD.length).retain();
  }

  private static Call call(ByteBuf record) {
    Call call = new Call();
    Call.Form form = call.read(record, record.readerIndex() + 4, record.writerIndex());
    assertEquals(Call.Form.CALL, form);
    return call;
  }

  private static boolean isWhole(byte[] record) {
    ByteBuf bytes = Unpooled.wrappedBuffer(record);
    return new Credential().read(call(bytes), bytes);
  }

  private static Squashing squashing(Squash squash) {
    return new Squashing(squash, ANON_UID, ANON_GID);
  }

  private static void assertSquashed(Credential credential, Caller caller, Squash squash) {
    assertSquashed(credential, caller, squash, Unpooled.buffer(1024));
  }

  private static void assertSquashed(
      Credential credential, Caller caller, Squash squash, ByteBuf empty) {
    byte[] before = record(AuthFlavor.AUTH_SYS, caller.body());
    ByteBuf chunk = chunk(empty, before);
    ByteBuf record = slice(chunk);
    Call call = call(record);
    assertTrue(credential.read(call, record));
    assertEquals(Security.SYS, credential.security());

    ByteBuf result = credential.squash(record, squashing(squash));

    assertSame(record, result);
    byte[] expected = record(AuthFlavor.AUTH_SYS, caller.squashed(squash).body());
    assertEquals(ByteBufUtil.hexDump(expected), ByteBufUtil.hexDump(result));
    assertEquals(before.length - expected.length, result.readerIndex());
    assertTrue(
        ByteBufUtil.equals(
            result, call.argumentsAt(), Unpooled.wrappedBuffer(PAYLOAD), 0, PAYLOAD.length));
    ByteBuf guard = Unpooled.wrappedBuffer(GUARD);
    assertTrue(ByteBufUtil.equals(chunk, 0, guard, 0, GUARD.length));
    int end = chunk.writerIndex() - GUARD.length;
    assertTrue(ByteBufUtil.equals(chunk, end, guard, 0, GUARD.length));
    record.release();
    assertTrue(chunk.release());
  }

  private static List<Integer> gids(int count) {
    return IntStream.range(0, count).mapToObj(i -> i % 3 == 0 ? 0 : i % 3 == 1 ? -1 : i).toList();
  }

  @ParameterizedTest
  @EnumSource(Squash.class)
  void everyNumberOfGroups_afterANameOfAnyLength_isSquashedInPlace(Squash squash) {
    Credential credential = new Credential();
    for (int groups = 0; groups <= 16; groups++) {
      for (int name = 0; name <= 255; name++) {
        assertSquashed(credential, new Caller(name, name, 0, 0, gids(groups)), squash);
      }
    }
  }

  // As it is on a connection: direct memory of a pool.
  @ParameterizedTest
  @EnumSource(Squash.class)
  void pooledMemory_isSquashedInPlace(Squash squash) {
    ByteBuf empty = PooledByteBufAllocator.DEFAULT.directBuffer();
    assertSquashed(new Credential(), new Caller(3, 255, 0, 0, gids(16)), squash, empty);
  }

  private static List<Caller> callers() {
    List<Caller> callers = new ArrayList<>();
    int[] ids = {0, 1, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE, 65534, ANON_UID};
    for (int uid : ids) {
      for (int gid : ids) {
        callers.add(new Caller(7, 5, uid, gid, List.of()));
        callers.add(new Caller(7, 5, uid, gid, List.of(gid, uid, 0, 5)));
      }
    }
    return callers;
  }

  @ParameterizedTest
  @MethodSource("callers")
  void everyKindOfCaller_isSquashedAsLinuxDoesIt(Caller caller) {
    for (Squash squash : Squash.values()) {
      assertSquashed(new Credential(), caller, squash);
    }
  }

  // A long record arrives in pieces and is a composite, which may be cut anywhere in its header.
  @ParameterizedTest
  @EnumSource(Squash.class)
  void recordInPieces_isSquashedWhereverItIsCut(Squash squash) {
    Caller caller = new Caller(1, 9, 0, 0, gids(16));
    byte[] before = record(AuthFlavor.AUTH_SYS, caller.body());
    byte[] expected = record(AuthFlavor.AUTH_SYS, caller.squashed(squash).body());
    for (int cut = 1; cut < before.length; cut++) {
      ByteBuf record =
          PooledByteBufAllocator.DEFAULT
              .compositeBuffer()
              .addComponent(true, Unpooled.copiedBuffer(before, 0, cut))
              .addComponent(true, Unpooled.copiedBuffer(before, cut, before.length - cut));
      Credential credential = new Credential();
      assertTrue(credential.read(call(record), record));
      ByteBuf result = credential.squash(record, squashing(squash));
      assertEquals(ByteBufUtil.hexDump(expected), ByteBufUtil.hexDump(result), "cut at " + cut);
      result.release();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Squash.class,
      names = {"ROOT", "ALL"})
  void callWithoutACredential_becomesTheAnonymousUser(Squash squash) {
    ByteBuf chunk =
        chunk(PooledByteBufAllocator.DEFAULT.buffer(), record(AuthFlavor.AUTH_NONE, new byte[0]));
    ByteBuf record = slice(chunk);
    Credential credential = new Credential();
    assertTrue(credential.read(call(record), record));
    assertEquals(Security.NONE, credential.security());

    ByteBuf result = credential.squash(record, squashing(squash));

    assertNotSame(record, result);
    Caller anonymous = new Caller(0, 0, ANON_UID, ANON_GID, List.of());
    byte[] expected = record(AuthFlavor.AUTH_SYS, anonymous.body());
    assertEquals(ByteBufUtil.hexDump(expected), ByteBufUtil.hexDump(result));
    result.release();
    assertEquals(1, chunk.refCnt());
    assertTrue(chunk.release());
  }

  @Test
  void callWithoutACredential_staysOne_whereNobodyIsSquashed() {
    ByteBuf record = Unpooled.wrappedBuffer(record(AuthFlavor.AUTH_NONE, new byte[0]));
    Credential credential = new Credential();
    assertTrue(credential.read(call(record), record));
    assertSame(record, credential.squash(record, squashing(Squash.NONE)));
  }

  @ParameterizedTest
  @CsvSource({"1, KRB5", "2, KRB5I", "3, KRB5P"})
  void kerberos_passesAsItIs(int service, Security security) {
    byte[] before = record(AuthFlavor.RPCSEC_GSS, gss(1, 0, service, new byte[] {1, 2, 3, 4, 5}));
    ByteBuf record = Unpooled.copiedBuffer(before);
    Credential credential = new Credential();
    assertTrue(credential.read(call(record), record));
    assertEquals(security, credential.security());
    for (Squash squash : Squash.values()) {
      assertSame(record, credential.squash(record, squashing(squash)));
      assertEquals(ByteBufUtil.hexDump(before), ByteBufUtil.hexDump(record));
    }
  }

  private static byte[] gss(int version, int procedure, int service, byte[] handle) {
    XdrWriter out = new XdrWriter(Unpooled.buffer());
    out.int32(version).int32(procedure).int32(99).int32(service).opaque(handle);
    return ByteBufUtil.getBytes(out.buffer());
  }

  @Test
  void kerberosContext_isMadeWithAnyService() {
    byte[] none = new byte[0];
    assertTrue(isWhole(record(AuthFlavor.RPCSEC_GSS, gss(1, 1, 0, none))));
    assertFalse(isWhole(record(AuthFlavor.RPCSEC_GSS, gss(1, 0, 0, none))));
    assertFalse(isWhole(record(AuthFlavor.RPCSEC_GSS, gss(1, 0, 4, none))));
    assertFalse(isWhole(record(AuthFlavor.RPCSEC_GSS, gss(2, 0, 1, none))));
    assertFalse(isWhole(record(AuthFlavor.RPCSEC_GSS, 8, gss(1, 0, 1, none))));
  }

  @ParameterizedTest
  @ValueSource(ints = {AuthFlavor.AUTH_SHORT, 3, AuthFlavor.AUTH_TLS, 99, -1})
  void flavor_nobodyKnows_isBad(int flavor) {
    assertFalse(Credential.knows(flavor));
    assertFalse(isWhole(record(flavor, new byte[] {1, 2, 3, 4})));
  }

  // Linux reads the body of AUTH_SYS by what is in it and ignores its length: what it would take
  // for the verifier and the arguments must be what was judged.
  @Test
  void body_thatEndsElsewhereThanItsLengthSays_isBad() {
    byte[] body = new Caller(1, 6, 0, 0, gids(3)).body();
    for (int length = 0; length < body.length; length += 4) {
      assertFalse(isWhole(record(AuthFlavor.AUTH_SYS, Arrays.copyOf(body, length))), "" + length);
    }
    assertTrue(isWhole(record(AuthFlavor.AUTH_SYS, body)));
    for (int more = 4; more <= 64; more += 4) {
      byte[] longer = Arrays.copyOf(body, body.length + more);
      assertFalse(isWhole(record(AuthFlavor.AUTH_SYS, longer)), "" + more);
    }
    assertFalse(isWhole(record(AuthFlavor.AUTH_NONE, new byte[4])));
  }

  @Test
  void body_aboveABound_isBad() {
    assertFalse(isWhole(record(AuthFlavor.AUTH_SYS, new Caller(1, 256, 0, 0, List.of()).body())));
    assertFalse(isWhole(record(AuthFlavor.AUTH_SYS, new Caller(1, 0, 0, 0, gids(17)).body())));
    XdrWriter out = new XdrWriter(Unpooled.buffer()).int32(1).int32(-1);
    byte[] endless = ByteBufUtil.getBytes(out.int32(0).int32(0).int32(0).buffer());
    assertFalse(isWhole(record(AuthFlavor.AUTH_SYS, endless)));
  }

  @Test
  void badCredential_isForgottenByTheNext() {
    Credential credential = new Credential();
    ByteBuf bad = Unpooled.wrappedBuffer(record(AuthFlavor.AUTH_SYS, new byte[4]));
    assertFalse(credential.read(call(bad), bad));
    assertSquashed(credential, new Caller(0, 0, 0, 0, gids(2)), Squash.ALL);
  }
}
