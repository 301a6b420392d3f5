package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {
  private final OwnNames names =
      new OwnNames(List.of("box", "box.example.com"), List.of("Pages", "2001:db8::1"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "LocalHost:80",
        "box",
        "box.example.com.",
        "BOX:9049",
        "pages",
        "192.0.2.7",
        "192.0.2.7:9049",
        "[::1]:9049",
        "[2001:db8::7]",
        "localhost:",
      })
  void nameThatSomebodyHereChose_orAnAddress_isAccepted(String header) {
    assertTrue(names.accept(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "box.evil.example",
        "evil.box",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost:80:80",
        "localhost@evil.example",
        "localhost/evil",
        "[localhost]",
        "[evil.example]",
        "::1",
        " ",
        "127.1",
        "localhost..",
        "localhost:x",
      })
  void anotherName_isNot(String header) {
    assertFalse(names.accept(header));
  }

  @Test
  void noHeader_isAccepted() {
    assertTrue(names.accept(null));
  }
}
