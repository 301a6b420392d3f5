package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMatchTest {
  private static ClientAddress client(String text) {
    return ClientAddress.of(NetUtil.createInetAddressFromIpAddressString(text));
  }

  private static ClientMatch list(String... texts) {
    return ClientMatch.of(List.of(texts));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,     9.255.255.255,   10.0.0.0,       10.255.255.255,  11.0.0.0",
    "10.0.0.200/25,  10.0.0.127,      10.0.0.128,     10.0.0.255,      10.0.1.0",
    "192.168.3.0/31, 192.168.2.255,   192.168.3.0,    192.168.3.1,     192.168.3.2",
    "10.0.0.7/32,    10.0.0.6,        10.0.0.7,       10.0.0.7,        10.0.0.8",
    "10.0.0.7,       10.0.0.6,        10.0.0.7,       10.0.0.7,        10.0.0.8",
    "128.0.0.0/1,    127.255.255.255, 128.0.0.0,      255.255.255.255, ::1",
    "0.0.0.0/0,      ::1,             0.0.0.0,        255.255.255.255, ::1:0:0:0",
    "2001:db8::/32,  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::,"
        + " 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
    "2001:db8::/63,  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::,"
        + " 2001:db8:0:1:ffff:ffff:ffff:ffff, 2001:db8:0:2::",
    "2001:db8::/64,  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::,"
        + " 2001:db8::ffff:ffff:ffff:ffff, 2001:db8:0:1::",
    "2001:db8::/65,  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::,"
        + " 2001:db8::7fff:ffff:ffff:ffff, 2001:db8::8000:0:0:0",
    "2001:db8::5/128, 2001:db8::4, 2001:db8::5, 2001:db8::5, 2001:db8::6",
    "2001:DB8::5,    2001:db8::4, 2001:db8::5, 2001:db8::5, 2001:db8::6",
    "::ffff:10.0.0.0/104, 9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
    "::ffff:10.0.0.7, 10.0.0.6, 10.0.0.7, 10.0.0.7, 10.0.0.8",
    "::/0, 0.0.0.0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 255.255.255.255",
  })
  void network_holdsItsFirstAndLast_andNeitherNeighbour(
      String network, String before, String first, String last, String after) {
    ClientMatch list = list(network);
    assertEquals(
        List.of(false, true, true, false),
        List.of(
            list.matches(client(before)),
            list.matches(client(first)),
            list.matches(client(last)),
            list.matches(client(after))));
  }

  // Against numbers of arbitrary length, at every number of bits.
  @Test
  void everyNumberOfBits_isAsTheFirstBitsSay() {
    String base = "2001:db8:a5a5:5a5a:c3c3:3c3c:f00f:ff0";
    BigInteger number = number(base);
    for (int bits = 0; bits <= 128; bits++) {
      ClientMatch list = list(base + "/" + bits);
      for (int flipped = 0; flipped < 128; flipped++) {
        BigInteger other = number.flipBit(127 - flipped);
        assertEquals(flipped >= bits, list.matches(address(other)), bits + " " + flipped);
      }
      assertTrue(list.matches(client(base)));
    }
  }

  private static BigInteger number(String text) {
    return new BigInteger(1, NetUtil.createByteArrayFromIpAddressString(text));
  }

  private static ClientAddress address(BigInteger number) {
    byte[] bytes = new byte[16];
    byte[] digits = number.toByteArray();
    int length = Math.min(16, digits.length);
    System.arraycopy(digits, digits.length - length, bytes, 16 - length, length);
    return ClientAddress.of(bytes);
  }

  @Test
  void ipv4Client_onASocketOfBothFamilies_isTheIpv4Client() throws UnknownHostException {
    byte[] mapped = new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
    InetAddress client = Inet6Address.getByAddress("client", mapped, 0);
    assertEquals(16, client.getAddress().length);
    assertTrue(list("10.1.2.3").matches(ClientAddress.of(client)));
    assertTrue(list("10.0.0.0/8").matches(ClientAddress.of(client)));
    assertFalse(list("::/0").matches(ClientAddress.of(client)));
  }

  @Test
  void zoneOfAClient_doesNotCount() throws UnknownHostException {
    byte[] linkLocal = client16("fe80::1");
    InetAddress client = Inet6Address.getByAddress("client", linkLocal, 7);
    assertTrue(list("fe80::1").matches(ClientAddress.of(client)));
  }

  private static byte[] client16(String text) {
    return NetUtil.createByteArrayFromIpAddressString(text);
  }

  @Test
  void list_isAllItsElements() {
    ClientMatch list = list("10.0.0.7", "192.168.0.0/16", "2001:db8::/32");
    assertTrue(list.matches(client("10.0.0.7")));
    assertTrue(list.matches(client("192.168.9.9")));
    assertTrue(list.matches(client("2001:db8::9")));
    assertFalse(list.matches(client("10.0.0.8")));
    assertFalse(list.matches(client("2001:db9::9")));
  }

  @Test
  void star_isEverybody_andAnEmptyListNobody() {
    for (String each : List.of("0.0.0.0", "10.0.0.1", "::", "::1", "fe80::1")) {
      assertTrue(list("*").matches(client(each)));
      assertTrue(list("10.9.9.9", "*").matches(client(each)));
      assertFalse(list().matches(client(each)));
    }
  }

  @Test
  void severalListsAtOnce_areThoseOnEach() {
    ClientMatch both =
        ClientMatch.allOf(List.of(list("10.0.0.0/8"), list("*"), list("10.1.0.0/16")));
    assertTrue(both.matches(client("10.1.0.1")));
    assertFalse(both.matches(client("10.2.0.1")));
    assertFalse(ClientMatch.allOf(List.of(list("*"), list())).matches(client("10.2.0.1")));
    assertEquals(list("*"), ClientMatch.allOf(List.of(list("*"), list("*"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "host",
        "host.example.com",
        "*.example.com",
        "@netgroup",
        "10.0.0",
        "10.0.0.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "10.0.0.01",
        "::ffff:010.0.0.1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/40",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0 /8",
        "10.0.0.0-10.0.0.9",
        "/8",
        "2001:db8::/129",
        "2001:db8::/1000",
        "2001:db8:::1",
        "[2001:db8::1]",
        "fe80::1%eth0",
        "*/0",
        "**"
      })
  void otherForms_areNone(String text) {
    assertFalse(ClientMatch.isClient(text));
    assertThrows(IllegalArgumentException.class, () -> list(text));
  }
}
