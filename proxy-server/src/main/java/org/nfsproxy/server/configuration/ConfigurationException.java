package org.nfsproxy.server.configuration;

import java.util.List;

/** A configuration that cannot be used. Nothing has been opened. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;
  private final List<String> mistakes;

  ConfigurationException(List<String> mistakes) {
    super(String.join("; ", mistakes), null, false, false);
    this.mistakes = List.copyOf(mistakes);
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
