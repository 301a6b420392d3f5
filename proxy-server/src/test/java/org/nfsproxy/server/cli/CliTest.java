package org.nfsproxy.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.Environment;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LogLines;
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
    public int demo(Vertx vertx, boolean once) {
      demos++;
      return once ? 42 : 41;
    }

    private boolean untouched() {
      return proxies.isEmpty() && demos == 0;
    }
  }

  private final FakeLaunch launch = new FakeLaunch();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Map<String, String> variables = Map.of();

  @TempDir private Path folder;

  private int run(String... args) {
    List<FakeProvider> nfs = List.of(new FakeProvider("nfs"));
    return Cli.run(
        args,
        launch,
        vertx -> new ConfigurationReader(vertx, List.copyOf(nfs)),
        Environment.of(variables),
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
    assertEquals(42, run("demo", "--once"));
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
  void checkConfig_ofWhatCannotBeWritten_isTwo_andSaysWhich() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path link = Files.createSymbolicLink(folder.resolve("link"), plain);
    String file =
        write(
            "a.json",
            "{'backend':{'origin':{'host':'there'}},'audit':{'file':'"
                + link
                + "'},'locks':{'enabled':true,'stateDirectory':'"
                + plain
                + "'}}");
    assertEquals(2, run("check-config", file));
    List<String> told = err.toString().lines().toList();
    assertEquals(2, told.size(), told::toString);
    assertTrue(
        told.get(0)
            .startsWith(
                file + ": locks.stateDirectory: found \"" + plain + "\", which is no folder"),
        told.get(0));
    assertTrue(
        told.get(1).startsWith(file + ": audit.file: found \"" + link + "\", which is a symbolic"),
        told.get(1));
    assertEquals(0, run("check-config", "--elsewhere", file));
  }

  @Test
  void checkConfig_ofACacheThatOthersCouldExchange_isTwo_andSaysWhich() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path directory = open.resolve("cache");
    String file =
        write(
            "a.json",
            "{'backend':{'origin':{'host':'there'}},'cache':{'enabled':true,'directory':'"
                + directory
                + "','diskBytesMax':2147483648}}");
    assertEquals(2, run("check-config", file));
    String told = err.toString();
    assertTrue(
        told.contains(file + ": cache.directory: found \"" + directory + "\", but others"), told);
    assertTrue(told.contains(open + " above it (mode 0777)"), told);
  }

  @Test
  void checkConfig_ofFoldersThatAreToBeMade_isZero() throws IOException {
    String file =
        write(
            "a.json",
            "{'backend':{'origin':{'host':'there'}},'locks':{'enabled':true,'stateDirectory':'"
                + folder.resolve("to").resolve("be")
                + "'}}");
    assertEquals(0, run("check-config", file), err::toString);
  }

  @Test
  void checkConfig_ofAWrongFile_tellsWhatItIsWarnedOf_too() throws IOException {
    String file =
        write(
            "a.json",
            "{'backend':{'origin':{'host':'a'}},'cache':{'enabled':true,'directory':'/c',"
                + "'without':['/a'],'neighbours':{'enabled':true}}}");
    assertEquals(2, run("check-config", file));
    List<String> told = err.toString().lines().toList();
    assertEquals(3, told.size(), told::toString);
    assertTrue(told.get(0).startsWith("warning: " + file + ": cache.neighbours.enabled: "));
    assertTrue(told.get(1).startsWith(file + ": cache.without: "));
    assertTrue(told.get(2).startsWith(file + ": cache.diskBytesMax: "));
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
            file + ": clusters: found an unknown key, did you mean cluster?"),
        err.toString().lines().toList());
    assertTrue(launch.untouched());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone.json", "."})
  void checkConfig_ofWhatIsNoFile_isTwo(String name) {
    assertEquals(2, run("check-config", folder.resolve(name).toString()));
    assertEquals(1, err.toString().lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--orgin nfs      | unknown option \"--orgin\", did you mean --origin?",
        "--listen-on=1    | unknown option \"--listen-on\", did you mean --listen?",
        "chek-config a    | unknown command \"chek-config\", did you mean check-config?",
        "checkconfig a    | unknown command \"checkconfig\", did you mean check-config?",
        "xyz              | unknown command \"xyz\", expected one of check-config, completion,"
            + " config-schema, demo, probe, top",
        "probe --timout 3 nfs | unknown option \"--timout\", did you mean --timeout?",
        "probe nfs --timout=3 | unknown option \"--timout\", did you mean --timeout?",
        "check-config --prnt a | unknown option \"--prnt\", did you mean --print?",
        "--listen 20x49   | Invalid value for option '--listen': found \"20x49\", expected HOST,"
            + " PORT or HOST:PORT, an IPv6 address in [brackets]",
        "--config         | Missing required parameter for option '--config' (FILE)",
      })
  void mistypedCommandLine_isTwo_andOneLine(String line, String expected) {
    assertEquals(2, run(line.split(" ")));
    String command = line.matches("(probe|check-config) .*") ? line.replaceAll(" .*", " ") : "";
    assertEquals(expected + " (" + command + "--help lists all)\n", err.toString());
    assertEquals("", out.toString());
    assertTrue(launch.untouched());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "probe nfs --ca   | Missing required parameter for option '--ca' (FILE)",
        "probe nfs --ca gone.pem | --ca: found \"gone.pem\", which is not there, expected the path"
            + " of a file in PEM",
        "probe nfs --key gone.key | --certificate and --key go together: give both, or neither",
        "probe nfs --certificate gone.pem --key gone.key | --certificate: found \"gone.pem\", which"
            + " is not there, expected the path of a file in PEM",
        "probe nfs --timeout 0 | --timeout: found 0, expected 1 to 3600",
        "probe nfs --mount-port=70000 | --mount-port: found 70000, expected 0 to 65535",
        "top --by=x a     | --by: found x, expected one of client, export, operation, pair",
      })
  void valueThatCannotBe_isToldByItsOption(String line, String expected) {
    assertEquals(2, run(line.split(" ")));
    String command = line.replaceAll(" .*", "");
    assertEquals(expected + " (" + command + " --help lists all)\n", err.toString());
    assertTrue(launch.untouched());
  }

  @ParameterizedTest
  @CsvSource({
    "demo, --once",
    "check-config, --elsewhere",
    "config-schema, 2020-12",
    "completion, NAME",
    "probe, --certificate=FILE",
    "top, --token-file=FILE",
    "man-page, --help",
  })
  void helpOfACommand_isItsOwn_andNothingIsRun(String command, String shown) {
    assertEquals(0, run(command, "--help"));
    String first = "Usage: java -jar proxy.jar " + command;
    assertTrue(out.toString().startsWith(first), out::toString);
    assertTrue(out.toString().contains(shown), out::toString);
    assertTrue(out.toString().contains("--help"), out::toString);
    assertEquals("", err.toString());
    assertTrue(launch.untouched());
  }

  @Test
  void listenWithoutAPort_keepsThePort() throws IOException {
    write("proxy.json", "{'listen':{'port':7},'backend':{'origin':{'host':'here'}}}");
    assertEquals(40, run("--listen", "10.95.0.1"));
    assertEquals("10.95.0.1", listen().host());
    assertEquals(7, listen().port());
  }

  @Test
  void yamlInThisFolder_isRead_butNotBesideJson() throws IOException {
    write("proxy.yaml", "backend: { origin: { host: here } }");
    assertEquals(40, run());
    write("proxy.json", "{}");
    assertEquals(2, run());
    assertTrue(
        err.toString().startsWith("proxy.json and proxy.yaml are in this folder"), err::toString);
  }

  @Test
  void variables_standInForAFile() {
    variables = Map.of("NFS_PROXY_BACKEND_ORIGIN_HOST", "there");
    assertEquals(40, run());
    assertEquals(new FakeBackend("there", 2049), backend());
  }

  @Test
  void variables_standOverTheFile_andTheCommandLineOverThem() throws IOException {
    write("proxy.json", "{'listen':{'port':1,'host':'::1'},'backend':{'origin':{'host':'here'}}}");
    variables = Map.of("NFS_PROXY_LISTEN_PORT", "2", "NFS_PROXY_LISTEN_HOST", "::");
    assertEquals(40, run("--listen", "3"));
    assertEquals("::", listen().host());
    assertEquals(3, listen().port());
  }

  @Test
  void unknownVariable_isTwo_andNamed() throws IOException {
    write("proxy.json", "{'backend':{'origin':{'host':'here'}}}");
    variables = Map.of("NFS_PROXY_LISTN_PORT", "2");
    assertEquals(2, run());
    assertEquals(
        "environment variable NFS_PROXY_LISTN_PORT: is the variable of no key,"
            + " did you mean NFS_PROXY_LISTEN_PORT?\n",
        err.toString());
    assertTrue(launch.untouched());
  }

  @Test
  void print_saysWhereEachValueComesFrom_andIsAConfiguration() throws IOException {
    String file = write("a.json", "{'workers':3,'backend':{'origin':{'host':'there'}}}");
    variables = Map.of("NFS_PROXY_LISTEN_PORT", "20490");
    assertEquals(0, run("check-config", "--print", file));
    String printed = out.toString();
    assertTrue(printed.matches("(?s).*\nworkers: 3 +# " + file + "\n.*"), printed);
    String variable = "environment variable NFS_PROXY_LISTEN_PORT";
    assertTrue(printed.matches("(?s).*\n  port: 20490 +# " + variable + "\n.*"), printed);
    assertTrue(printed.matches("(?s)listen:\n#   host: \"0.0.0.0\" +# default\n.*"), printed);
    variables = Map.of();
    String again = write("again.yaml", printed);
    assertEquals(40, run("--config", again), err::toString);
    assertEquals(20490, listen().port());
    assertEquals(3, launch.proxies.get(0).proxy().workers());
  }

  @Test
  void checkConfig_tellsWhatDoesNotGoWithThisMachine_unlessItIsForAnother() throws IOException {
    String file =
        write("a.json", "{'listen':{'host':'192.0.2.9'},'backend':{'origin':{'host':'there'}}}");
    assertEquals(2, run("check-config", file));
    String told = file + ": listen.host: found \"192.0.2.9\", which is not of this machine";
    assertTrue(err.toString().startsWith(told), err::toString);
    assertEquals(0, run("check-config", "--elsewhere", file));
  }

  @Test
  void configSchema_isJson() {
    assertEquals(0, run("config-schema"));
    JsonObject schema = new JsonObject(out.toString());
    assertEquals("https://json-schema.org/draft/2020-12/schema", schema.getString("$schema"));
  }

  @Test
  void completion_knowsCommandsAndOptions() {
    assertEquals(0, run("completion"));
    assertTrue(out.toString().contains("nfs-proxy"));
    assertTrue(out.toString().contains("check-config"));
    assertTrue(out.toString().contains("--elsewhere"));
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

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "--by=x a", "--by=client --sort=nothing a", "a b"})
  void top_ofNonsense_isRefusedInOneLine(String words) {
    assertEquals(2, run(("top " + words).split(" ")));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(launch.untouched());
  }

  @Test
  void top_whereNobodyIs_is1() {
    assertEquals(1, run("top", "--once", "127.0.0.1:1"));
    assertTrue(err.toString().startsWith("no proxy answers at http://127.0.0.1:1/: "));
  }

  // Its report has the same, in words for who probes.
  @Test
  void probe_ofAServerWithoutTls_tellsItOnce() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        LogLines log = LogLines.of(OriginTls.class)) {
      String nfs = "127.0.0.1:" + origin.port();
      assertEquals(3, run("probe", "--tls", "--timeout", "20", nfs));
      assertEquals(List.of(), log.lines());
    }
  }
}
