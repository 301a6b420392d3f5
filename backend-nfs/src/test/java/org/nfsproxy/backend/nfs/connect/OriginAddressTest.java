package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginAddressTest {
  @Test
  void hostWithAndWithoutPort_isRead() {
    assertEquals(new OriginAddress("nas2", 0), OriginAddress.parse("nas2"));
    assertEquals(new OriginAddress("10.0.0.2", 2050), OriginAddress.parse("10.0.0.2:2050"));
    assertEquals(new OriginAddress("fd00::2", 0), OriginAddress.parse("[fd00::2]"));
    assertEquals(new OriginAddress("fd00::2", 65535), OriginAddress.parse("[fd00::2]:65535"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":2049",
        "nas2:",
        "nas2:0",
        "nas2:65536",
        "nas2:port",
        "10.0.0.300",
        "fd00::2",
        "[10.0.0.1]",
        "[nas2]:1",
        "nas2:1:2",
        "nas 2",
        "[fd00::2]x"
      })
  void whatIsNoServer_isRefused(String text) {
    assertFalse(OriginAddress.isForm(text));
  }
}
