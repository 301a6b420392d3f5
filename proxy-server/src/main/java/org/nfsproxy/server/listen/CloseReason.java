package org.nfsproxy.server.listen;

/** Why a connection of a client or of a balancer was closed. Each close is counted under one. */
// The words stand in log lines, behind the address; the key is what pages show, and stays as it is.
enum CloseReason {
  // ---- the client ends it -----------------------------------------------------------------------
  CLIENT_ENDED("clientEnded", "the client ended it"),
  SOCKET_FAILED("socketFailed", "its socket failed"),

  // ---- what the client sends --------------------------------------------------------------------
  UNUSABLE_RECORD("unusableRecord", "what it sends is no record that is taken"),
  NOT_RPC("notRpc", "what it sends is not ONC RPC"),
  STREAMED_CALL_REFUSED(
      "streamedCallRefused",
      "the end of a call that had begun is refused; it should send it again"),

  TLS_FAILED("tlsFailed", "TLS was asked for and does not come about, or breaks"),

  // ---- time -------------------------------------------------------------------------------------
  NO_FIRST_CALL("noFirstCall", "it sent no call in limits.firstCallMillis"),
  SLOW_TO_SEND("slowToSend", "a call it began to send does not go on"),
  SLOW_TO_READ("slowToRead", "it does not read its replies"),
  SAME_XID("sameXid", "a call waits for the reply to another one of its xid, which does not come"),
  HALF_CLOSED("halfClosed", "the client ended it, and has no replies yet"),
  IDLE("idle", "it was idle for limits.idleMillis"),

  // ---- room -------------------------------------------------------------------------------------
  RECORD_MEMORY("recordMemory", "all connections together hold too many bytes of unfinished calls"),
  CONNECTIONS_MAX("connectionsMax", "limits.connectionsMax"),
  CONNECTIONS_PER_CLIENT_MAX("connectionsPerClientMax", "limits.connectionsPerClientMax"),

  // ---- the origin -------------------------------------------------------------------------------
  ORIGIN_ENDED("originEnded", "its origin connection ended"),
  ORIGIN_NOT_RPC("originNotRpc", "its origin connection sends garbage"),
  RULE_UNANSWERED("ruleUnanswered", "the origin does not answer what a rule needs to know"),
  BACKEND("backend", "the backend wants it closed"),

  // ---- the proxy itself -------------------------------------------------------------------------
  DRAINED("drained", "it was drained"),
  DRAIN_TIMED_OUT("drainTimedOut", "its calls in flight did not end in time"),
  FAULT("fault", "the proxy met a fault of its own"),

  // ---- the port for balancers -------------------------------------------------------------------
  UNTRUSTED_BALANCER("untrustedBalancer", "listen.proxyProtocol.trusted"),
  NO_PROXY_HEADER("noProxyHeader", "it began with no header of the PROXY protocol"),
  HEALTH_CHECK("healthCheck", "a balancer's check is over"),
  HEALTH_CHECK_REFUSED("healthCheckRefused", "a balancer's check asks for more than NULL");

  private final String key;
  private final String words;

  CloseReason(String key, String words) {
    this.key = key;
    this.words = words;
  }

  /** Its name where it is counted. */
  String key() {
    return key;
  }

  /** For log lines. */
  String words() {
    return words;
  }
}
