package org.nfsproxy.backend.coordinated.kernel;

import java.util.Set;

/** Which of the machines that Linux runs on this is. */
final class Machine {
  private static final String ARCHITECTURE = System.getProperty("os.arch");

  static final boolean IS_X86 = ARCHITECTURE.equals("amd64");

  /** Two of the flags of open(2) have other values there than everywhere else. */
  static final boolean IS_ARM = ARCHITECTURE.equals("aarch64");

  /** Whether its system calls are known here: they are those of 64 bits. */
  static final boolean IS_KNOWN =
      System.getProperty("os.name").equals("Linux")
          && Set.of("amd64", "aarch64", "riscv64").contains(ARCHITECTURE);

  private Machine() {}
}
