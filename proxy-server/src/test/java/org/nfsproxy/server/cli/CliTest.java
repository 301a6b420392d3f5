package org.nfsproxy.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.testing.FakeProvider;
import org.nfsproxy.testing.FakeProvider.FakeBackend;

class CliTest {
  private static final class FakeLaunch implements Launch {
    private final List<Configured> proxies = new ArrayList<>();
    private int demos;

    @Override
    public int proxy(Vertx vertx, Configured configured, ConfigurationSource source) {
      proxies.add(configured);
      return 40;
    }

    @Override
    public int demo(Vertx vertx) {
      demos++;
      return 41;
    }

    private boolean untouched() {
      return proxies.isEmpty() && demos == 0;
    }
  }

  private final FakeLaunch launch = new FakeLaunch();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... args) {
    List<FakeProvider> nfs = List.of(new FakeProvider("nfs"));
    return Cli.run(
        args,
        launch,
        vertx -> new ConfigurationReader(vertx, List.copyOf(nfs)),
        folder,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private String write(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json.replace('\'', '"')).toString();
  }

  private Listen listen() {
    return launch.proxies.get(0).proxy().listen();
  }

  private FakeBackend backend() {
    return (FakeBackend) launch.proxies.get(0).backend();
  }

  @Test
  void nothing_inAFolderWithoutAFile_isTheDemo() {
    assertEquals(41, run());
    assertEquals(1, launch.demos);
  }

  @Test
  void nothing_inAFolderWithAFile_isThatFile() throws IOException {
    write("proxy.json", "{'backend':{'origin':{'host':'here'}}}");
    assertEquals(40, run());
    assertEquals(new FakeBackend("here", 2049), backend());
  }

  @Test
  void fileInThisFolder_thatIsWrong_isNotTheDemo() throws IOException {
    String file = write("proxy.json", "{'backend':{}}");
    assertEquals(2, run());
    assertTrue(launch.untouched());
    assertEquals(
        file
            + ": backend.origin.host: found nothing,"
            + " expected the name or IP address of the origin\n",
        err.toString());
  }

  @Test
  void danglingLinkInThisFolder_isNotTheDemo() throws IOException {
    Files.createSymbolicLink(folder.resolve("proxy.json"), folder.resolve("gone"));
    assertEquals(2, run());
    assertTrue(launch.untouched());
  }

  @Test
  void demo_isTheDemo_whateverStandsInThisFolder() throws IOException {
    write("proxy.json", "{'backend':{'origin':{'host':'here'}}}");
    assertEquals(41, run("demo"));
    assertTrue(launch.proxies.isEmpty());
  }

  @Test
  void config_namesTheFile() throws IOException {
    write("proxy.json", "{'backend':{'origin':{'host':'here'}}}");
    String file = write("other.json", "{'backend':{'origin':{'host':'there','port':7}}}");
    assertEquals(40, run("--config", file));
    assertEquals(new FakeBackend("there", 7), backend());
  }

  @Test
  void origin_needsNoFile_andReadsNone() throws IOException {
    write("proxy.json", "{'listen':{'port':7}}");
    assertEquals(40, run("--origin", "nfs.example.com"));
    assertEquals(new FakeBackend("nfs.example.com", 2049), backend());
    assertEquals(2049, listen().port());
    assertEquals("0.0.0.0", listen().host());
  }

  @Test
  void originAndListen_takeIpv6InBrackets() {
    assertEquals(40, run("--origin", "[::1]:2050", "--listen=[::]:20490"));
    assertEquals(new FakeBackend("::1", 2050), backend());
    assertEquals("::", listen().host());
    assertEquals(20490, listen().port());
  }

  @Test
  void originAndListen_overrideTheFile_onlyWhereTheySaySomething() throws IOException {
    String file =
        write(
            "proxy.json",
            "{'listen':{'host':'127.0.0.1','port':1},"
                + "'backend':{'origin':{'host':'there','port':7}},'workers':3}");
    assertEquals(40, run("--config", file, "--origin", "b", "--listen", "20490"));
    assertEquals(new FakeBackend("b", 7), backend());
    assertEquals("127.0.0.1", listen().host());
    assertEquals(20490, listen().port());
    assertEquals(3, launch.proxies.get(0).proxy().workers());
  }

  @Test
  void listenAlone_goesWithTheFileInThisFolder() throws IOException {
    write("proxy.json", "{'backend':{'origin':{'host':'here'}}}");
    assertEquals(40, run("--listen", "20490"));
    assertEquals(20490, listen().port());
  }

  @Test
  void listenAlone_withoutAFile_isRefused() {
    assertEquals(2, run("--listen", "20490"));
    assertTrue(launch.untouched());
    assertTrue(err.toString().startsWith("--listen needs --origin, --config or a proxy.json"));
  }

  @Test
  void checkConfig_ofARightFile_isZero_andOpensNothing() throws IOException {
    String file = write("a.json", "{'backend':{'origin':{'host':'there'}}}");
    assertEquals(0, run("check-config", file));
    assertEquals(file + ": nothing is wrong\n", out.toString());
    assertTrue(launch.untouched());
  }

  @Test
  void checkConfig_ofAWrongFile_isTwo_andTellsEveryMistake() throws IOException {
    String file = write("a.json", "{'workers':-1,'backend':{'type':'zfs'},'clusters':{}}");
    assertEquals(2, run("check-config", file));
    assertEquals("", out.toString());
    assertEquals(
        List.of(
            file + ": workers: found -1, expected a whole number from 0 to 256",
            file + ": backend.type: found \"zfs\", expected one of nfs",
            file
                + ": clusters: found an unknown key,"
                + " expected one of admin, backend, calls, cluster, discovery, drain, exports, limits,"
                + " listen, listeners, metrics, reload, workers"),
        err.toString().lines().toList());
    assertTrue(launch.untouched());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone.json", "."})
  void checkConfig_ofWhatIsNoFile_isTwo(String name) {
    assertEquals(2, run("check-config", folder.resolve(name).toString()));
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void unknownOption_isTwo_withTheUsageOnStderr() {
    assertEquals(2, run("--orgin", "nfs"));
    assertTrue(err.toString().startsWith("Unknown option"), err.toString());
    assertTrue(err.toString().contains("java -jar proxy.jar --origin HOST[:PORT]"));
    assertEquals("", out.toString());
    assertTrue(launch.untouched());
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "--origin=nfs:x", "--origin=", "--config", "check-config"})
  void otherMistakes_areTwo(String argument) {
    assertEquals(2, run(argument));
    assertTrue(launch.untouched());
  }

  @Test
  void help_isOnStdout() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().startsWith("Usage:\n  java -jar proxy.jar  "), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void version_isOneLine() {
    assertEquals(0, run("--version"));
    String line = "nfs-proxy \\S.* \\(Java \\d+\\S*, Vert\\.x 5\\.\\d+\\.\\d+\\)\n";
    assertTrue(out.toString().matches(line), out.toString());
  }
}
