package org.nfsproxy.server;

/** The command line's entry. */
public final class Main {
  private Main() {}

  /**
   * Starts the proxy.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.out.println("nfs-proxy");
  }
}
