package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a scrape found, and that its text is well formed: one TYPE for each metric, its samples
 * together, no two of the same labels.
 *
 * @param text all of it
 * @param samples values by name and labels
 */
record Scrape(String text, Map<String, Double> samples) {
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + LABEL + "(?:," + LABEL + ")*})? ([^ ]+)");
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");

  static Scrape of(int adminPort) throws IOException, InterruptedException {
    HttpResponse<String> answer = answer(adminPort, "/metrics");
    assertEquals(
        PrometheusText.CONTENT_TYPE, answer.headers().firstValue("Content-Type").orElse(""));
    return read(answer.body());
  }

  /** Another page. */
  static String body(int adminPort, String page) throws IOException, InterruptedException {
    return answer(adminPort, page).body();
  }

  private static HttpResponse<String> answer(int adminPort, String page)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + page);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
    return answer;
  }

  static Scrape read(String text) {
    Map<String, Double> samples = new TreeMap<>();
    Set<String> families = new HashSet<>();
    String family = "";
    for (String line : text.split("\n")) {
      Matcher comment = COMMENT.matcher(line);
      if (line.startsWith("#")) {
        assertTrue(comment.matches(), line);
        if (comment.group(1).equals("TYPE")) {
          family = comment.group(2);
          assertTrue(families.add(family), "twice: " + line);
        }
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertTrue(sample.matches(), line);
      String base = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
      assertTrue(family.equals(base) || family.equals(sample.group(1)), line);
      String labels = sample.group(2) == null ? "" : sample.group(2);
      double value = Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
      assertNull(samples.put(sample.group(1) + labels, value), "twice: " + line);
    }
    return new Scrape(text, samples);
  }

  /** The samples of one metric, by their labels. */
  Map<String, Long> of(String name) {
    Map<String, Long> found = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          int labels = sample.indexOf('{');
          if (sample.substring(0, labels < 0 ? sample.length() : labels).equals(name)) {
            found.put(labels < 0 ? "" : sample.substring(labels), value.longValue());
          }
        });
    return found;
  }
}
