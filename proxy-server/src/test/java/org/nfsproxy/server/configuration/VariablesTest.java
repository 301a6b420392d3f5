package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.configuration.Key;

class VariablesTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<Key<?>> KEYS = ConfigurationReader.ofClassPath(VERTX).keys();
  private static final Variables VARIABLES = new Variables(KEYS);

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({
    "workers, NFS_PROXY_WORKERS",
    "listen.proxyProtocol.headerMillis, NFS_PROXY_LISTEN_PROXY_PROTOCOL_HEADER_MILLIS",
    "exports.parameters.anonUid, NFS_PROXY_EXPORTS_PARAMETERS_ANON_UID",
    "cluster.join.tcpIp, NFS_PROXY_CLUSTER_JOIN_TCP_IP",
    "backend.origin.reservedPortsPerClientMax, NFS_PROXY_BACKEND_ORIGIN_RESERVED_PORTS_PER_CLIENT_MAX",
  })
  void name_isThePathInCapitals(String path, String name) {
    assertEquals(name, Variables.name(path));
    assertEquals(path, VARIABLES.key(name).path());
  }

  @Test
  void everyKey_hasAVariableOfItsOwn() {
    for (Key<?> key : KEYS) {
      if (!key.path().contains("[]")) {
        assertEquals(key.path(), VARIABLES.key(Variables.name(key.path())).path());
      }
    }
  }

  @Test
  void twoKeysOfOneName_areAMistakeOfTheProgram() {
    List<Key<?>> keys =
        List.of(Key.int32("a.bC", 1, 1, 1, "", ""), Key.int32("a.b.c", 1, 1, 1, "", ""));
    assertThrows(IllegalArgumentException.class, () -> new Variables(keys));
  }

  private static Assembled assembled(JsonObject file, Map<String, String> variables) {
    JsonObject read = new JsonObject().put(ConfigurationStore.FILE, file);
    Environment.of(variables).variables().forEach(read::put);
    return Assembled.of(read, "proxy.json", VARIABLES);
  }

  @Test
  void values_haveTheTypesOfTheirKeys() {
    Assembled assembled =
        assembled(
            new JsonObject("{\"listen\":{\"port\":1,\"host\":\"a\"},\"workers\":7}"),
            Map.of(
                "NFS_PROXY_LISTEN_PORT", "20490",
                "NFS_PROXY_ADMIN_ENABLED", "false",
                "NFS_PROXY_CLUSTER_NAME", "7",
                "NFS_PROXY_EXPORTS_RULES", "[{\"path\":\"/a\",\"access\":\"ro\"}]",
                "NFS_PROXY_ADMIN_HOSTS", "[\"box\"]"));
    assertEquals(List.of(), assembled.mistakes());
    JsonObject expected =
        new JsonObject(
            "{\"listen\":{\"port\":20490,\"host\":\"a\"},\"workers\":7,"
                + "\"admin\":{\"enabled\":false,\"hosts\":[\"box\"]},\"cluster\":{\"name\":\"7\"},"
                + "\"exports\":{\"rules\":[{\"path\":\"/a\",\"access\":\"ro\"}]}}");
    assertEquals(expected, assembled.json());
    assertEquals("environment variable NFS_PROXY_LISTEN_PORT", assembled.whence("listen.port"));
    assertEquals("proxy.json", assembled.whence("listen.host"));
    assertEquals(
        "environment variable NFS_PROXY_EXPORTS_RULES",
        assembled.whence("exports.rules[0].access"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NFS_PROXY_LISTEN_PORT        | x    | listen.port: found \"x\", expected a whole number from 0 to 65535",
        "NFS_PROXY_LISTEN_PORT        | 070  | listen.port: found \"070\", expected a whole number from 0 to 65535",
        "NFS_PROXY_ADMIN_ENABLED      | yes  | admin.enabled: found \"yes\", expected true or false",
        "NFS_PROXY_ADMIN_HOSTS        | box  | found \"box\", expected an array in JSON, such as [\"10.0.0.0/8\"] or []",
        "NFS_PROXY_EXPORTS_RULES      | [{   | line 1, column 3: the value ends inside the object that begins in line 1, no } closes it: was it cut off?",
        "NFS_PROXY_ADMIN_HOSTS        | [\"a\",] | line 1, column 6: a comma with nothing behind it, before ]: take the comma out",
        "NFS_PROXY_LISTEN_PROXYPROTOCOL_PORT | 1 | is the variable of no key, did you mean NFS_PROXY_LISTEN_PROXY_PROTOCOL_PORT?",
        "NFS_PROXY_ORIGN              | 1    | is the variable of no key; each is NFS_PROXY_ and the key's path in capitals, such as NFS_PROXY_LISTEN_PORT",
      })
  void wrongVariable_isToldByItsName(String name, String value, String expected) {
    ConfigurationReader reader = ConfigurationReader.ofClassPath(VERTX);
    JsonObject file = new JsonObject("{\"backend\":{\"origin\":{\"host\":\"there\"}}}");
    ConfigurationException wrong =
        assertThrows(
            ConfigurationException.class, () -> reader.read(assembled(file, Map.of(name, value))));
    assertEquals(List.of("environment variable " + name + ": " + expected), wrong.mistakes());
  }

  @Test
  void variableOfNoKey_hidesNoOtherMistake() {
    ConfigurationReader reader = ConfigurationReader.ofClassPath(VERTX);
    Map<String, String> variables =
        Map.of(
            "NFS_PROXY_WORKRS", "1", "NFS_PROXY_ADMIN_HOSTS", "[1", "NFS_PROXY_LISTEN_PORT", "x");
    ConfigurationException wrong =
        assertThrows(
            ConfigurationException.class,
            () -> reader.read(assembled(new JsonObject("{\"listeners\":-1}"), variables)));
    List<String> mistakes = wrong.mistakes();
    assertEquals(5, mistakes.size(), mistakes::toString);
    for (String part :
        List.of(
            "NFS_PROXY_WORKRS: is the variable of no key",
            "NFS_PROXY_ADMIN_HOSTS: line 1, column 3",
            "NFS_PROXY_LISTEN_PORT: listen.port: found \"x\"",
            "proxy.json: listeners: found -1",
            "proxy.json: backend.origin.host: found nothing")) {
      assertTrue(mistakes.stream().anyMatch(each -> each.contains(part)), part);
    }
  }

  // A Service called nfs-proxy, nfs-proxy-admin or the like gives these to every pod beside it.
  @Test
  void variablesOfKubernetes_andOfTheLog_areNotMeant() {
    Map<String, String> variables =
        Map.of(
            "NFS_PROXY_LOG", "DEBUG",
            "NFS_PROXY_SERVICE_HOST", "10.96.0.5",
            "NFS_PROXY_SERVICE_PORT_NFS", "2049",
            "NFS_PROXY_PORT", "tcp://10.96.0.5:2049",
            "NFS_PROXY_PORT_2049_TCP_ADDR", "10.96.0.5",
            "NFS_PROXY_ADMIN_PORT", "tcp://10.96.0.6:9049",
            "NFS_PROXY_ADMIN_SERVICE_HOST", "10.96.0.6",
            "NFS_PROXY_WORKERS", "3",
            "PATH", "/bin");
    assertEquals(Set.of("NFS_PROXY_WORKERS"), Environment.of(variables).variables().keySet());
    assertTrue(Environment.of(Map.of("HOME", "/")).isEmpty());
    assertSame(Keys.ADMIN_PORT, VARIABLES.key("NFS_PROXY_ADMIN_PORT"));
  }
}
