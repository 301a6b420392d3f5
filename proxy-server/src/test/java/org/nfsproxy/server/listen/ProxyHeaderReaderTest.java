package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// Each header runs whole, split at every byte, and dripped; behind it stand bytes of a call, which
// must be left where they are.
class ProxyHeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] CALL = {(byte) 0x80, 0, 0, 40};
  private static final String IPV4 = "c0000207 c6336401 0321 0801".replace(" ", "");
  private static final String IPV6 =
      "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "03210801";
  private static final String MAPPED =
      "00000000000000000000ffffc0000207" + "00000000000000000000ffffc6336401" + "03210801";

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] v2(String versionAndFamily, String addresses, String tlvs) {
    String length = "%04x".formatted((addresses.length() + tlvs.length()) / 2);
    return ByteBufUtil.decodeHexDump(SIGNATURE + versionAndFamily + length + addresses + tlvs);
  }

  private static String tlvs(int bytes) {
    return "040400".repeat(1) + "00".repeat(bytes - 3);
  }

  private static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of("192.0.2.7:801", line("PROXY TCP4 192.0.2.7 198.51.100.1 801 2049")),
        Arguments.of("2001:db8::7:801", line("PROXY TCP6 2001:db8::7 2001:db8::1 801 2049")),
        Arguments.of("192.0.2.7:801", line("PROXY TCP6 ::ffff:192.0.2.7 ::1 801 2049")),
        Arguments.of("255.255.255.255:65535", line("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0")),
        Arguments.of(
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535",
            line(
                "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                    + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535")),
        Arguments.of("own", line("PROXY UNKNOWN")),
        Arguments.of("own", line("PROXY UNKNOWN ffff::1 ::1 1 2")),
        Arguments.of("own", line("PROXY UNKNOWN " + "x".repeat(107 - 16))),
        Arguments.of("192.0.2.7:801", v2("2111", IPV4, "")),
        Arguments.of("192.0.2.7:801", v2("2111", IPV4, tlvs(3))),
        Arguments.of("192.0.2.7:801", v2("2111", IPV4, tlvs(ProxyHeaderReader.LENGTH_MAX - 12))),
        Arguments.of("2001:db8::7:801", v2("2121", IPV6, "")),
        Arguments.of("2001:db8::7:801", v2("2121", IPV6, tlvs(200))),
        Arguments.of("192.0.2.7:801", v2("2121", MAPPED, "")),
        Arguments.of("own", v2("2000", "", "")),
        Arguments.of("own", v2("2011", IPV4, tlvs(9))),
        Arguments.of("own", v2("2031", "", tlvs(216))),
        Arguments.of("own", v2("2100", "", "")),
        Arguments.of("own", v2("2100", "", tlvs(7))));
  }

  private static String text(ProxyHeader header) {
    if (header.isOwn()) {
      return "own";
    }
    String address =
        io.netty.util.NetUtil.toAddressString(header.client().getAddress())
            + ":"
            + header.client().getPort();
    return address;
  }

  private static byte[] withCall(byte[] header) {
    byte[] both = Arrays.copyOf(header, header.length + CALL.length);
    System.arraycopy(CALL, 0, both, header.length, CALL.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void header_isRead_andWhatFollowsIsLeft(String expected, byte[] header) throws Exception {
    ByteBuf bytes = Unpooled.wrappedBuffer(withCall(header));
    assertEquals(expected, text(new ProxyHeaderReader().read(bytes)));
    assertEquals(CALL.length, bytes.readableBytes());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void header_splitAnywhere_isReadTheSame(String expected, byte[] header) throws Exception {
    for (int at = 1; at < header.length; at++) {
      ProxyHeaderReader reader = new ProxyHeaderReader();
      assertNull(reader.read(Unpooled.wrappedBuffer(header, 0, at)), "at " + at);
      ByteBuf rest = Unpooled.wrappedBuffer(withCall(header)).skipBytes(at);
      assertEquals(expected, text(reader.read(rest)), "at " + at);
      assertEquals(CALL.length, rest.readableBytes());
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void header_drippedByteByByte_isReadWithItsLast(String expected, byte[] header) throws Exception {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    for (int at = 0; at < header.length - 1; at++) {
      assertNull(reader.read(Unpooled.wrappedBuffer(header, at, 1)), "at " + at);
    }
    assertEquals(expected, text(reader.read(Unpooled.wrappedBuffer(header, header.length - 1, 1))));
  }

  private static void refuse(byte[] bytes) {
    ProxyHeaderReader whole = new ProxyHeaderReader();
    assertThrows(
        ProxyHeaderException.class, () -> assertNotNull(whole.read(Unpooled.wrappedBuffer(bytes))));
    ProxyHeaderReader dripped = new ProxyHeaderReader();
    assertThrows(
        ProxyHeaderException.class,
        () -> {
          for (byte each : bytes) {
            dripped.read(Unpooled.wrappedBuffer(new byte[] {each}));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY",
        "PROXY ",
        "PROXY  TCP4 192.0.2.7 198.51.100.1 801 2049",
        "PROXY TCP4  192.0.2.7 198.51.100.1 801 2049",
        "PROXY TCP4 192.0.2.7 198.51.100.1 801",
        "PROXY TCP4 192.0.2.7 198.51.100.1 801 2049 ",
        "PROXY TCP4 192.0.2.7 198.51.100.1 801 2049 1",
        "PROXY TCP4 192.0.2.7 198.51.100.1 65536 2049",
        "PROXY TCP4 192.0.2.7 198.51.100.1 801 65536",
        "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2049",
        "PROXY TCP4 192.0.2.7 198.51.100.1 +1 2049",
        "PROXY TCP4 192.0.2.7 198.51.100.1 01 2049",
        "PROXY TCP4 192.0.2.7 198.51.100.1 99999999999 2049",
        "PROXY TCP4 192.0.2.256 198.51.100.1 801 2049",
        "PROXY TCP4 192.0.2 198.51.100.1 801 2049",
        "PROXY TCP4 192.0.2.7 localhost 801 2049",
        "PROXY TCP4 example.com 198.51.100.1 801 2049",
        "PROXY TCP4 2001:db8::7 2001:db8::1 801 2049",
        "PROXY TCP6 192.0.2.7 198.51.100.1 801 2049",
        "PROXY TCP6 2001:db8::7%eth0 2001:db8::1 801 2049",
        "PROXY TCP6 [2001:db8::7] [2001:db8::1] 801 2049",
        "PROXY TCP6 2001:db8:::7 2001:db8::1 801 2049",
        "PROXY tcp4 192.0.2.7 198.51.100.1 801 2049",
        "PROXY UDP4 192.0.2.7 198.51.100.1 801 2049",
        "PROXY UNKNOWNS",
        "proxy TCP4 192.0.2.7 198.51.100.1 801 2049",
        "GET / HTTP/1.1",
      })
  void line_ofAnotherForm_isRefused(String text) {
    refuse(line(text));
  }

  @Test
  void line_withoutCarriageReturn_isRefused() {
    refuse("PROXY TCP4 192.0.2.7 198.51.100.1 801 2049\n".getBytes(StandardCharsets.US_ASCII));
    refuse("PROXY \n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void line_ofOneByteTooMany_isRefused() {
    refuse(line("PROXY UNKNOWN " + "x".repeat(107 - 15)));
    refuse(("PROXY UNKNOWN " + "x".repeat(5000)).getBytes(StandardCharsets.US_ASCII));
  }

  private static List<byte[]> wrongBinaries() {
    List<byte[]> wrong = new ArrayList<>();
    for (String start : List.of("1111", "0111", "3111", "2211", "2f11", "0011")) {
      wrong.add(v2(start, IPV4, "")); // version, command
    }
    for (String start : List.of("2112", "2122", "2131", "2132", "2141", "2110", "2101", "21ff")) {
      wrong.add(v2(start, IPV6, tlvs(200))); // family, protocol
    }
    wrong.add(v2("2111", IPV4.substring(2), "")); // shorter than its addresses
    wrong.add(v2("2111", "", ""));
    wrong.add(v2("2121", IPV4, ""));
    wrong.add(v2("2111", IPV4, tlvs(ProxyHeaderReader.LENGTH_MAX - 11))); // longer than allowed
    wrong.add(ByteBufUtil.decodeHexDump(SIGNATURE + "2111ffff"));
    wrong.add(ByteBufUtil.decodeHexDump(SIGNATURE + "2000ffff"));
    return wrong;
  }

  @ParameterizedTest
  @MethodSource("wrongBinaries")
  void binary_ofAnotherForm_isRefused(byte[] header) {
    refuse(header);
  }

  @Test
  void signature_wrongAtAnyByte_isRefusedThere() throws Exception {
    byte[] header = v2("2111", IPV4, "");
    for (int at = 1; at < SIGNATURE.length() / 2; at++) {
      byte[] wrong = Arrays.copyOf(header, at + 1);
      wrong[at] ^= 1;
      assertNull(new ProxyHeaderReader().read(Unpooled.wrappedBuffer(wrong, 0, at)));
      refuse(wrong);
    }
  }

  @Test
  void callWithoutHeader_isRefusedAtItsFirstByte() {
    refuse(new byte[] {(byte) 0x80});
  }

  @Test
  void header_cutShort_isNone() throws Exception {
    for (Object[] each : accepted().map(Arguments::get).toList()) {
      byte[] header = (byte[]) each[1];
      ByteBuf bytes = Unpooled.wrappedBuffer(header, 0, header.length - 1);
      assertNull(new ProxyHeaderReader().read(bytes));
      assertTrue(!bytes.isReadable());
    }
  }
}
