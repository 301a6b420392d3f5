package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://proxy-b.example.com:9049/",
        "https://[2001:db8::1]:9049",
        "https://gate.example.com/proxies/b/"
      })
  void addressOfAPage_isHeardAsItIs(String said) {
    assertEquals(said, PageAddress.heard(said));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "javascript:alert(1)",
        "JavaScript://example.com/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//example.com/",
        "/exports",
        "http:",
        "http:///path",
        "http://proxy-a.example.com@stranger.example.com/",
        "http://example.com/#top",
        "http://exa mple.com/",
        "http://example.com:65536/",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://example.com/\n",
        "http://example.com/\"onclick=\"x"
      })
  void anythingElse_isNoAddress(String said) {
    assertNull(PageAddress.heard(said));
  }

  @ParameterizedTest
  @ValueSource(ints = {513, 100_000})
  void addressWithoutEnd_isNone(int length) {
    String start = "http://example.com/";
    assertNull(PageAddress.heard(start + "a".repeat(length - start.length())));
  }
}
