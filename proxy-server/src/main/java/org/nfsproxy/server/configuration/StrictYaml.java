package org.nfsproxy.server.configuration;

import io.vertx.config.yaml.YamlProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The configuration file as YAML: one mapping in which no key stands twice, and in which nothing
 * means something else than it looks like. What is wrong is said with line and column.
 */
// Vert.x's processor reads YAML 1.1, where no is false, 0777 is 511 and 20:49 is 1249, silently. So
// the nodes are looked at first: what a reader of the file could take for something else is
// refused, with the way to write it. What is left means the same in YAML 1.1, in 1.2 and to a
// person.
final class StrictYaml {
  /** Values, those of aliases counted again: a few lines of them can stand for billions. */
  private static final int VALUES_MAX = 200_000;

  private static final String QUOTES = ", or in quotes if it is a text";

  private int values;

  private StrictYaml() {}

  /** The same bytes, once they have been looked at. */
  static byte[] checked(byte[] bytes) throws ConfigurationException {
    new StrictYaml().check(TextPlaces.of(bytes).text());
    return bytes;
  }

  /** Reads what was checked. */
  static Future<JsonObject> parse(Vertx vertx, byte[] checked) {
    return new YamlProcessor()
        .process(vertx, new JsonObject(), Buffer.buffer(checked))
        .map(json -> new JsonObject(json.toBuffer()));
  }

  private void check(String text) throws ConfigurationException {
    Node first = null;
    try {
      for (Node document : new Yaml(new LoaderOptions()).composeAll(new StringReader(text))) {
        if (first != null) {
          throw refused(document, "a second document: expected one");
        }
        first = document;
      }
    } catch (MarkedYAMLException wrong) {
      throw refused(text, wrong);
    } catch (YAMLException wrong) {
      throw new ConfigurationException(List.of("is no YAML: " + firstLine(wrong.getMessage())));
    }
    if (first == null) {
      throw new ConfigurationException(List.of("is empty; expected keys and values"));
    }
    if (!(first instanceof MappingNode)) {
      String found = first instanceof SequenceNode ? "a list" : "a single value";
      throw refused(first, found + "; expected keys and values, such as `workers: 4`");
    }
    check(first);
  }

  private void check(Node node) throws ConfigurationException {
    if (++values > VALUES_MAX) {
      throw refused(
          node, "more than " + VALUES_MAX + " values, those of aliases counted each time");
    }
    if (node instanceof MappingNode mapping) {
      checkKeys(mapping);
    } else if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        check(element);
      }
    } else if (node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
      checkPlain(scalar);
    }
    if (!node.getTag().startsWith(Tag.PREFIX)) {
      throw refused(node, "a tag, " + node.getTag() + ": take it out");
    }
  }

  private void checkKeys(MappingNode mapping) throws ConfigurationException {
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      Node key = pair.getKeyNode();
      if (!(key instanceof ScalarNode scalar) || !Tag.STR.equals(key.getTag())) {
        throw refused(key, "a key that is no text: write it in quotes if it is meant");
      }
      Integer first = lines.putIfAbsent(scalar.getValue(), key.getStartMark().getLine() + 1);
      if (first != null) {
        throw refused(
            key,
            "the key \"%s\" stands twice, first in line %d: take one of them out"
                .formatted(scalar.getValue(), first));
      }
      check(pair.getValueNode());
    }
  }

  private static void checkPlain(ScalarNode scalar) throws ConfigurationException {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (Tag.BOOL.equals(tag) && !text.equals("true") && !text.equals("false")) {
      throw refused(
          scalar, "found " + text + ", which some take for true or false: write that" + QUOTES);
    }
    if (Tag.INT.equals(tag) && !text.matches("-?(0|[1-9][0-9]*)")) {
      throw refused(
          scalar,
          "found " + text + ", which some take for another number: write it in decimal" + QUOTES);
    }
    if (Tag.TIMESTAMP.equals(tag)) {
      throw refused(scalar, "found a date, " + text + ": write it in quotes");
    }
  }

  private static ConfigurationException refused(Node node, String reason) {
    Mark mark = node.getStartMark();
    return TextPlaces.refused(mark.getLine() + 1, mark.getColumn() + 1, reason);
  }

  private static ConfigurationException refused(String text, MarkedYAMLException wrong) {
    Mark mark = wrong.getProblemMark();
    if (mark == null) {
      return new ConfigurationException(List.of("is no YAML: " + firstLine(wrong.getProblem())));
    }
    String line = text.lines().skip(mark.getLine()).findFirst().orElse("");
    String reason =
        line.stripTrailing().matches("\\s*\\t.*")
            ? "a tab: YAML is indented with spaces alone"
            : "is no YAML: "
                + firstLine(wrong.getProblem())
                + "; look at indentation and quotes here"
                + " and in the line before";
    return TextPlaces.refused(mark.getLine() + 1, mark.getColumn() + 1, reason);
  }

  private static String firstLine(@Nullable String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }
}
