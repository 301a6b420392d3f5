package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static Vertx vertx;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static JsonObject read(Path file) {
    return ConfigurationFile.read(vertx, file).toCompletionStage().toCompletableFuture().join();
  }

  private static String mistake(Path file) {
    Throwable failure = assertThrows(CompletionException.class, () -> read(file)).getCause();
    return String.join("\n", ((ConfigurationException) failure).mistakes());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("proxy.json"), text);
  }

  @Test
  void object_isRead() throws IOException {
    Path file =
        write(" {\"listen\": {\"port\": 1}, \"list\": [1, {\"port\": 2}, {\"port\": 3}]}\n");
    assertEquals(1, read(file).getJsonObject("listen").getInteger("port"));
  }

  @Test
  void fileThatIsNotThere_isReportedWithTheCure() {
    assertEquals(
        "does not exist; write one (examples/minimal.json) or use --origin HOST",
        mistake(folder.resolve("proxy.json")));
  }

  @Test
  void danglingLink_isReported() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
    assertTrue(mistake(link).startsWith("does not exist"));
  }

  @Test
  void directory_isReported() {
    assertEquals("is a directory; name a file in it", mistake(folder));
  }

  @Test
  void fileThatMayNotBeRead_isReported() throws IOException {
    Path file = write("{}");
    Files.setPosixFilePermissions(file, Set.of());
    Assumptions.assumeFalse(Files.isReadable(file), "root reads every file");
    assertTrue(mistake(file).startsWith("may not be read by user "), mistake(file));
  }

  @Test
  void accessDenied_isToldWithTheUser() {
    assertEquals(
        "may not be read by user " + System.getProperty("user.name") + "; see its mode",
        ConfigurationFile.reason(new AccessDeniedException("proxy.json")));
  }

  @Test
  void hugeFile_isNotRead() throws IOException {
    Path file = write("{" + " ".repeat(4 << 20) + "}");
    assertEquals("is larger than 4194304 bytes; is it the right file?", mistake(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                     | is empty; expected an object: { ... }",
        "[1]                    | line 1, column 1: expected an object: { ... }",
        "\"text\"               | line 1, column 1: expected an object: { ... }",
        "{\"a\":1} {\"b\":2}    | line 1, column 9: expected nothing behind the object",
        "{\"a\":1,~\"a\":2}     | line 2, column 4: Duplicate field 'a'",
        "{\"x\":{\"a\":1,\"a\":2}} | line 1, column 16: Duplicate field 'a'",
      })
  void whatIsNoObjectOfDistinctKeys_isReportedWithItsPlace(String text, String expected)
      throws IOException {
    assertEquals(expected, mistake(write(text.replace('~', '\n'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{~ \"port\": 20 49~}   | line 2, column 13:",
        "{\"port\": 2049,}       | line 1, column 15:",
        "{~~ port: 2049}         | line 3, column 2:",
        "{\"port\": 02049}       | line 1, column 11:",
        "{~ \"port\": 2049       | line 2,",
        "{\"host\": \"a~b\"}     | line 1, column 12:",
        "// x~{}                 | line 1, column 1:",
      })
  void whatIsNotJson_isReportedWithItsPlace(String text, String expected) throws IOException {
    String mistake = mistake(write(text.replace('~', '\n')));
    assertTrue(mistake.startsWith(expected), mistake);
    assertEquals(1, mistake.lines().count());
  }

  @Test
  void bytesThatAreNotUtf8_areReported() throws IOException {
    Path file = folder.resolve("proxy.json");
    Files.write(file, "{\"host\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(mistake(file).startsWith("line 1, column "), mistake(file));
  }
}
