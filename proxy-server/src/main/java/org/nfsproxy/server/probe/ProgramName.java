package org.nfsproxy.server.probe;

import java.util.Map;
import org.nfsproxy.nfs.table.Programs;

/** What RPC programs about files are called. */
final class ProgramName {
  /** The network status monitor. */
  static final int NSM = 100024;

  /** Quotas beside NFSv2 and NFSv3. */
  static final int RQUOTA = 100011;

  private static final Map<Integer, String> NAMES =
      Map.of(
          Programs.PORTMAP,
          "portmap",
          Programs.NFS,
          "NFS",
          Programs.MOUNT,
          "MOUNT",
          Programs.NLM,
          "NLM",
          NSM,
          "NSM",
          RQUOTA,
          "RQUOTA",
          Programs.NFS_ACL,
          "NFS_ACL");

  private ProgramName() {}

  static String of(int program) {
    return NAMES.getOrDefault(program, Integer.toUnsignedString(program));
  }

  static boolean isKnown(int program) {
    return NAMES.containsKey(program);
  }
}
