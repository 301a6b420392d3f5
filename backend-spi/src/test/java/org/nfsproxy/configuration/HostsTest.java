package org.nfsproxy.configuration;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.99.0.1", "::", "::1", "fe80::1%eth0", "2001:db8::7"})
  void address_isAddressAndHost(String text) {
    assertTrue(Hosts.isAddress(text));
    assertTrue(Hosts.isHost(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs.example.com", "nfs.example.com.", "my_nas", "3par", "a-b"})
  void name_isHostOnly(String text) {
    assertFalse(Hosts.isAddress(text));
    assertTrue(Hosts.isHost(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "[::1]",
        "h:2049",
        "10.0.0.300",
        "10.0.0",
        "-a",
        ".a",
        "a..b",
        "1:2:3",
        "a/b"
      })
  void anythingElse_isNeither(String text) {
    assertFalse(Hosts.isAddress(text));
    assertFalse(Hosts.isHost(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {254, 64 * 1024})
  void longText_isNoHost(int length) {
    assertFalse(Hosts.isHost("a.".repeat(length / 2)));
  }
}
