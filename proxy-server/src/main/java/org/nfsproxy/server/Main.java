package org.nfsproxy.server;

import java.security.Security;
import org.nfsproxy.server.cli.Cli;

/** The process's entry. */
public final class Main {
  /** An origin that moves is found again within a second; see docs/decisions/0005. */
  private static final String NAME_CACHE_SECONDS = "1";

  private Main() {}

  /** Runs a command line and ends the process. */
  public static void main(String[] args) {
    Security.setProperty("networkaddress.cache.ttl", NAME_CACHE_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", NAME_CACHE_SECONDS);
    HeapGivenBack.begin();
    System.exit(Cli.run(args, new Serving()));
  }
}
