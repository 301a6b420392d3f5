package org.nfsproxy.server.listen;

/** What a connection began with is no header of the PROXY protocol that could be accepted. */
final class ProxyHeaderException extends Exception {
  private static final long serialVersionUID = 1L;

  ProxyHeaderException(String what) {
    super(what, null, false, false);
  }
}
