package org.nfsproxy.configuration;

/**
 * Something wrong in a configuration.
 *
 * @param key the key's path, for example {@code backend.origin.port}
 * @param found what stands there
 * @param expected what may stand there
 */
public record Problem(String key, String found, String expected) {
  @Override
  public String toString() {
    return key + ": found " + found + ", expected " + expected;
  }
}
