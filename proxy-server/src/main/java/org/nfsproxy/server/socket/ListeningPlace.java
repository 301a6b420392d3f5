package org.nfsproxy.server.socket;

/** What is listened for, and the keys that say where. */
public enum ListeningPlace {
  /** Clients. */
  CLIENTS("", "listen.host", ListeningPlace.ANYBODY, "or set listen.port"),
  /** Balancers, with PROXY protocol. */
  BALANCERS(
      " for balancers",
      "listen.proxyProtocol.host",
      ListeningPlace.ANYBODY,
      "or set listen.proxyProtocol.port"),
  /** The portmapper, whose port is the same everywhere. */
  PORTMAP(
      " for the portmapper",
      "listen.host",
      "most likely by the system's rpcbind. Stop that (systemctl disable --now rpcbind.socket"
          + " rpcbind.service)",
      "or set listen.portmap.enabled to false and have clients mount with port= and mountport="),
  /** The administrator's pages. */
  ADMIN(
      " for the admin pages",
      "admin.host",
      ListeningPlace.ANYBODY,
      "or set admin.port, or admin.enabled to false");

  private static final String ANYBODY = "by another process (ss -ltnp tells which). End that";

  private final String what;
  private final String hostKey;
  private final String whoHasIt;
  private final String otherwise;

  ListeningPlace(String what, String hostKey, String whoHasIt, String otherwise) {
    this.what = what;
    this.hostKey = hostKey;
    this.whoHasIt = whoHasIt;
    this.otherwise = otherwise;
  }

  String what() {
    return what;
  }

  String hostKey() {
    return hostKey;
  }

  String whoHasIt() {
    return whoHasIt;
  }

  String otherwise() {
    return otherwise;
  }
}
