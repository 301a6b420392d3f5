package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of a call, RFC 5531 section 9, byte by byte. */
class CallTest {
  // A GETATTR of NFSv3 as an AUTH_SYS client sends it: machine "host", uid 1000, gid 100, one more.
  private static final String HEADER =
      "12345678" // xid
          + "00000000" // CALL
          + "00000002" // RPC version
          + "000186a3" // NFS
          + "00000003" // version
          + "00000001" // procedure
          + "00000001" // AUTH_SYS
          + "0000001c" // 28 bytes
          + ("0000002a"
              + "00000004"
              + "686f7374"
              + "000003e8"
              + "00000064"
              + "00000001"
              + "0000000a")
          + "00000000" // verifier: AUTH_NONE
          + "00000000";
  private static final String ARGUMENTS = "00000004" + "cafebabe";
  private static final int HEADER_BYTES = HEADER.length() / 2;

  private final Call call = new Call();

  private Call.Form read(String hex) {
    byte[] bytes = ByteBufUtil.decodeHexDump(hex);
    return call.read(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  @Test
  void call_whole_hasItsNumbersAndPlaces() {
    byte[] bytes = ByteBufUtil.decodeHexDump(HEADER + ARGUMENTS);
    ByteBuf record = Unpooled.buffer().writeInt(0x80000000 | bytes.length).writeBytes(bytes);

    assertSame(Call.Form.CALL, call.read(record, 4, 4 + bytes.length));

    assertSame(Call.Form.CALL, call.form());
    assertEquals(0x12345678, call.xid());
    assertEquals(100003, call.program());
    assertEquals(3, call.version());
    assertEquals(1, call.procedure());
    assertEquals(AuthFlavor.AUTH_SYS, call.flavor());
    assertEquals(4 + 32, call.credentialAt());
    assertEquals(28, call.credentialLength());
    assertEquals(4 + HEADER_BYTES, call.argumentsAt());
    assertEquals(4 + bytes.length, call.end());
    assertEquals(0, record.readerIndex());
  }

  @Test
  void call_withoutArguments_endsWhereTheyWouldBegin() {
    assertSame(Call.Form.CALL, read(HEADER));
    assertEquals(call.end(), call.argumentsAt());
  }

  @Test
  void call_cutAtEveryByte_isTruncatedOrNoRpc() {
    byte[] bytes = ByteBufUtil.decodeHexDump(HEADER);
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    for (int length = 0; length < bytes.length; length++) {
      Call.Form expected = length < 8 ? Call.Form.NOT_RPC : Call.Form.TRUNCATED;
      assertSame(expected, call.read(Unpooled.copiedBuffer(bytes, 0, length), 0, length));
      assertSame(expected, call.read(whole, 0, length), "bytes behind the end were read");
      if (length >= 8) {
        assertEquals(0x12345678, call.xid());
      }
    }
  }

  @Test
  void reply_isToldByItsOwnWord() {
    assertSame(Call.Form.REPLY, read("12345678" + "00000001"));
    assertEquals(0x12345678, call.xid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000002", "ffffffff", "80000000", "48545450"})
  void messageType_thatIsNeither_isNoRpc(String type) {
    assertSame(Call.Form.NOT_RPC, read("12345678" + type + "00000002"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "00000001", "00000003", "ffffffff"})
  void rpcVersion_thatIsNotTwo_isAMismatch(String version) {
    assertSame(Call.Form.RPC_MISMATCH, read("12345678" + "00000000" + version));
    assertEquals(0x12345678, call.xid());
  }

  private static final String UP_TO_CREDENTIAL =
      "12345678" + "00000000" + "00000002" + "000186a3" + "00000003" + "00000000";

  private static String opaque(int length) {
    return ByteBufUtil.hexDump(Unpooled.buffer().writeInt(length).writeZero((length + 3) & ~3));
  }

  @Test
  void credential_ofTheLongestLength_isTaken() {
    assertSame(
        Call.Form.CALL,
        read(UP_TO_CREDENTIAL + "00000006" + opaque(400) + "00000006" + opaque(400)));
    assertEquals(400, call.credentialLength());
    assertEquals(AuthFlavor.RPCSEC_GSS, call.flavor());
    assertEquals(call.end(), call.argumentsAt());
  }

  @Test
  void credential_ofUnevenLength_isPadded() {
    assertSame(
        Call.Form.CALL, read(UP_TO_CREDENTIAL + "00000006" + opaque(5) + "00000000" + opaque(3)));
    assertEquals(5, call.credentialLength());
    assertEquals(call.end(), call.argumentsAt());
  }

  @Test
  void credential_longerThanTheRfcAllows_isBadThoughItIsThere() {
    assertSame(
        Call.Form.BAD_CREDENTIAL,
        read(UP_TO_CREDENTIAL + "00000001" + opaque(401) + "00000000" + opaque(0)));
    assertEquals(0x12345678, call.xid());
  }

  @Test
  void verifier_longerThanTheRfcAllows_isBadThoughItIsThere() {
    assertSame(
        Call.Form.BAD_CREDENTIAL,
        read(UP_TO_CREDENTIAL + "00000001" + opaque(0) + "00000000" + opaque(401)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffff", "80000000", "7fffffff", "fffffffd"})
  void credentialOrVerifier_ofGigabytes_isBad(String length) {
    assertSame(Call.Form.BAD_CREDENTIAL, read(UP_TO_CREDENTIAL + "00000001" + length));
    assertSame(
        Call.Form.BAD_CREDENTIAL,
        read(UP_TO_CREDENTIAL + "00000001" + opaque(0) + "00000000" + length));
  }

  @Test
  void call_eachWordSpoilt_neverThrows() {
    byte[] bytes = ByteBufUtil.decodeHexDump(HEADER + ARGUMENTS);
    for (int spoilt : new int[] {-1, 0x7fffffff, 0x80000000, 0x00ffffff, 0, 1}) {
      for (int at = 0; at < bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        if (call.read(buffer, 0, bytes.length) == Call.Form.CALL) {
          assertEquals(bytes.length, call.end());
          assertEquals(Math.min(bytes.length, call.argumentsAt()), call.argumentsAt());
        }
      }
    }
  }
}
