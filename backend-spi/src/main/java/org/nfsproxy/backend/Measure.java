package org.nfsproxy.backend;

import java.util.Map;

/**
 * A number that a backend has for whoever watches it.
 *
 * @param name in snake case with the unit at its end, without the proxy's own prefix; what only
 *     grows ends with {@code _total}
 * @param help what it says, and what to do about it: one sentence or two
 * @param labels what tells this one from others of its name; few values for each, none of which a
 *     client can choose
 * @param value in base units: seconds, bytes, or how many
 */
public record Measure(String name, String help, Map<String, String> labels, double value) {
  /**
   * Whether it only grows.
   *
   * @return true by its name
   */
  public boolean isCounter() {
    return name.endsWith("_total");
  }

  /**
   * One without labels.
   *
   * @param name as above
   * @param help as above
   * @param value as above
   * @return the measure
   */
  public static Measure of(String name, String help, double value) {
    return new Measure(name, help, Map.of(), value);
  }
}
