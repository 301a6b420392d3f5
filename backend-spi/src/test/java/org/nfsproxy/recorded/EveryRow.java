package org.nfsproxy.recorded;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Nfs4Callback;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.Programs;

/** All rows of all tables, and which of them no server here answers with success. */
final class EveryRow {
  private static final int VERSION_MAX = 4;
  private static final int PROCEDURE_MAX = 30;

  private static final Map<String, String> NOT_SUCCESSFUL =
      Map.of(
          "nfs2\\..*|nfs_acl2\\..*",
          "no server of this decade has NFSv2; the calls and PROG_MISMATCH are recorded",
          "nfs4\\.cb_(?!null).*",
          "nobody here reads what a client answers",
          "nfs4\\.(delegpurge|get_dir_delegation|getdevicelist|layouterror|layoutstats|openattr"
              + "|want_delegation|write_same|io_advise)",
          "neither Linux 6.1 nor Ganesha 4.3 has it",
          "nlm4\\.(.*_msg|.*_res|free_all|sm_notify)",
          "is answered by a call of its own, or not at all",
          "portmap2\\.(set|unset|callit)|rpcbind.\\.(set|unset|callit|bcast|indirect)",
          "rpcbind lets only its own machine do that, and answers nothing");

  /** Whether there is a reason why no recording has successful results of it. */
  static boolean isNotSuccessful(String label) {
    return NOT_SUCCESSFUL.keySet().stream().anyMatch(label::matches);
  }

  private EveryRow() {}

  static Set<String> labels() {
    Set<String> labels = new TreeSet<>();
    int[] programs = {
      Programs.PORTMAP,
      Programs.NFS,
      Programs.MOUNT,
      Programs.NLM,
      Programs.NFS_ACL,
      WalkedRecord.CALLBACK_PROGRAM
    };
    for (int program : programs) {
      for (int version = 1; version <= VERSION_MAX; version++) {
        for (int procedure = 0; procedure <= PROCEDURE_MAX; procedure++) {
          Procedure row = WalkedRecord.procedure(program, version, procedure);
          if (row != null) {
            labels.add(row.label());
          }
        }
      }
    }
    for (Nfs4 row : Nfs4.values()) {
      labels.add(row.label());
    }
    for (Nfs4Callback row : Nfs4Callback.values()) {
      labels.add(row.label());
    }
    // what stands for numbers that have no row
    labels.remove(Nfs4.ILLEGAL.label());
    labels.remove(Nfs4Callback.CB_ILLEGAL.label());
    return labels;
  }
}
