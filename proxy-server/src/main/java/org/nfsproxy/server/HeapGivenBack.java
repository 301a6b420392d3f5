package org.nfsproxy.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the heap collected, and what it does not need given back, about once in half a minute.
 *
 * <p>A call leaves some tens of bytes of garbage, so Java would let the heap grow to hundreds of
 * megabytes before it first looks, and keep them.
 */
// Java's own settings, changed while it runs, since neither the jar's manifest nor the code can set
// them before. Only G1 has them; Java takes the serial collector by itself where it has one core or
// less than 1792 MiB, and the heap is small then. Whoever set one on the command line keeps it.
final class HeapGivenBack {
  private static final Logger log = LoggerFactory.getLogger(HeapGivenBack.class);

  private HeapGivenBack() {}

  static void begin() {
    try {
      HotSpotDiagnosticMXBean java =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (java != null && Boolean.parseBoolean(java.getVMOption("UseG1GC").getValue())) {
        set(java, "MinHeapFreeRatio", "10");
        set(java, "MaxHeapFreeRatio", "30");
        set(java, "G1PeriodicGCInterval", "30000");
      }
    } catch (IllegalArgumentException | UnsupportedOperationException otherJava) {
      log.debug("the heap keeps what it has: {}", otherJava.getMessage());
    }
  }

  private static void set(HotSpotDiagnosticMXBean java, String name, String value) {
    if (java.getVMOption(name).getOrigin() == VMOption.Origin.DEFAULT) {
      java.setVMOption(name, value);
    }
  }
}
