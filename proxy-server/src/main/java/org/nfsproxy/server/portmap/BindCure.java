package org.nfsproxy.server.portmap;

/** Why a port could not be had, with the cure. */
// The transports report the same error in their own exceptions (java.net.BindException, Netty's
// NativeIoException, a wrapper around either): the system's own words are what they share.
enum BindCure {
  IN_USE(
      "Address already in use",
      "it is in use, most likely by the system's rpcbind. Stop that (systemctl disable --now"
          + " rpcbind.socket rpcbind.service), or set listen.portmap.enabled to false, and have"
          + " clients mount with port= and mountport="),
  NOT_PERMITTED(
      "Permission denied",
      "ports below 1024 need CAP_NET_BIND_SERVICE. Grant it (AmbientCapabilities= of a systemd"
          + " unit, or start as root), or set listen.portmap.enabled to false, and have clients"
          + " mount with port= and mountport="),
  NOT_OURS(
      "Cannot assign requested address",
      "no interface of this host has that address. Set listen.host to one of its own, or to"
          + " 0.0.0.0 or ::");

  private final String systemSays;
  private final String cure;

  BindCure(String systemSays, String cure) {
    this.systemSays = systemSays;
    this.cure = cure;
  }

  static String of(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    for (BindCure known : values()) {
      if (said.contains(known.systemSays)) {
        return known.cure;
      }
    }
    return said;
  }
}
