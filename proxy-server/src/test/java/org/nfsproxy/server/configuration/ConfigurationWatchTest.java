package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.testing.FakeProvider;

// Each look is made by hand, so what is told once is known to be told once.
class ConfigurationWatchTest {
  private static final String ORIGIN = "'backend':{'origin':{'host':'there'}}";
  private static final String START = "{" + ORIGIN + "}";
  private static final String READ_ONLY =
      "{" + ORIGIN + ",'exports':{'parameters':{'access':'ro'}}}";
  private static final String REFUSED = "refused, what was in force stays in force";

  private final Vertx vertx = Vertx.vertx();
  private final LogLines log = LogLines.of(ConfigurationWatch.class);
  private final List<ProxyConfiguration> adopted = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private Path file;
  private Map<String, String> variables = Map.of();
  private ConfigurationWatch watch;

  @BeforeEach
  void begin() throws Exception {
    file = folder.resolve("proxy.json");
    write(START);
    watch(new JsonObject());
  }

  @AfterEach
  void end() {
    log.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void watch(JsonObject overrides) throws Exception {
    watch(overrides, adopted::add);
  }

  private void watch(JsonObject overrides, Consumer<ProxyConfiguration> adopted) throws Exception {
    ConfigurationReader reader =
        new ConfigurationReader(vertx, List.of(new FakeProvider("nfs"), new FakeProvider("zfs")));
    ConfigurationSource source =
        new ConfigurationSource(vertx, reader, file, Environment.of(variables), overrides);
    Assembled assembled = source.look().toCompletionStage().toCompletableFuture().join();
    watch = new ConfigurationWatch(vertx, source, source.read(assembled), adopted);
  }

  private void write(String json) throws IOException {
    Files.writeString(file, json.replace('\'', '"'));
  }

  /** What is logged while the watch looks twice; the second look has nothing to say. */
  private List<String> look() throws Exception {
    lookOnce();
    List<String> told = log.take();
    lookOnce();
    assertEquals(List.of(), log.take());
    return told.stream().map(line -> line.replace(file + ": ", "")).toList();
  }

  private void lookOnce() throws Exception {
    watch.look().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void assertNothingAdopted() {
    assertEquals(List.of(), adopted);
  }

  private void assertAdopted(Access access) {
    assertEquals(1, adopted.size());
    assertEquals(access, adopted.remove(0).exports().rules().root().access());
  }

  @Test
  void sameFile_isNothingNew() throws Exception {
    assertEquals(List.of(), look());
    assertNothingAdopted();
  }

  @Test
  void keyThatAVariableSets_changedInTheFile_isToldToHaveNoEffect() throws Exception {
    variables = Map.of("NFS_PROXY_EXPORTS_PARAMETERS_ACCESS", "none");
    watch(new JsonObject());
    assertEquals(List.of(), look());
    write(READ_ONLY);
    assertEquals(
        List.of(
            "WARN exports.parameters.access has changed, without effect: environment variable"
                + " NFS_PROXY_EXPORTS_PARAMETERS_ACCESS sets it"),
        look());
    assertNothingAdopted();
    write(START);
    assertEquals(1, look().size());
  }

  @Test
  void fileThatSaysTheSame_isNothingNew() throws Exception {
    write("{ 'exports': {'parameters': {'access':'rw'}},\n 'limits': {}, " + ORIGIN + "}\n");
    assertEquals(List.of(), look());
    assertNothingAdopted();
  }

  @Test
  void changedFile_isAdopted_andBack() throws Exception {
    write(READ_ONLY);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RO);
    write(START);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RW);
  }

  @Test
  void symbolicLinkTurnedElsewhere_isSeen() throws Exception {
    Path one = Files.createDirectory(folder.resolve("..1"));
    Path two = Files.createDirectory(folder.resolve("..2"));
    Path data = Files.createSymbolicLink(folder.resolve("..data"), one);
    Files.move(file, one.resolve("proxy.json"));
    Files.createSymbolicLink(file, Path.of("..data/proxy.json"));
    assertEquals(List.of(), look());
    Files.writeString(two.resolve("proxy.json"), READ_ONLY.replace('\'', '"'));
    Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), two);
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RO);
  }

  @Test
  void fileRenamedOver_isSeen_withTheSameSizeAndTime() throws Exception {
    String same = READ_ONLY.replace("'ro'", "'rw'");
    write(same);
    assertEquals(List.of(), look());
    Path other = Files.writeString(folder.resolve("other"), READ_ONLY.replace('\'', '"'));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RO);
  }

  @Test
  void fileThatIsNoJson_isRefusedOnce_untilItIsRight() throws Exception {
    write("{" + ORIGIN);
    List<String> told = look();
    assertEquals("WARN " + REFUSED, told.get(0));
    assertEquals("WARN line 1, column 39", told.get(1).replaceAll(":.*", ""));
    assertEquals(2, told.size());
    assertNothingAdopted();
    write(START);
    assertEquals(List.of("INFO right again, nothing new in it"), look());
    assertNothingAdopted();
  }

  @Test
  void fileWithMistakes_isRefusedWhole_withTheMessagesOfCheckConfig() throws Exception {
    write("{" + ORIGIN + ",'exports':{'parameters':{'access':'ro','squash':'no'}},'workers':-1}");
    List<String> mistakes =
        List.of(
            "WARN " + REFUSED,
            "WARN exports.parameters.squash: found \"no\", expected one of none, root, all",
            "WARN workers: found -1, expected a whole number from 0 to 256");
    assertEquals(mistakes.stream().sorted().toList(), look().stream().sorted().toList());
    assertNothingAdopted();
    write(READ_ONLY);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RO);
  }

  @Test
  void otherMistake_isToldToo() throws Exception {
    write("{" + ORIGIN + ",'workers':-1}");
    assertEquals(2, look().size());
    write("{" + ORIGIN + ",'workers':-2}");
    assertEquals(2, look().size());
    write("{" + ORIGIN + ",'workers':-1}");
    assertEquals(2, look().size());
  }

  @Test
  void fileThatVanished_isToldOnce_andThatItIsBack() throws Exception {
    Files.delete(file);
    assertEquals(
        List.of(
            "WARN " + REFUSED,
            "WARN does not exist; write one (examples/minimal.json) or use --origin HOST"),
        look());
    write(START);
    assertEquals(List.of("INFO right again, nothing new in it"), look());
    assertNothingAdopted();
  }

  @Test
  void keyThatNeedsARestart_isToldOnce_andTheOthersAreAdopted() throws Exception {
    write("{" + ORIGIN + ",'workers':7,'exports':{'parameters':{'access':'ro'}}}");
    assertEquals(
        List.of(
            "INFO in force now: exports.parameters.access",
            "WARN in force after a restart: workers"),
        look());
    assertAdopted(Access.RO);
    write("{" + ORIGIN + ",'workers':7,'exports':{'parameters':{'access':'none'}}}");
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    write("{" + ORIGIN + ",'workers':8,'exports':{'parameters':{'access':'none'}}}");
    assertEquals(List.of("WARN in force after a restart: workers"), look());
  }

  @Test
  void keyThatNeedsARestart_putBack_isNothingToTell() throws Exception {
    write("{" + ORIGIN + ",'workers':7}");
    assertEquals(List.of("WARN in force after a restart: workers"), look());
    write(START);
    assertEquals(List.of(), look());
    write("{" + ORIGIN + ",'workers':7}");
    assertEquals(List.of("WARN in force after a restart: workers"), look());
    assertNothingAdopted();
  }

  @Test
  void fileAboutAnotherOrigin_isNotAdoptedAtAll() throws Exception {
    write(READ_ONLY.replace("'backend':{", "'backend':{'type':'zfs',"));
    assertEquals(
        List.of(
            "WARN about another origin (backend.type), so that nothing of it is in force before a"
                + " restart"),
        look());
    assertNothingAdopted();
    write(READ_ONLY);
    assertEquals(List.of("INFO in force now: exports.parameters.access"), look());
    assertAdopted(Access.RO);
  }

  @Test
  void commandLine_standsOverTheChangedFile() throws Exception {
    watch(new JsonObject().put("listen", new JsonObject().put("port", 20490)));
    write("{" + ORIGIN + ",'listen':{'port':1}}");
    assertEquals(List.of(), look());
    assertNothingAdopted();
  }

  @Test
  void variable_standsOverTheChangedFile() throws Exception {
    variables = Map.of("NFS_PROXY_EXPORTS_PARAMETERS_ACCESS", "none");
    watch(new JsonObject());
    write(READ_ONLY);
    assertEquals(List.of(), look());
    assertNothingAdopted();
  }

  @Test
  void networkWithHostBits_isWarnedOfOnce() throws Exception {
    write("{" + ORIGIN + ",'exports':{'parameters':{'clients':['10.0.0.5/8']}}}");
    List<String> told = look();
    assertEquals("INFO in force now: exports.parameters.clients", told.get(0));
    assertTrue(
        told.get(1)
            .startsWith(
                "WARN exports.parameters.clients[0]: \"10.0.0.5/8\" means all of 10.0.0.0/8"),
        told.get(1));
    write("{" + ORIGIN + ",'workers':3,'exports':{'parameters':{'clients':['10.0.0.5/8']}}}");
    assertEquals(List.of("WARN in force after a restart: workers"), look());
  }

  @Test
  void startedWatch_looksByItself_andAtAnotherPace() throws Exception {
    BlockingQueue<ProxyConfiguration> adopted = new LinkedBlockingQueue<>();
    write("{" + ORIGIN + ",'reload':{'scanMillis':10}}");
    watch(new JsonObject(), adopted::add);
    watch.start();
    write("{" + ORIGIN + ",'reload':{'scanMillis':20},'exports':{'parameters':{'access':'ro'}}}");
    assertEquals(Access.RO, taken(adopted));
    write("{");
    write("{" + ORIGIN + ",'reload':{'scanMillis':20},'exports':{'parameters':{'access':'none'}}}");
    assertEquals(Access.NONE, taken(adopted));
  }

  private static Access taken(BlockingQueue<ProxyConfiguration> adopted) throws Exception {
    ProxyConfiguration taken = adopted.poll(30, TimeUnit.SECONDS);
    return taken.exports().rules().root().access();
  }

  @Test
  void closedWatch_takesNothingMore() throws Exception {
    watch.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    write(READ_ONLY);
    assertEquals(List.of(), look());
    assertNothingAdopted();
  }
}
