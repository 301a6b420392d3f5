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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.server.fakes.TestCertificates;

class ListenTlsTest {
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

  private static JsonObject json(String tls, String parameters, String rules) {
    String text =
        "{'listen':{'host':'127.0.0.1','tls':{%s}},'admin':{'enabled':false},'exports':{'parameters':{%s},'rules':[%s]},"
                .formatted(tls, parameters, rules)
            + "'backend':{'type':'nfs','origin':{'host':'192.0.2.1'}}}";
    return new JsonObject(text.replace('\'', '"'));
  }

  private static Configured read(JsonObject json) throws ConfigurationException {
    return ConfigurationReader.ofClassPath(vertx).read(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'mode':'offer' | listen.tls.certificate: found nothing, while listen.tls.mode is \"offer\"",
        "'mode':'require','certificate':'/c' | listen.tls.key: found nothing, while",
        "'mode':'offer','certificate':'/c','key':'/k','clients':'ask' | listen.tls.clientCa: found nothing, while clients are asked",
        "'mode':'offer','certificate':'c','key':'/k' | listen.tls.certificate: found \"c\"",
        "'mode':'always' | listen.tls.mode: found \"always\""
      })
  void whatIsMissing_isToldByItsKey(String tls, String mistake) {
    ConfigurationException wrong =
        assertThrows(ConfigurationException.class, () -> read(json(tls, "", "")));
    assertTrue(wrong.mistakes().toString().contains(mistake), wrong.mistakes()::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'mode':'off' | 'transport':['tls'] | exports.parameters.transport: nobody can come so",
        "'mode':'off' | 'certificates':['a.b'] | exports.parameters.certificates: nobody can come so",
        "'mode':'offer','certificate':'/c','key':'/k' | 'transport':['mtls'] | set listen.tls.clients",
        "'mode':'require','certificate':'/c','key':'/k' | 'transport':['none'] | calls come over \"tls\" only"
      })
  void ruleThatNobodyCanMeet_isWarnedOf(String tls, String parameters, String warning)
      throws ConfigurationException {
    List<String> warnings = read(json(tls, parameters, "")).warnings();
    assertTrue(warnings.toString().contains(warning), warnings::toString);
    List<String> ofRules = read(json(tls, "", "{'path':'/a'," + parameters + "}")).warnings();
    assertTrue(
        ofRules.toString().contains("exports.rules: the rule for path /a, "), ofRules::toString);
  }

  @Test
  void certificateWithoutAMode_isWarnedOf() throws ConfigurationException {
    List<String> warnings = read(json("'certificate':'/c','key':'/k'", "", "")).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(
        warnings.get(0).startsWith("listen.tls.mode: is \"off\", so that"), warnings::toString);
  }

  @Test
  void ruleThatSomebodyCanMeet_isNot() throws ConfigurationException {
    String tls = "'mode':'offer','certificate':'/c','key':'/k','clientCa':'/a','clients':'ask'";
    String parameters = "'transport':['mtls'],'certificates':['*.a.b']";
    assertEquals(List.of(), read(json(tls, parameters, "")).warnings());
    assertEquals(List.of(), read(json("", "'transport':['none','tls']", "")).warnings());
  }

  private MachineCheck checked(JsonObject tls) throws ConfigurationException {
    JsonObject json = json("", "", "");
    json.getJsonObject("listen").put("tls", tls);
    Configured configured = read(json);
    return MachineCheck.of(configured, Assembled.of(json), ThisMachine.now());
  }

  @Test
  void files_areLookedAtByCheckConfig() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    Files.setPosixFilePermissions(certificates.key(), PosixFilePermissions.fromString("rw-------"));
    JsonObject tls = certificates.tls("offer", "ask");
    assertEquals(new MachineCheck(List.of(), List.of()), checked(tls));

    Files.setPosixFilePermissions(certificates.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(checked(tls).warnings().toString().contains("chmod o-rwx"));

    Instant now = Instant.now();
    certificates.writeOf(
        certificates.issued("CN=old", each -> each.notAfter(now.minus(Duration.ofDays(1)))));
    assertTrue(checked(tls).warnings().toString().contains("which has expired"));
    certificates.writeOf(
        certificates.issued("CN=soon", each -> each.notAfter(now.plus(Duration.ofDays(29)))));
    assertTrue(checked(tls).warnings().toString().contains("which expires soon"));
    certificates.writeOf(
        certificates.issued("CN=new", each -> each.notBefore(now.plus(Duration.ofDays(1)))));
    assertTrue(checked(tls).warnings().toString().contains("refused until then"));

    Files.delete(certificates.clientCa());
    List<String> mistakes = checked(tls).mistakes();
    assertTrue(
        mistakes.toString().contains("listen.tls.clientCa: found") && mistakes.size() == 1,
        mistakes::toString);
  }
}
