package org.nfsproxy.xdr;

/**
 * Bytes that are not the XDR they should be: a length beyond its bound, an item that ends after its
 * record. Carries no stack trace, since whoever sends garbage should not make us pay for one.
 */
public final class XdrException extends RuntimeException {
  /**
   * Says what was wrong.
   *
   * @param message what was found, and what the bound was
   */
  public XdrException(String message) {
    super(message, null, false, false);
  }
}
