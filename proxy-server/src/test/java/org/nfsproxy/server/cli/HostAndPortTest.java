package org.nfsproxy.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class HostAndPortTest {
  private static OptionalInt port(int port) {
    return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, nfs, -1",
    "nfs.example.com:2050, nfs.example.com, 2050",
    "10.0.0.1, 10.0.0.1, -1",
    "10.0.0.1:1, 10.0.0.1, 1",
    "[::1], ::1, -1",
    "[fe80::1%eth0]:65535, fe80::1%eth0, 65535",
  })
  void origin_isAHostAndPerhapsAPort(String text, String host, int port) {
    assertEquals(new HostAndPort(host, port(port)), HostAndPort.ofOrigin(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":2049",
        "::1",
        "::1:2049",
        "nfs:",
        "nfs:0",
        "nfs:65536",
        "nfs:-1",
        "nfs:+1",
        "nfs:x",
        "nfs:2049:1",
        "[::1",
        "::1]",
        "[::1]2049",
        "[::1]:",
        "[nfs]",
        "[10.0.0.1]",
        "[]",
        "a b",
        "10.0.0.300",
        "nfs:/export",
        "nfs:2049 "
      })
  void originOfAnotherForm_isRefused(String text) {
    assertThrows(TypeConversionException.class, () -> HostAndPort.ofOrigin(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2049, '', 2049",
    "0, '', 0",
    "127.0.0.1:20490, 127.0.0.1, 20490",
    "proxy:1, proxy, 1",
    "[::]:2049, ::, 2049",
    "10.95.0.1, 10.95.0.1, -1",
    "proxy, proxy, -1",
    "[::], ::, -1",
  })
  void listen_isAPortAndPerhapsAHost(String text, String host, int port) {
    assertEquals(new HostAndPort(host == null ? "" : host, port(port)), HostAndPort.ofListen(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "::",
        "::2049",
        ":2049",
        "proxy:",
        "proxy:65536",
        "65536",
        "2049O",
        "20x49",
        "[::1"
      })
  void listenOfAnotherForm_isRefused(String text) {
    assertThrows(TypeConversionException.class, () -> HostAndPort.ofListen(text));
  }

  @Test
  void refusal_saysWhatWasFoundAndExpected() {
    Throwable refused =
        assertThrows(TypeConversionException.class, () -> HostAndPort.ofOrigin("::1"));
    assertEquals(
        "found \"::1\", expected HOST[:PORT], an IPv6 address in [brackets]", refused.getMessage());
  }
}
