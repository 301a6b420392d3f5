package org.nfsproxy.server;

import java.security.SecureRandom;
import java.security.Security;
import java.util.HexFormat;
import org.nfsproxy.server.cli.Cli;

/** The process's entry. */
public final class Main {
  /** An origin that moves is found again within a second; see docs/decisions/0005. */
  private static final String NAME_CACHE_SECONDS = "1";

  /** What Netty takes for this machine. */
  private static final String MACHINE_ID = "io.netty.machineId";

  private Main() {}

  /** Runs a command line and ends the process. */
  public static void main(String[] args) {
    nameThisProcess();
    Security.setProperty("networkaddress.cache.ttl", NAME_CACHE_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", NAME_CACHE_SECONDS);
    HeapGivenBack.begin();
    System.exit(Cli.run(args, new Serving()));
  }

  // Netty names channels by a hardware address, and warns where a machine or a container has none.
  // Nobody here looks at these names; eight random bytes do as well, and no interface is searched.
  private static void nameThisProcess() {
    if (System.getProperty(MACHINE_ID) == null) {
      byte[] name = new byte[8];
      new SecureRandom().nextBytes(name);
      System.setProperty(MACHINE_ID, HexFormat.ofDelimiter(":").formatHex(name));
    }
  }
}
