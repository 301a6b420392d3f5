package org.nfsproxy.backend.coordinated.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** Whether this process may do what this backend does, and whether it can stop being root. */
final class Privileges {
  /** Only for opening the filesystems, at the start. */
  private static final long SYS_ADMIN = 1L << 21;

  private static final Map<String, Long> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put("CAP_CHOWN", Capabilities.CHOWN);
    NEEDED.put("CAP_DAC_OVERRIDE", Capabilities.DAC_OVERRIDE);
    NEEDED.put("CAP_DAC_READ_SEARCH", Capabilities.DAC_READ_SEARCH);
    NEEDED.put("CAP_FOWNER", Capabilities.FOWNER);
    NEEDED.put("CAP_FSETID", Capabilities.FSETID);
    NEEDED.put("CAP_SETGID", Capabilities.SETGID);
    NEEDED.put("CAP_SETUID", Capabilities.SETUID);
    NEEDED.put("CAP_SYS_ADMIN", SYS_ADMIN);
  }

  private Privileges() {}

  /** Asked of the thread that opens the filesystems. */
  static void check(Scratch scratch) throws UnsuitableException {
    if (!Machine.IS_KNOWN) {
      throw new UnsuitableException(
          "this backend needs Linux on x86-64, arm64 or riscv64, not "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch"));
    }
    long user = Syscall.SETFSUID.call(-1);
    if (user != 0) {
      throw new UnsuitableException(
          "files are opened by handle and for many users, which is root's alone: run the proxy as"
              + " root, not as user "
              + user);
    }
    long effective = Capabilities.effective(scratch);
    List<String> missing = new ArrayList<>();
    NEEDED.forEach(
        (name, bit) -> {
          if ((effective & bit) == 0) {
            missing.add(name);
          }
        });
    if (!missing.isEmpty()) {
      throw new UnsuitableException(
          String.join(", ", missing)
              + " is missing: grant it (systemd: CapabilityBoundingSet=, containers: --cap-add)");
    }
  }

  /**
   * Tries on a thread of its own to be nobody. Secure bits, capabilities(7), can keep the kernel
   * from taking root's capabilities away with its user id: then every caller would be root.
   */
  static void checkThatRootCanBeLeft() throws UnsuitableException {
    long[] kept = {-1};
    Thread nobody =
        new Thread(
            () -> {
              FileThread thread = FileThread.current();
              try (ThreadIdentity identity = thread.as(UserIds.ANONYMOUS)) {
                kept[0] = Capabilities.effective(thread.scratch);
              } catch (FilesException refused) {
                // said below
              }
            },
            "coordinated-fs-nobody");
    nobody.start();
    try {
      nobody.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    if ((kept[0] & Capabilities.OF_ROOT) != 0) {
      throw new UnsuitableException(
          "a thread that is no longer root keeps root's capabilities here: start the proxy without"
              + " secure bits (systemd: SecureBits=)");
    }
  }
}
