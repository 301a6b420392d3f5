package org.nfsproxy.server.policy;

/** What becomes of a call whose contents RPCSEC_GSS hides or seals, so that no rule can be kept. */
public enum UnreadableCalls {
  /** It is refused. */
  REFUSE,
  /** The origin decides. */
  FORWARD
}
