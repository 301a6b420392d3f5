package org.nfsproxy.server.probe;

/**
 * What to look at, and for how long.
 *
 * @param host name or address of the origin, an IPv6 address without brackets
 * @param mountPort its MOUNT port; 0 asks its portmapper, and then the places where it often is
 * @param portmapPort its portmapper's port, 111 everywhere but in a test
 * @param timeoutMillis when the probe ends, with what it has found until then
 * @param exportsMax how many filesystems are looked at; the others are counted
 * @param tls what its certificate is looked at with, and whether everything is asked inside TLS
 */
public record ProbeSettings(
    String host,
    int nfsPort,
    int mountPort,
    int portmapPort,
    int timeoutMillis,
    int exportsMax,
    ProbeTls tls) {
  /**
   * Three searches of ten seconds, which is what the longest one may take (nested filesystems); an
   * origin that says nothing at all is given up after two questions.
   */
  public static final int TIMEOUT_MILLIS = 30_000;

  /**
   * A dozen questions for each; on a way of 5 ms that is half of the time there is. More fill a
   * terminal.
   */
  public static final int EXPORTS_MAX = 256;

  /** The port of NFS. */
  public static final int NFS_PORT = 2049;

  /** The port of the portmapper. */
  public static final int PORTMAP_PORT = 111;
}
