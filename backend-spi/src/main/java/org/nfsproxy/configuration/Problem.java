package org.nfsproxy.configuration;

/**
 * Something wrong in a configuration.
 *
 * @param key the key's path, for example {@code backend.origin.port}
 * @param found what stands there
 * @param expected what may stand there
 * @param meant what was probably meant; empty if nobody can tell
 */
public record Problem(String key, String found, String expected, String meant) {
  /**
   * Something wrong of which nobody can tell what was meant.
   *
   * @param key the key's path
   * @param found what stands there
   * @param expected what may stand there
   */
  public Problem(String key, String found, String expected) {
    this(key, found, expected, "");
  }

  @Override
  public String toString() {
    return meant.isEmpty()
        ? key + ": found " + found + ", expected " + expected
        : key + ": found " + found + ", did you mean " + meant + "?";
  }
}
