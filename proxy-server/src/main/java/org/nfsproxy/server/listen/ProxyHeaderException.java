package org.nfsproxy.server.listen;

/** What a connection began with is no header of the PROXY protocol that could be accepted. */
final class ProxyHeaderException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;

  ProxyHeaderException(String what) {
    super(what, null, false, false);
    this.what = what;
  }

  /** What was wrong; never null, unlike that of others. */
  @Override
  public String getMessage() {
    return what;
  }
}
