package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateMatchTest {
  private static final PeerNames NAMES =
      new PeerNames(
          new X500Principal("CN=a7,OU=Render,O=Example"),
          Set.of("a7.farm.example.com", "*.wild.example.com"),
          Set.of("spiffe://example.com/a7"),
          Set.of(ClientAddress.of(new byte[] {10, 1, 2, 3})));

  private static boolean matches(String... texts) {
    return CertificateMatch.of(List.of(texts)).matches(NAMES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "a7.farm.example.com",
        "A7.Farm.Example.COM",
        "*.farm.example.com",
        "spiffe://example.com/a7",
        "10.1.2.3",
        "CN=a7,OU=Render,O=Example",
        "cn=A7, ou=render, o=example"
      })
  void nameOfTheCertificate_isOnTheList(String text) {
    assertTrue(CertificateMatch.isName(text));
    assertTrue(matches(text));
    assertTrue(matches("x.example.com", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*.example.com", // two labels above it
        "farm.example.com",
        "*.wild.example.com", // the certificate says any, not one
        "a7",
        "7.farm.example.com",
        "spiffe://example.com/A7",
        "spiffe://example.com/a",
        "10.1.2.4",
        "CN=a7",
        "CN=a7,O=Example,OU=Render"
      })
  void otherName_isNot(String text) {
    assertTrue(CertificateMatch.isName(text), text);
    assertFalse(matches(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a.*.com", "**.com", "*.", "-a.com", "=x", "a_b", ":"})
  void textOfAnotherForm_isRefused(String text) {
    assertFalse(CertificateMatch.isName(text));
  }

  @Test
  void emptyList_isNobody_andWithoutACertificateOnlyEverybodyMatches() {
    assertFalse(CertificateMatch.of(List.of()).matches(NAMES));
    assertFalse(CertificateMatch.of(List.of()).matches(null));
    assertFalse(CertificateMatch.of(List.of("*.farm.example.com")).matches(null));
    assertTrue(CertificateMatch.EVERYBODY.matches(null));
  }

  @Test
  void bothLists_areWhoIsOnEach() {
    CertificateMatch domain = CertificateMatch.of(List.of("*.farm.example.com"));
    CertificateMatch other = CertificateMatch.of(List.of("b.example.com"));
    assertTrue(domain.and(CertificateMatch.EVERYBODY).matches(NAMES));
    assertEquals(domain, CertificateMatch.EVERYBODY.and(domain));
    assertFalse(domain.and(other).matches(NAMES));
    assertFalse(domain.and(CertificateMatch.of(List.of())).matches(NAMES));
    assertTrue(CertificateMatch.EVERYBODY.and(CertificateMatch.EVERYBODY).matches(null));
  }
}
