package org.nfsproxy.server.configuration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.ContentReference;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.Spelling;

/**
 * The configuration file as JSON: one object (RFC 8259) in which no key stands twice. What is wrong
 * is said with line and column, what it looks like, and the cure.
 */
// Jackson finds the place; its own words are for programmers ("was expecting double-quote to start
// field name"). What a person did is told by what stands at the place and before it.
final class StrictJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Pattern YAML =
      Pattern.compile("(---|[\\w$\"'.-]+\\s*:(\\s|$)|-\\s|#).*", Pattern.DOTALL);
  private static final String OBJECT = "expected an object: { ... }";

  private final TextPlaces places;
  private final String whole;
  private final Deque<Map<String, Integer>> lines = new ArrayDeque<>();

  private StrictJson(TextPlaces places, String whole) {
    this.places = places;
    this.whole = whole;
  }

  static JsonObject parse(byte[] bytes) throws ConfigurationException {
    TextPlaces places = TextPlaces.of(bytes);
    new StrictJson(places, "the file").walk();
    return new JsonObject(places.text());
  }

  /**
   * Says what is wrong with a text that should be an array, and is no JSON.
   *
   * @throws ConfigurationException with line and column, unless nothing is found here
   */
  static void refuseArray(String text) throws ConfigurationException {
    TextPlaces places = new TextPlaces(text);
    StrictJson walk = new StrictJson(places, "the value");
    try (JsonParser parser = FACTORY.createParser(text)) {
      try {
        parser.nextToken();
        walk.object(parser);
        if (parser.nextToken() != null) {
          throw places.refused(
              (int) parser.currentTokenLocation().getCharOffset(),
              "expected nothing behind the array");
        }
      } catch (JsonProcessingException wrong) {
        throw places.refused(walk.offset(wrong), walk.reason(parser, walk.offset(wrong)));
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory", impossible);
    }
  }

  private void walk() throws ConfigurationException {
    try (JsonParser parser = FACTORY.createParser(places.text())) {
      try {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
          String found = first == JsonToken.START_ARRAY ? "an array; " : "a single value; ";
          throw places.refused(start(), found + OBJECT);
        }
        object(parser);
        if (parser.nextToken() != null) {
          throw places.refused(
              (int) parser.currentTokenLocation().getCharOffset(),
              "expected nothing behind the object");
        }
      } catch (JsonProcessingException wrong) {
        int start = start();
        boolean begins = parser.currentToken() == null && places.at(start) != '/';
        if (begins && YAML.matcher(places.text().substring(start)).matches()) {
          throw places.refused(
              start, "looks like YAML: name the file .yaml, or write JSON, an object: { ... }");
        }
        throw places.refused(offset(wrong), reason(parser, offset(wrong)));
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory", impossible);
    }
  }

  // From behind the first { to its }.
  private void object(JsonParser parser) throws IOException, ConfigurationException {
    lines.push(new HashMap<>());
    while (!lines.isEmpty()) {
      switch (parser.nextToken()) {
        case START_OBJECT, START_ARRAY -> lines.push(new HashMap<>());
        case END_OBJECT, END_ARRAY -> lines.pop();
        case FIELD_NAME -> refuseTwice(parser);
        default -> {}
      }
    }
  }

  private void refuseTwice(JsonParser parser) throws IOException, ConfigurationException {
    int line = parser.currentTokenLocation().getLineNr();
    Integer first = lines.element().putIfAbsent(parser.currentName(), line);
    if (first != null) {
      throw places.refused(
          (int) parser.currentTokenLocation().getCharOffset(),
          "the key \"%s\" stands twice, first in line %d: take one of them out"
              .formatted(parser.currentName(), first));
    }
  }

  private int start() {
    int at = 0;
    while (Character.isWhitespace(places.at(at))) {
      at++;
    }
    return at;
  }

  // Jackson tells the place behind what is wrong in some cases, and at it in others.
  private int offset(JsonProcessingException wrong) {
    long told = wrong.getLocation().getCharOffset();
    return (int) Math.max(0, Math.min(told, places.text().length()));
  }

  private String reason(JsonParser parser, int at) {
    char here = places.at(at);
    char before = places.before(at);
    if (here == 0) {
      return whole + " ends inside " + open(parser) + ": was it cut off?";
    }
    if (here == '/' || here == '#') {
      return "looks like a comment, which JSON has not: take it out"
          + (whole.equals("the file") ? ", or write YAML and name the file .yaml" : "");
    }
    if (before == ',' && (here == '}' || here == ']' || here == ',')) {
      return "a comma with nothing behind it, before " + here + ": take the comma out";
    }
    if (here == '\'') {
      return "texts and keys stand in double quotes: write \" in place of '";
    }
    if (here < ' ') {
      return "a line break or a tab inside a text: is the closing \" missing?";
    }
    return reason(parser, at, here, before);
  }

  private String reason(JsonParser parser, int at, char here, char before) {
    boolean behindValue = before == '"' || before == '}' || before == ']' || isOfWord(before);
    if (here == '"' && behindValue) {
      return "looks like a comma is missing before it";
    }
    String word = places.wordAt(at);
    if (before == '{' || before == ',' && parser.getParsingContext().inObject()) {
      return "a key without quotes: write \"" + word + '"';
    }
    if (parser.getParsingContext().inRoot()) {
      return "found " + word + ", expected nothing behind the object";
    }
    if (before == '0' && Character.isDigit(here)) {
      return "a number with a zero in front: write it without";
    }
    if (Spelling.same(word, "true") || Spelling.same(word, "false")) {
      return "found " + word + ", write it in small letters";
    }
    if (here == '=' || before == '"') {
      return "found "
          + word
          + ", expected a colon between key and value, or a comma behind a value";
    }
    return "found "
        + word
        + ", expected a text in double quotes, a number,"
        + " true, false, { or [";
  }

  private static boolean isOfWord(char character) {
    return Character.isLetterOrDigit(character);
  }

  private String open(JsonParser parser) {
    JsonStreamContext context = parser.getParsingContext();
    if (context.inRoot()) {
      return "a text";
    }
    int line = context.startLocation(ContentReference.unknown()).getLineNr();
    return context.inArray()
        ? "the array that begins in line " + line + ", no ] closes it"
        : "the object that begins in line " + line + ", no } closes it";
  }
}
