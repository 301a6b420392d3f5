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

class ConfigurationStoreTest {
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
    return ConfigurationStore.read(vertx, file).toCompletionStage().toCompletableFuture().join();
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
        ConfigurationStore.reason(new AccessDeniedException("proxy.json")));
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
        "[1]                    | line 1, column 1: an array; expected an object: { ... }",
        "\"text\"               | line 1, column 1: a single value; expected an object: { ... }",
        "{\"a\":1} {\"b\":2}    | line 1, column 9: expected nothing behind the object",
        "{\"a\":1,~\"a\":2}     | line 2, column 1: the key \"a\" stands twice, first in line 1: take one of them out",
        "{\"x\":{\"a\":1,\"a\":2}} | line 1, column 13: the key \"a\" stands twice, first in line 1: take one of them out",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{~ \"a\": {\"b\": [1,~  2 | line 3, column 4: the file ends inside the array that begins in line 2, no ] closes it: was it cut off?",
        "{\"a\": \"b             | line 1, column 9: the file ends inside the object that begins in line 1, no } closes it: was it cut off?",
        "{\"a\": 1,}            | line 1, column 9: a comma with nothing behind it, before }: take the comma out",
        "{\"a\": [1,]}          | line 1, column 10: a comma with nothing behind it, before ]: take the comma out",
        "{~# port~\"a\": 1}     | line 2, column 1: looks like a comment, which JSON has not: take it out, or write YAML and name the file .yaml",
        "{\"a\": 1 /* x */}     | line 1, column 9: looks like a comment, which JSON has not: take it out, or write YAML and name the file .yaml",
        "{\"a\": 1 \"b\": 2}    | line 1, column 9: looks like a comma is missing before it",
        "{'a': 1}              | line 1, column 2: texts and keys stand in double quotes: write \" in place of '",
        "{a: 1}                | line 1, column 2: a key without quotes: write \"a\"",
        "{\"a\" = 1}            | line 1, column 6: found =, expected a colon between key and value, or a comma behind a value",
        "{\"a\": True}          | line 1, column 7: found True, write it in small letters",
        "{\"a\": 07}            | line 1, column 8: a number with a zero in front: write it without",
        "{\"a\": \"b~\"}         | line 1, column 9: a line break or a tab inside a text: is the closing \" missing?",
        "{\"a\": 1}~}           | line 2, column 1: found }, expected nothing behind the object",
        "listen:~  port: 1     | line 1, column 1: looks like YAML: name the file .yaml, or write JSON, an object: { ... }",
        "---~listen: {}        | line 1, column 1: looks like YAML: name the file .yaml, or write JSON, an object: { ... }",
        "﻿{}              | line 1, column 1: a byte order mark (BOM): save it as UTF-8 without one",
      })
  void whatAPersonDid_isToldWithTheCure(String text, String expected) throws IOException {
    assertEquals(expected, mistake(write(text.replace('~', '\n'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                    | is empty; expected an object: { ... }",
        "# nothing             | is empty; expected keys and values",
        "- a                   | line 1, column 1: a list; expected keys and values, such as ~+workers: 4+~",
        "a: 1~---~a: 2         | line 3, column 1: a second document: expected one",
        "a: 1~b: {}~a: 2       | line 3, column 1: the key \"a\" stands twice, first in line 1: take one of them out",
        "a:~\tb: 1             | line 2, column 1: a tab: YAML is indented with spaces alone",
        "a: no                 | line 1, column 4: found no, which some take for true or false: write that, or in quotes if it is a text",
        "a: [0777]             | line 1, column 5: found 0777, which some take for another number: write it in decimal, or in quotes if it is a text",
        "a: 20:49              | line 1, column 4: found 20:49, which some take for another number: write it in decimal, or in quotes if it is a text",
        "a: 2001-01-01         | line 1, column 4: found a date, 2001-01-01: write it in quotes",
        "on: 1                 | line 1, column 1: a key that is no text: write it in quotes if it is meant",
      })
  void whatYamlTakesForSomethingElse_isRefused(String text, String expected) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("proxy.yaml"), text.replace('~', '\n').replace("\\t", "\t"));
    assertEquals(expected.replace("~+", "`").replace("+~", "`"), mistake(file));
  }

  @Test
  void yaml_isRead_asJsonIs() throws IOException {
    String text = "listen: { port: 1, host: \"no\" } # here\nlist:\n- 1\n- port: 2\n- {port: 3}\n";
    Path file = Files.writeString(folder.resolve("proxy.yml"), text);
    JsonObject expected =
        new JsonObject(
            "{\"listen\":{\"port\":1,\"host\":\"no\"},\"list\":[1,{\"port\":2},{\"port\":3}]}");
    assertEquals(expected, read(file));
  }

  @Test
  void aliasesThatStandForMillions_areRefused() throws IOException {
    StringBuilder text = new StringBuilder("a0: &a0 {x: 1}\n");
    for (int i = 1; i < 25; i++) {
      text.append("a%d: &a%d {x: *a%d, y: *a%d}\n".formatted(i, i, i - 1, i - 1));
    }
    Path file = Files.writeString(folder.resolve("proxy.yaml"), text);
    assertTrue(mistake(file).contains("more than 200000 values"), mistake(file));
  }

  @Test
  void schemaOfAnEditor_isNoKey() throws IOException {
    assertEquals(new JsonObject(), read(write("{\"$schema\": \"proxy.schema.json\"}")));
  }
}
