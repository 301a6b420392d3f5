package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.testing.Repository;

// Every file in examples/, but Grafana's dashboard, and every block of a page that calls itself
// json is a whole configuration that check-config accepts.
class ExamplesTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```json\\n(.*?)^```$");

  private static Stream<Arguments> examples() {
    return Repository.files(".json").stream()
        .filter(file -> file.startsWith(Repository.ROOT.resolve("examples")))
        .filter(file -> !file.startsWith(Repository.ROOT.resolve("examples/observability")))
        .map(file -> Arguments.of(file.getFileName().toString(), Repository.text(file)));
  }

  private static Stream<Arguments> blocks() {
    List<Arguments> blocks = new ArrayList<>();
    Repository.files(".md")
        .forEach(
            file ->
                BLOCK
                    .matcher(Repository.text(file))
                    .results()
                    .map(MatchResult::group)
                    .map(block -> block.substring("```json".length(), block.length() - 3))
                    .forEach(
                        text ->
                            blocks.add(
                                Arguments.of(Repository.ROOT.relativize(file).toString(), text))));
    return blocks.stream();
  }

  @Test
  void thereAreExamples() {
    assertTrue(examples().count() >= 2);
    assertTrue(blocks().count() >= 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"examples", "blocks"})
  void example_isAccepted(String name, String text) throws ConfigurationException {
    assertFalse(name.isEmpty());
    Vertx vertx = Vertx.vertx();
    try {
      ConfigurationReader.ofClassPath(vertx)
          .read(StrictJson.parse(text.getBytes(StandardCharsets.UTF_8)));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void yamlOfTheGuide_isAccepted() throws Exception {
    Pattern block = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    String guide = Repository.text(Repository.ROOT.resolve("docs/guide/configuration.md"));
    List<String> blocks = block.matcher(guide).results().map(found -> found.group(1)).toList();
    assertFalse(blocks.isEmpty());
    Vertx vertx = Vertx.vertx();
    try {
      for (String text : blocks) {
        ConfigurationReader.ofClassPath(vertx)
            .read(
                StrictYaml.parse(vertx, StrictYaml.checked(text.getBytes(StandardCharsets.UTF_8)))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get());
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
