package org.nfsproxy.server.call;

/** Of which calls it is noted what they ask for: bits, of which several may be set. */
public final class Noting {
  /** Of none. */
  public static final int NOTHING = 0;

  /** Of those that change files. */
  public static final int CHANGES = 1;

  /** Of those that are refused. */
  public static final int REFUSALS = 2;

  /** Of those that may change files, and that nobody here can read. */
  public static final int UNREADABLE = 4;

  /** Of all. */
  public static final int ALL = 8;

  private Noting() {}
}
