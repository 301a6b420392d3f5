package org.nfsproxy.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.TokenFiles;

class TokensTest {
  private static final String TOKEN = "0123456789abcdef0123456789ABCDEF";
  private static final String OTHER = "fedcba9876543210fedcba9876543210";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = TokenFiles.write(folder, TOKEN);
  }

  private void assertRefused(String part) {
    TokenFileException refused =
        assertThrows(
            TokenFileException.class, () -> TokenFile.read(TokenFile.KEY, file.toString()));
    assertTrue(refused.getMessage().startsWith("admin.tokenFile: found \""), refused::getMessage);
    assertTrue(refused.getMessage().contains(part), refused::getMessage);
    assertTrue(refused.getMessage().contains("expected"), refused::getMessage);
  }

  // ---- the file ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", " \n"})
  void token_isReadWithoutTheEndOfItsLine(String end) throws Exception {
    TokenFiles.write(folder, TOKEN + end);
    assertEquals(TOKEN, TokenFile.read(TokenFile.KEY, file.toString()));
  }

  @ParameterizedTest
  @CsvSource({"31, a token of 31 characters", "513, more than 512", "100000, more than 512"})
  void tokenTooShortOrTooLong_isRefused(int length, String told) throws Exception {
    TokenFiles.write(folder, "a".repeat(length));
    assertRefused(told);
  }

  @Test
  void secretOfInstances_isNotCalledAToken() throws Exception {
    for (String text : List.of("short", TOKEN + " " + TOKEN)) {
      TokenFiles.write(folder, text);
      TokenFileException refused =
          assertThrows(
              TokenFileException.class,
              () -> TokenFile.readSecret("locks.secretFile", file.toString()));
      String told = refused.getMessage().replace(file.toString(), "FILE");
      assertTrue(told.contains("secret of") || told.contains("that no secret has"), told);
      assertFalse(told.contains("token"), told);
    }
  }

  @Test
  void tokenOf512Characters_isTaken() throws Exception {
    TokenFiles.write(folder, "a".repeat(512) + "\r\n");
    assertEquals(512, TokenFile.read(TokenFile.KEY, file.toString()).length());
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\t", "\u00e4", "\u0000", "\"", "="})
  void characterThatNoTokenHas_isRefused_andTheTokenIsNotTold(String character) throws Exception {
    TokenFiles.write(folder, TOKEN + character + TOKEN);
    assertRefused("characters that no token has");
    TokenFileException refused =
        assertThrows(
            TokenFileException.class, () -> TokenFile.read(TokenFile.KEY, file.toString()));
    assertFalse(refused.getMessage().contains(TOKEN), refused::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw----r--", "rw-----w-", "rw-r--r--"})
  void fileThatEverybodyMayReadOrWrite_isRefused(String mode) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertRefused("everybody on this machine may read or write");
  }

  @Test
  void fileOfItsGroup_isTaken() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    assertEquals(TOKEN, TokenFile.read(TokenFile.KEY, file.toString()));
  }

  @Test
  void nothing_aFolder_andAPipe_areRefused_andNobodyWaits() throws Exception {
    Files.delete(file);
    assertRefused("which is not there");
    Files.createDirectory(file);
    assertRefused("no plain file");
    Files.delete(file);
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertRefused("no plain file");
  }

  // ---- read anew --------------------------------------------------------------------------------

  @Test
  void replacedToken_holds_andTheOldOneDoesNot() throws Exception {
    AdminToken token = AdminToken.start(file.toString());
    int before = token.generation();
    assertTrue(token.is(TOKEN));
    token.look();
    assertEquals(before, token.generation());
    TokenFiles.write(folder, OTHER);
    token.look();
    assertFalse(token.is(TOKEN));
    assertTrue(token.is(OTHER));
    assertNotEquals(before, token.generation());
    assertEquals(AdminToken.NONE, token.generationOf(TOKEN));
    assertEquals(token.generation(), token.generationOf(OTHER));
  }

  @Test
  void fileThatBecomesUnfit_isToldOnce_withoutTheToken_andTheOldOneStays() throws Exception {
    AdminToken token = AdminToken.start(file.toString());
    try (LogLines log = LogLines.of(AdminToken.class)) {
      TokenFiles.write(folder, "short");
      token.look();
      assertEquals(List.of(), log.take());
      token.look();
      token.look();
      List<String> lines = log.take();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("stays in force"), lines::toString);
      assertFalse(lines.get(0).contains("short"), lines::toString);
      assertTrue(token.is(TOKEN));
      TokenFiles.write(folder, OTHER);
      token.look();
      assertFalse(log.take().toString().contains(OTHER));
      assertTrue(token.is(OTHER));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0123456789abcdef0123456789ABCDE",
        "0123456789abcdef0123456789ABCDEF0",
        "0123456789abcdef0123456789abcdef"
      })
  void anythingElse_isNotTheToken(String given) throws Exception {
    assertFalse(AdminToken.start(file.toString()).is(given));
  }

  // ---- sessions ---------------------------------------------------------------------------------

  @Test
  void session_endsWithItsTime_withTheToken_andWhenItIsEnded() {
    Sessions sessions = new Sessions(10, 1000);
    String one = sessions.begin(0, 7);
    assertTrue(sessions.isOpen(one, 999, 7));
    assertFalse(sessions.isOpen(one, 1000, 7));
    assertFalse(sessions.isOpen(one, 999, 8));
    assertFalse(sessions.isOpen("", 0, 7));
    sessions.end(one);
    assertFalse(sessions.isOpen(one, 0, 7));
    sessions.end("nobody's");
  }

  @Test
  void sessions_areBounded_andTheOldestMakesRoom() {
    Sessions sessions = new Sessions(3, 1000);
    String first = sessions.begin(0, 0);
    String second = sessions.begin(1, 0);
    for (int i = 0; i < 2; i++) {
      sessions.begin(2, 0);
    }
    assertEquals(3, sessions.count());
    assertFalse(sessions.isOpen(first, 2, 0));
    assertTrue(sessions.isOpen(second, 2, 0));
    sessions.begin(5000, 0);
    assertEquals(1, sessions.count());
  }

  @Test
  void names_areLongAndNeverTheSame() {
    Sessions sessions = new Sessions(1, 1000);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String name = sessions.begin(0, 0);
      assertTrue(name.matches("[A-Za-z0-9_-]{43}"), name);
      assertTrue(names.add(name));
    }
  }

  // ---- wrong ones -------------------------------------------------------------------------------

  private static InetAddress address(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @Test
  void address_waitsAfterItsLastTry_andOthersDoNot() throws Exception {
    FailedTries tries = new FailedTries(3, 100);
    InetAddress one = address("10.0.0.1");
    assertFalse(tries.failed(one, 0));
    assertFalse(tries.failed(one, 20_000));
    assertEquals(0, tries.waitMillis(one, 20_000));
    assertTrue(tries.failed(one, 30_000));
    assertEquals(30_000, tries.waitMillis(one, 30_000));
    assertEquals(1, tries.waitMillis(one, 59_999));
    assertEquals(0, tries.waitMillis(address("10.0.0.2"), 30_000));
    assertEquals(0, tries.waitMillis(one, 60_000));
    assertFalse(tries.failed(one, 60_000));
    assertEquals(0, tries.waitMillis(one, 60_000));
  }

  @Test
  void addressesOfOneNetworkOfIpv6_areOne() throws Exception {
    FailedTries tries = new FailedTries(2, 100);
    tries.failed(address("2001:db8::1"), 0);
    assertTrue(tries.failed(address("2001:db8::ffff:2"), 0));
    assertTrue(tries.waitMillis(address("2001:db8::3"), 0) > 0);
    assertEquals(0, tries.waitMillis(address("2001:db8:0:1::1"), 0));
  }

  @Test
  void addresses_areBounded_andThoseWhoseTimeIsOverAreForgotten() throws Exception {
    FailedTries tries = new FailedTries(1, 16);
    for (int i = 0; i < 10_000; i++) {
      tries.failed(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}), i / 10);
      assertTrue(tries.addresses() <= 16);
    }
    assertTrue(tries.waitMillis(address("10.0.39.15"), 1_000) > 0); // the last one, 9999
    tries.failed(address("10.9.9.9"), 100_000);
    assertEquals(1, tries.addresses());
  }
}
