package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThisMachineTest {
  private static final String HOSTS =
      """
      127.0.0.1 localhost
      127.0.1.1\tbox.example.com box # not.this box
      #10.0.0.1 neither box
      10.0.0.2 other.example.com
      10.0.0.3

      10.0.0.4 BOX also
      """;

  static final ThisMachine BOX =
      ThisMachine.of(
          List.of("box", "box.example.com"), List.of(address("10.0.0.5"), address("2001:db8::5")));

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  @Test
  void namesOfTheMachine_areTheKernelsAndThoseBesideIt() {
    assertEquals(
        List.of("box", "box.example.com", "BOX", "also"), ThisMachine.ownNames("box", HOSTS));
    assertEquals(List.of("else"), ThisMachine.ownNames("else", HOSTS));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5, 0.0.0.0, true",
    "127.0.0.1, 0.0.0.0, true",
    "127.5.0.1, 0.0.0.0, true",
    "::1, 0.0.0.0, false",
    "::1, ::, true",
    "10.0.0.5, ::, true",
    "10.0.0.6, 0.0.0.0, false",
    "10.0.0.5, 10.0.0.5, true",
    "127.0.0.1, 10.0.0.5, false",
    "2001:db8::5, 2001:DB8:0::5, true",
    "localhost, 0.0.0.0, true",
    "LOCALHOST, 127.0.0.1, true",
    "box.example.com., 0.0.0.0, true",
    "BOX, 10.0.0.5, true",
    "nfs.example.com, 0.0.0.0, false",
    "10.0.0.5, box, true",
    "box, box, true",
  })
  void host_isReachedWhereSomethingListens(String host, String listening, boolean reached) {
    assertEquals(reached, BOX.reaches(host, listening));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.5, 10.0.0.5", "10.0.0.0/8, 10.0.0.5", "2001:db8::/32, 2001:db8::5"})
  void addressInANetwork_isTheMachinesOwn(String network, String expected) {
    assertEquals(address(expected), BOX.addressIn(network));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.6", "192.0.2.0/24", "::/128"})
  void addressOfNobodyHere_isNone(String network) {
    assertNull(BOX.addressIn(network));
  }
}
