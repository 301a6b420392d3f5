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
  /** Lock managers, of clients and of the origin. */
  LOCKS(
      " for locks (NLM)",
      "listen.host",
      "most likely by this machine's own lock manager, which an NFSv3 mount or an NFS server here"
          + " starts (rpcinfo -p). End that",
      "or set locks.port"),
  /** Status monitors, of clients and of the origin. */
  NSM(
      " for status monitors (NSM)",
      "listen.host",
      "most likely by this machine's own rpc.statd. Stop that (systemctl disable --now rpc-statd)",
      "or set locks.nsmPort"),
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
