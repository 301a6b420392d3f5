package org.nfsproxy.server.configuration;

import java.util.List;

/** A configuration that cannot be used. Nothing has been opened. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;
  private final List<String> mistakes;
  private final List<String> warnings;

  ConfigurationException(List<String> mistakes) {
    this(mistakes, List.of());
  }

  ConfigurationException(List<String> mistakes, List<String> warnings) {
    super(String.join("; ", mistakes), null, false, false);
    this.mistakes = List.copyOf(mistakes);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * What it would have been warned of beside it, as far as it was read.
   *
   * @return one line each
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * All that is wrong.
   *
   * @return one line each, for the administrator
   */
  public List<String> mistakes() {
    return mistakes;
  }
}
