package org.nfsproxy.backend.coordinated.mount;

import java.util.List;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.engine.Program;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.xdr.XdrReader;

/** MOUNT version 3, RFC 1813 appendix I. */
// Who has mounted what is not kept: the list was never reliable, and keeping it would be state.
// DUMP shows an empty one. Versions 1 and 2 hand out NFSv2 filehandles, which nobody here serves.
public final class Mount3Program {
  /** The program's number. */
  public static final int PROGRAM = 100005;

  /** This version. */
  public static final int VERSION = 3;

  /** MNTPATHLEN. */
  private static final int PATH_BYTES_MAX = 1024;

  private final Files files;

  private Mount3Program(Files files) {
    this.files = files;
  }

  /**
   * The program over files.
   *
   * @param files what it exports
   * @return all 6 procedures
   */
  public static Program over(Files files) {
    Mount3Program mount = new Mount3Program(files);
    return new Program(
        PROGRAM,
        VERSION,
        List.of(
            ExecutableProcedure.NULL,
            mount::mnt,
            mount::dump,
            mount::umnt,
            ExecutableProcedure.NULL,
            mount::export));
  }

  private Execution mnt(UserIds caller, XdrReader in) {
    byte[] path = in.opaque(PATH_BYTES_MAX);
    return out -> {
      try {
        byte[] handle = ExportWalk.find(files, path).wire();
        out.int32(Nfs3Status.NFS3_OK.number()).opaque(handle);
        out.int32(2).int32(AuthFlavor.AUTH_SYS).int32(AuthFlavor.AUTH_NONE);
      } catch (FilesException refused) {
        out.int32(refused.status().number()); // mountstat3 has the same numbers
      }
    };
  }

  private Execution dump(UserIds caller, XdrReader in) {
    return out -> out.bool(false);
  }

  private Execution umnt(UserIds caller, XdrReader in) {
    in.skipOpaque(PATH_BYTES_MAX);
    return out -> {};
  }

  private Execution export(UserIds caller, XdrReader in) {
    return out -> {
      for (ExportedTree export : files.exports()) {
        out.bool(true).string(export.path()).bool(false); // no groups: everybody
      }
      out.bool(false);
    };
  }
}
