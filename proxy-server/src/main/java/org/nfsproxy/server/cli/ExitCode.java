package org.nfsproxy.server.cli;

/** What the process ends with. */
public final class ExitCode {
  /** It did what it was asked to. */
  public static final int DONE = 0;

  /** It could not go on, for example because the port is taken. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was opened. */
  public static final int REFUSED = 2;

  private ExitCode() {}
}
