package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.server.fakes.TestCertificates;

// backend.origin.tls, as check-config and a start see it.
class OriginTlsCheckTest {
  private static Vertx vertx;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static JsonObject json(JsonObject tls) {
    return new JsonObject()
        .put("listen", new JsonObject().put("host", "127.0.0.1"))
        .put("admin", new JsonObject().put("enabled", false))
        .put(
            "backend",
            new JsonObject()
                .put("type", "nfs")
                .put("origin", new JsonObject().put("host", "192.0.2.1").put("tls", tls)));
  }

  private static Configured read(JsonObject tls) throws ConfigurationException {
    return ConfigurationReader.ofClassPath(vertx).read(json(tls));
  }

  private static MachineCheck checked(JsonObject tls) throws ConfigurationException {
    return MachineCheck.of(read(tls), Assembled.of(json(tls)), ThisMachine.now());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'mode':'require','certificate':'/c' | backend.origin.tls.key: found nothing, while backend.origin.tls.certificate is given",
        "'mode':'prefer','key':'/k' | backend.origin.tls.certificate: found nothing, while",
        "'mode':'require','ca':'ca.pem' | backend.origin.tls.ca: found \"ca.pem\"",
        "'mode':'require','name':'10.0.0.300' | backend.origin.tls.name: found \"10.0.0.300\"",
        "'mode':'require','name':'*.example.com' | backend.origin.tls.name: found",
        "'mode':'offer' | backend.origin.tls.mode: found \"offer\""
      })
  void whatIsWrong_isToldByItsKey(String tls, String mistake) {
    JsonObject section = new JsonObject(('{' + tls + '}').replace('\'', '"'));
    ConfigurationException wrong = assertThrows(ConfigurationException.class, () -> read(section));
    assertTrue(wrong.mistakes().toString().contains(mistake), wrong.mistakes()::toString);
  }

  @Test
  void files_areLookedAtByCheckConfig() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    Files.setPosixFilePermissions(certificates.key(), PosixFilePermissions.fromString("rw-------"));
    JsonObject tls = certificates.towardsOriginWithOwn("require");
    assertEquals(new MachineCheck(List.of(), List.of()), checked(tls));

    Files.setPosixFilePermissions(certificates.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(checked(tls).warnings().toString().contains("chmod o-rwx"));

    Instant now = Instant.now();
    certificates.writeOf(
        certificates.issued("CN=old", each -> each.notAfter(now.minus(Duration.ofDays(1)))));
    assertTrue(
        checked(tls).warnings().toString().contains("backend.origin.tls.certificate: found"));
    assertTrue(checked(tls).warnings().toString().contains("which has expired"));

    TestCertificates.replace(
        certificates.key(), certificates.server("CN=other").getPrivateKeyPEM());
    assertMistake(tls, "backend.origin.tls.key: found", "which is not the key");
    Files.delete(certificates.key());
    assertMistake(tls, "backend.origin.tls.key: found", "which is not there");
    TestCertificates.replace(certificates.clientCa(), "hello");
    assertMistake(tls, "backend.origin.tls.ca: found", "nothing begins with");
  }

  private static void assertMistake(JsonObject tls, String... parts) throws Exception {
    List<String> mistakes = checked(tls).mistakes();
    for (String part : parts) {
      assertTrue(mistakes.size() == 1 && mistakes.get(0).contains(part), mistakes::toString);
    }
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> read(tls).backend().start().toCompletionStage().toCompletableFuture().get());
    assertTrue(String.valueOf(failed.getCause().getMessage()).contains(parts[0]));
  }

  @Test
  void whatHasNoEffect_isWarnedOf() throws Exception {
    JsonObject tls = new JsonObject().put("name", "nfs.example.com");
    List<String> warnings = checked(tls).warnings();
    assertTrue(
        warnings.toString().contains("while backend.origin.tls.mode is \"off\""),
        warnings::toString);
  }
}
