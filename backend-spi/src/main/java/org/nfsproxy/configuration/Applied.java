package org.nfsproxy.configuration;

/** When a value that was changed in the file takes effect in a proxy that runs. */
public enum Applied {
  /** With the next call, on the connections that are open too. */
  AT_ONCE("at once"),

  /** When the proxy is started again. What else the file changes need not wait for that. */
  AT_RESTART("restart"),

  /**
   * When the proxy is started again, and nothing of the file before: it is about another origin,
   * and what it says of exports is not meant for this one's.
   */
  AT_RESTART_WITH_ALL("restart, with the whole file");

  private final String words;

  Applied(String words) {
    this.words = words;
  }

  /**
   * The words for an administrator.
   *
   * @return for example {@code at once}
   */
  public String words() {
    return words;
  }
}
